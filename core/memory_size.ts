/**
 * Memory sizes as text: `64M`, `1G`.
 *
 * @module
 */

import { show } from "./check.ts";

const SMALLEST = 16 * 2 ** 20;
const LARGEST = 2 ** 32;
const UNITS: { readonly [unit: string]: number } = Object.freeze({ "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 });

/**
 * Reads a memory size.
 *
 * @param size Bytes, or text: a number with K, M or G behind it.
 * @returns Bytes.
 * @throws {TypeError} If the size is neither a number nor text.
 * @throws {RangeError} If it is not a size, not a multiple of 4096, or not from 16M to 4G.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { parseMemory } from "@pagetable-init/textbook/boot";
 *
 * assertEquals(parseMemory("64M"), 67108864);
 * assertThrows(() => parseMemory("8M"), RangeError, "16M to 4G");
 * ```
 */
export function parseMemory(size: string | number): number {
  if (typeof size !== "string" && typeof size !== "number") {
    throw new TypeError(`Expected a memory size in bytes, or text such as 64M, but found ${show(size)}`);
  }
  const [, digits, unit] = /^(\d{1,15})([KMG]?)$/i.exec(String(size).trim()) ?? [];
  const bytes = digits === undefined ? NaN : Number(digits) * (UNITS[(unit ?? "").toUpperCase()] ?? NaN);
  if (!(bytes >= SMALLEST && bytes <= LARGEST && bytes % 4096 === 0)) {
    throw new RangeError(`Expected a memory size of 16M to 4G in whole pages, such as 64M, but found ${show(size)}`);
  }
  return bytes;
}
