/**
 * The text of QEMU's monitor command `info mem`: ranges with the rights of all levels together, without NX and without frames.
 *
 * @module
 */

import { RIGHT_RW, RIGHT_US } from "../../../core/mmu/mod.ts";
import { badLine, modeFor, pageOf, plainPage } from "./linear_text.ts";
import type { Listed } from "./listed.ts";

/** First address, the address behind the last, bytes, rights. */
const LINE = /^([0-9a-f]{8,16})-([0-9a-f]{8,16}) ([0-9a-f]{8,16}) ([-u])[-r]([-w])\s*$/;

/** Reads the lines. */
export function readInfoMem(lines: readonly string[]): Listed {
  const found = lines.map((line, i) => {
    const [, first, , size, u, w] = LINE.exec(line) ?? [];
    if (first === undefined || size === undefined) throw badLine(i + 1, line, "a range of info mem");
    const pages = pageOf(size);
    if (pages === 0 || pages >= 2 ** 45) throw badLine(i + 1, line, "a range of some pages");
    return { page: pageOf(first), pages, rights: (u === "u" ? RIGHT_US : 0) | (w === "w" ? RIGHT_RW : 0) };
  });
  const mode = modeFor(found.flatMap(({ page, pages }) => [page, page + pages - 1]));
  return {
    source: "QEMU's info mem",
    mode,
    nxTold: false,
    sizes: false,
    ranges: found.map((range) => ({ ...range, page: plainPage(range.page, mode), shift: 12, frame: -1, flags: 0 })),
    regions: [],
    limits: [
      "NX is not told: what can be executed is not known, so nothing is said about pages that can be written and executed",
      "neither frames nor page sizes nor memory types are told",
      "no tables: what they cost and who can write them is not known",
      "no registers: whether WP, NXE, SMEP and SMAP are on is not known",
    ],
  };
}
