/**
 * Linear and physical addresses: their form, their parsing and their printing.
 *
 * @module
 */

import { show } from "../check.ts";

/**
 * A linear address as two unsigned 32-bit words: 57-bit addresses with a byte offset do not fit a `number`.
 * In the 32-bit modes `hi` is 0.
 * @category Types
 */
export interface Linear {
  /** Bits 63..32. */
  readonly hi: number;
  /** Bits 31..0. */
  readonly lo: number;
}

/**
 * An address as the verbs accept it: a number below 2^53, a bigint, text as `parseAddress` reads it, or the two words.
 *
 * @category Types
 */
export type Address = number | bigint | string | Linear;

/**
 * The two words of an address.
 *
 * @param address A non-negative integer of at most 64 bits, text as `parseAddress` reads it, or two words already, signed or unsigned.
 * @returns The words, unsigned.
 * @throws {RangeError} If a number is negative, fractional or too large, text is not an address, or a word does not fit 32 bits.
 * @throws {TypeError} If it is of another type.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { toLinear } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(toLinear(0xc0100000), { hi: 0, lo: 0xc0100000 });
 * assertEquals(toLinear(0xffffffff81000000n), { hi: 0xffffffff, lo: 0x81000000 });
 * ```
 */
export function toLinear(address: Address): Linear {
  if (typeof address === "number") {
    if (!Number.isSafeInteger(address) || address < 0) {
      throw new RangeError(`Expected an address of 0 to 2^53 - 1 but found ${show(address)}`);
    }
    return { hi: Math.floor(address / 0x1_0000_0000), lo: address >>> 0 };
  }
  if (typeof address === "string") return parseAddress(address);
  if (typeof address === "bigint") {
    if (address < 0n || address >> 64n !== 0n) {
      throw new RangeError(`Expected an address of at most 64 bits but found ${show(address)}`);
    }
    return { hi: Number(address >> 32n), lo: Number(address & 0xffff_ffffn) };
  }
  if (typeof address !== "object" || address === null || !("hi" in address) || !("lo" in address)) {
    throw new TypeError(
      `Expected an address: a number, a bigint, hexadecimal text or { hi, lo } but found ${show(address)}`,
    );
  }
  return { hi: wordOf(address.hi, "hi"), lo: wordOf(address.lo, "lo") };
}

function wordOf(value: number, name: string): number {
  if (!Number.isInteger(value) || value < -0x8000_0000 || value > 0xffff_ffff) {
    throw new RangeError(`Expected ${name} of an address to be a 32-bit word but found ${show(value)}`);
  }
  return value >>> 0;
}

/**
 * Reads an address: hexadecimal with or without `0x`, underscores allowed, at most 64 bits.
 *
 * @param text For example `0xc0100000` or `ffff_8880_0000_0000`.
 * @returns The words, unsigned.
 * @throws {RangeError} If the text is not such a number.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { parseAddress } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(parseAddress("0xffff888000001000"), { hi: 0xffff8880, lo: 0x1000 });
 * assertThrows(() => parseAddress("c010g"), RangeError, "Expected a hexadecimal address");
 * ```
 */
export function parseAddress(text: string): Linear {
  if (typeof text !== "string") throw new TypeError(`Expected a hexadecimal address as text but found ${show(text)}`);
  const digits = text.trim().replace(/^0x/i, "").replaceAll("_", "");
  if (!/^[0-9a-f]{1,16}$/i.test(digits)) {
    throw new RangeError(`Expected a hexadecimal address of at most 64 bits but found ${show(text)}`);
  }
  const padded = digits.padStart(16, "0");
  return {
    hi: parseInt(padded.slice(0, 8), 16),
    lo: parseInt(padded.slice(8), 16),
  };
}

/**
 * Writes an address in hexadecimal: 8 digits when it fits 32 bits, 16 otherwise.
 *
 * @param address Any form of address.
 * @returns For example `0xc0100000`.
 * @throws {RangeError} As `toLinear`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatAddress } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(formatAddress(0xc0100000), "0xc0100000");
 * assertEquals(formatAddress("ffff888000000000"), "0xffff888000000000");
 * ```
 */
export function formatAddress(address: Address): string {
  const { hi, lo } = toLinear(address);
  const low = lo.toString(16).padStart(8, "0");
  return hi === 0 ? `0x${low}` : `0x${hi.toString(16).padStart(8, "0")}${low}`;
}
