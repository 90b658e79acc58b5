/**
 * The text of Linux's `/sys/kernel/debug/page_tables/*`, and of `kernel_page_tables` before: ranges of leaves with equal flags, under names of regions.
 *
 * Source: Linux's arch/x86/mm/dump_pagetables.c.
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
const FLAGS = /^(USR |)(RW|ro)( PWT)?( PCD)?( PSE)?( PAT)?( GLB)?( NX| x)$/;
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
  const mode = modeFor(wide ? [...pages, 2 ** 20] : pages);
  const regions = names.flatMap(({ name, page }): NamedRegion[] =>
    page === undefined ? [] : [{ name, page: plainPage(page, mode) }]
  );
  return {
    source: "Linux's page_tables in debugfs",
    mode,
    nxTold: true,
    sizes: true,
    ranges: found.map((range) => ({ ...range, page: plainPage(range.page, mode), frame: -1 })),
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

/** A line: its first page, its pages, and what maps them; nothing for a hole. */
function rangeIn(
  line: string,
  number: number,
): { page: number; pages: number; digits: number; leaf: Leaf | undefined } {
  const [, first, , size, unit = "", said = "", level = ""] = RANGE.exec(line) ?? [];
  if (first === undefined) throw badLine(number, line, "a range of page_tables");
  const pages = Number(size) * (UNITS[unit] ?? 0);
  if (!Number.isInteger(pages) || pages === 0) throw badLine(number, line, "a size of whole pages");
  const place = { page: pageOf(first), pages, digits: first.length };
  const flags = said.replace(/\s+/g, " ").trim();
  if (flags === "") return { ...place, leaf: undefined };
  const [, usr, w, pwt, pcd, , pat, glb, nx] = FLAGS.exec(flags) ?? [];
  if (nx === undefined) throw badLine(number, line, "flags of page_tables");
  const index = (pat === undefined ? 0 : 4) | (pcd === undefined ? 0 : 2) | (pwt === undefined ? 0 : 1);
  return {
    ...place,
    leaf: {
      shift: SHIFTS[level] ?? 12,
      rights: (usr === "" ? 0 : RIGHT_US) | (w === "RW" ? RIGHT_RW : 0) | (nx === " NX" ? RIGHT_NX : 0),
      flags: packLeafFlags(index, glb !== undefined),
    },
  };
}
