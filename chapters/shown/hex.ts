/**
 * Numbers as the field writes them.
 *
 * @module
 */

const MAX_DIGITS = 64;

/**
 * A number in hexadecimal.
 *
 * @param value A word, signed or not, or any integer that a double holds.
 * @param digits Digits to fill up to with zeros.
 * @returns For example `0xc0000000`. A negative number is shown as the 32-bit word that it is.
 * @throws {RangeError} If the value is no integer, or the digits are more than a screen is wide.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hex } from "@pagetable-init/chapters";
 *
 * assertEquals(hex(0x2067, 8), "0x00002067");
 * assertEquals(hex(-1), "0xffffffff");
 * ```
 */
export function hex(value: number, digits: number = 1): string {
  if (!Number.isSafeInteger(value) || value < -0x8000_0000) {
    throw new RangeError(`Expected an integer of at least -2^31 but found ${value}`);
  }
  if (!(digits <= MAX_DIGITS)) throw new RangeError(`Expected at most ${MAX_DIGITS} digits but found ${digits}`);
  return `0x${(value < 0 ? value >>> 0 : value).toString(16).padStart(digits, "0")}`;
}
