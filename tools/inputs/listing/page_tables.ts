/**
 * The text of Linux's `/sys/kernel/debug/page_tables/*`, and of `kernel_page_tables` before: ranges of leaves with equal flags, under names of regions.
 *
 * Source: Linux's arch/x86/mm/dump_pagetables.c, 2.6.26 to 6.x. Up to 4.3 it prints `pat` in the column of PSE; up to 4.11 it has no p4d. A folded level
 * is called by the highest level that it is part of, or, from 5.6 on, by the lowest.
 *
 * @module
 */

import { RIGHT_NX, RIGHT_RW, RIGHT_US } from "../../../core/mmu/mod.ts";
import { packLeafFlags } from "../../../core/tables/range_list.ts";
import { badLine, modeFor, pageOf, plainPage } from "./linear_text.ts";
import type { Listed, NamedRegion } from "./listed.ts";

const NAME = /^---\[ ([^\]]{1,80}) \]---\s*$/;
/** First address, the address behind the last, the size, flags (none for a hole), the level. */
const RANGE = /^0x([0-9a-f]{8,16})-0x([0-9a-f]{8,16})\s+(\d{1,20})([KMGTPE])\s(.*?)\s*\b(pgd|p4d|pud|pmd|pte)?\s*$/;
const FLAGS = /^(USR |)(RW|ro)( PWT)?( PCD)?( PSE)?( PAT| pat)?( GLB)?( NX| x)$/;
const SKIPPED = /^\.\.\. \d+ entr(y|ies) skipped \.\.\. ?$/;
/** Pages of each unit. */
const UNITS: Readonly<Record<string, number>> = Object.freeze({
  K: 1 / 4,
  M: 2 ** 8,
  G: 2 ** 18,
  T: 2 ** 28,
  P: 2 ** 38,
  E: 2 ** 48,
});
const SHIFTS: Readonly<Record<string, number>> = Object.freeze({ pte: 12, pmd: 21, pud: 30 });
/** Of two-level paging, whose large pages are of the pgd, or called so. */
const LARGE_TWO_LEVEL = 22;
/** Addresses are of 32 or 64 bits; the one behind the last is 0. */
const [PAGES_OF_32, PAGES_OF_64] = [2 ** 20, 2 ** 52];

/** Reads the lines. */
export function readPageTables(lines: readonly string[]): Listed {
  const found: { page: number; pages: number; shift: number; rights: number; flags: number }[] = [];
  const names: { name: string; page: number | undefined }[] = [];
  let wide = false;
  for (const [i, line] of lines.entries()) {
    const [, name] = NAME.exec(line) ?? [];
    if (name !== undefined) names.push({ name, page: undefined });
    else if (!SKIPPED.test(line)) {
      const range = rangeIn(line, i + 1);
      wide ||= range.digits > 8;
      const last = names.at(-1);
      if (last !== undefined) last.page ??= range.page;
      if (range.leaf !== undefined) found.push({ page: range.page, pages: range.pages, ...range.leaf });
    }
  }
  const pages = found.flatMap(({ page, pages }) => [page, page + pages - 1]);
  const mode = modeFor(wide ? [...pages, PAGES_OF_32] : pages);
  const large = !wide && isTwoLevel(found) ? LARGE_TWO_LEVEL : undefined;
  const regions = names.flatMap(({ name, page }): NamedRegion[] =>
    page === undefined ? [] : [{ name, page: plainPage(page, mode) }]
  );
  return {
    source: "Linux's page_tables in debugfs",
    mode,
    nxTold: true,
    sizes: true,
    ranges: found.map((range) => ({
      ...range,
      page: plainPage(range.page, mode),
      shift: range.shift > 12 ? large ?? range.shift : 12,
      frame: -1,
    })),
    regions,
    limits: [
      "the rights are those of the leaves alone: a level above may take more away",
      "no frames: code that is writable at another address and pages beyond memory cannot be found",
      "no tables: what they cost and who can write them is not known",
      "no registers: whether WP, NXE, SMEP and SMAP are on is not known",
    ],
  };
}

interface Leaf {
  readonly shift: number;
  readonly rights: number;
  readonly flags: number;
}

/** 32-bit tables whose large pages are of 4M: no page has NX, and no range of large pages begins or ends within 4M. */
function isTwoLevel(found: readonly (Leaf & { page: number; pages: number })[]): boolean {
  return found.every(({ page, pages, shift, rights }) =>
    (rights & RIGHT_NX) === 0 && (shift === 12 || (page % 1024 === 0 && pages % 1024 === 0))
  );
}

/** A line: its first page, its pages, and what maps them; nothing for a hole. */
function rangeIn(
  line: string,
  number: number,
): { page: number; pages: number; digits: number; leaf: Leaf | undefined } {
  const [, first, end, size, unit = "", said = "", level = ""] = RANGE.exec(line) ?? [];
  if (first === undefined || end === undefined) throw badLine(number, line, "a range of page_tables");
  const pages = Number(size) * (UNITS[unit] ?? 0);
  if (!Number.isInteger(pages) || pages === 0) throw badLine(number, line, "a size of whole pages");
  const place = { page: pageOf(first), pages, digits: first.length };
  const all = first.length > 8 ? PAGES_OF_64 : PAGES_OF_32;
  if ((place.page + pages) % all !== pageOf(end)) throw badLine(number, line, "a size that fits the addresses");
  const flags = said.replace(/\s+/g, " ").trim();
  if (flags === "") return { ...place, leaf: undefined };
  const [, usr, w, pwt, pcd, , pat, glb, nx] = FLAGS.exec(flags) ?? [];
  if (nx === undefined) throw badLine(number, line, "flags of page_tables");
  const index = (pat === undefined ? 0 : 4) | (pcd === undefined ? 0 : 2) | (pwt === undefined ? 0 : 1);
  return {
    ...place,
    leaf: {
      shift: level === "pgd" ? LARGE_TWO_LEVEL : SHIFTS[level] ?? 12,
      rights: (usr === "" ? 0 : RIGHT_US) | (w === "RW" ? RIGHT_RW : 0) | (nx === " NX" ? RIGHT_NX : 0),
      flags: packLeafFlags(index, glb !== undefined),
    },
  };
}
