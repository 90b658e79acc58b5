/**
 * Maps as text: read line by line, each of which must make sense.
 *
 * @module
 */

import { answerLines } from "./transcript.ts";
import { readInfoMem } from "./info_mem.ts";
import { readInfoTlb } from "./info_tlb.ts";
import { type Listed, MAX_LISTED } from "./listed.ts";
import { readPageTables } from "./page_tables.ts";

/** Bytes of a text that is read: 4 million lines of `info tlb`. */
export const MAX_LISTING_BYTES: number = 2 ** 28;
type ListingKind = "info-tlb" | "info-mem" | "page-tables";
const READERS: { readonly [kind in ListingKind]: (lines: readonly string[]) => Listed } = Object.freeze({
  "info-tlb": readInfoTlb,
  "info-mem": readInfoMem,
  "page-tables": readPageTables,
});

/**
 * Reads a map.
 *
 * @param kind What printed it.
 * @param text The text. The monitor's greeting, prompts and echo may be in it.
 * @returns The map.
 * @throws {RangeError} If a line makes no sense, addresses do not ascend, or nothing is mapped.
 */
export function readListing(kind: ListingKind, text: string): Listed {
  const lines = answerLines(text);
  if (lines.length > MAX_LISTED) throw new RangeError(`Expected at most ${MAX_LISTED} lines but found ${lines.length}`);
  const listed = READERS[kind](lines);
  if (listed.ranges.length === 0) throw new RangeError("Expected pages that are mapped but found none");
  checkOrder(listed);
  return listed;
}

function checkOrder({ ranges, mode }: Listed): void {
  let end = 0;
  for (const { page, pages } of ranges) {
    if (page < end) throw new RangeError(`Expected addresses that ascend but found ${where(page)} below ${where(end)}`);
    end = page + pages;
  }
  if (end > 2 ** (mode.linearBits - 12)) {
    throw new RangeError("Expected addresses of the mode's width but found one beyond");
  }
}

function where(page: number): string {
  return `page 0x${page.toString(16)}`;
}
