/**
 * Linear addresses in a text: their page numbers, and the width that they need.
 *
 * @module
 */

import { type Mode, MODES } from "../../../core/mmu/mod.ts";

const PAGES_IN_4G = 2 ** 20;
/** The upper half of 4-level paging begins with these high words. */
const UPPER_48 = 0xffff_8000;

/** Page number of an address of 16 digits or fewer, with its sign extension. */
export function pageOf(digits: string): number {
  const text = digits.length > 8 ? digits : `00000000${digits.padStart(8, "0")}`;
  return Number.parseInt(text.slice(0, -8), 16) * PAGES_IN_4G + Number.parseInt(text.slice(-8, -3), 16);
}

/**
 * The mode of the width that some pages need.
 *
 * @param pages Page numbers with their sign extension.
 * @returns PAE for addresses of 32 bits, the formats of which a text does not tell apart; else 4 or 5 levels.
 */
export function modeFor(pages: Iterable<number>): Mode {
  let mode: Mode = MODES.pae;
  for (const page of pages) {
    if (page < PAGES_IN_4G) continue;
    const hi = Math.floor(page / PAGES_IN_4G);
    if (hi >= 0x8000 && hi < UPPER_48) return MODES["5-level"];
    mode = MODES["4-level"];
  }
  return mode;
}

/** A page number without sign extension. */
export function plainPage(page: number, { linearBits }: Mode): number {
  return page % 2 ** (linearBits - 12);
}

/** The message about a line that makes no sense. */
export function badLine(number: number, line: string, expected: string): RangeError {
  return new RangeError(`Expected ${expected} in line ${number} but found ${JSON.stringify(line.slice(0, 60))}`);
}
