/**
 * The text of QEMU's monitor command `info tlb`: every leaf, a line each.
 *
 * @module
 */

import { RIGHT_NX, RIGHT_RW, RIGHT_US } from "../../../core/mmu/mod.ts";
import { packLeafFlags } from "../../../core/tables/range_list.ts";
import { badLine, modeFor, pageOf, plainPage } from "./linear_text.ts";
import type { Listed, ListedRange } from "./listed.ts";

/** Linear address, physical address, flags: X G P D A C T U W, each "-" where it is clear. */
const LINE = /^([0-9a-f]{8,16}): ([0-9a-f]{8,16}) ([-X])([-G])([-P])[-D][-A]([-C])([-T])([-U])([-W])\s*$/;
/** QEMU 7.2 leaves bit 63 of the entry, NX, in the physical address. */
const ADDRESS_DIGITS = 13;

/** Reads the lines. */
export function readInfoTlb(lines: readonly string[]): Listed {
  const leaves = lines.map((line, i) => leafIn(line, i + 1));
  const mode = modeFor(leaves.map(({ page }) => page));
  const large = mode.linearBits > 32 ? 21 : largeShift(leaves);
  const ranges = leaves.map(({ large: isLarge, page, ...leaf }): ListedRange => {
    const shift = isLarge ? large : 12;
    return { ...leaf, page: plainPage(page, mode), pages: 2 ** (shift - 12), shift };
  });
  return {
    source: "QEMU's info tlb",
    mode,
    nxTold: true,
    sizes: true,
    ranges: widened(ranges),
    regions: [],
    limits: [
      "the rights are those of the leaves alone: a level above may take more away",
      "large pages are told, not their size: taken as 2M (4M without PAE), and 1G where the next leaf leaves room",
      "no tables: what they cost and who can write them is not known",
      "no registers: whether WP, NXE, SMEP and SMAP are on is not known",
    ],
  };
}

interface Leaf extends Omit<ListedRange, "pages" | "shift"> {
  readonly large: boolean;
}

function leafIn(line: string, number: number): Leaf {
  const [, linear, physical, x, g, p, c, t, u, w] = LINE.exec(line) ?? [];
  if (linear === undefined || physical === undefined) throw badLine(number, line, "a leaf of info tlb");
  const pat = (c === "C" ? 2 : 0) | (t === "T" ? 1 : 0);
  return {
    page: pageOf(linear),
    frame: Math.floor(Number.parseInt(physical.slice(-ADDRESS_DIGITS), 16) / 4096),
    large: p === "P",
    rights: (u === "U" ? RIGHT_US : 0) | (w === "W" ? RIGHT_RW : 0) | (x === "X" ? RIGHT_NX : 0),
    flags: packLeafFlags(pat, g === "G"),
  };
}

/** 2M or 4M: with 2M some large page begins at an odd multiple of 2M, or NX is there. */
function largeShift(leaves: readonly Leaf[]): number {
  const pae = leaves.some(({ large, page, rights }) => (large && page % 1024 !== 0) || (rights & RIGHT_NX) !== 0);
  return pae ? 21 : 22;
}

/** A large page at a multiple of 1G of both addresses, alone in its gigabyte, is one of 1G. */
function widened(ranges: readonly ListedRange[]): ListedRange[] {
  const GIGABYTE = 2 ** 18;
  return ranges.map((range, i) => {
    const next = ranges[i + 1];
    const alone = next === undefined ? false : next.page - range.page >= GIGABYTE;
    const previous = ranges[i - 1];
    const whole = range.shift === 21 && range.page % GIGABYTE === 0 && range.frame % GIGABYTE === 0;
    return whole && (alone || (next === undefined && previous?.shift === 30))
      ? { ...range, pages: GIGABYTE, shift: 30 }
      : range;
  });
}
