/**
 * The audit of page tables as JSON. Addresses are hexadecimal text, since 64 bits do not fit a number.
 *
 * @module
 */

import type { Finding } from "../../core/audit/mod.ts";
import { formatAddress, MEMORY_TYPES, RIGHT_KEY_SHIFT } from "../../core/mmu/mod.ts";
import type { Linear } from "../../mod.ts";
import { lastByte } from "../../core/tables/range_list.ts";
import { hex } from "../../chapters/shown/hex.ts";
import { rightsText } from "./map_text.ts";
import type { Reported } from "./reported.ts";

/**
 * An audit for programs.
 *
 * @param reported What was audited.
 * @returns What `JSON.stringify` is to print.
 */
export function auditJson(
  { description, mode, registers, unknown, pat, sizesTold, remarks, found }: Reported,
): unknown {
  return {
    description,
    mode: mode.id,
    cr3: registers === undefined ? null : hex(registers.cr3),
    leaves: sizesTold ? found.leaves : null,
    sizes: found.sizes.map(({ shift, leaves }) => ({ pageBytes: 2 ** shift, leaves })),
    tables: found.tables.map(({ frame, level }) => ({ frame, table: level.table })),
    regions: found.regions.map(({ name, first, last, pages, guess }) => ({
      name,
      first: formatAddress(first),
      last: formatAddress(last),
      pages,
      guess,
    })),
    map: found.map.map(({ range, times, stride }) => ({
      ...rangeJson(range.linear, range.pages),
      frame: range.frame < 0 ? null : range.frame,
      pages: range.pages,
      pageBytes: 2 ** range.pageShift,
      rights: rightsText(range.rights),
      global: range.global,
      patIndex: range.patIndex,
      memoryType: MEMORY_TYPES[pat[range.patIndex] ?? -1] ?? null,
      protectionKey: range.rights >>> RIGHT_KEY_SHIFT,
      times,
      strideBytes: stride * 4096,
    })),
    nx: found.nx,
    writeProtect: found.writeProtect,
    kernelHalf: formatAddress(found.kernelHalf.linear),
    kernelHalfBy: found.kernelHalf.by,
    owner: found.owner ?? null,
    evidence: found.evidence,
    isolation: found.isolation === undefined ? null : {
      root: found.isolation.root,
      other: found.isolation.other === undefined ? null : hex(found.isolation.other),
    },
    absent: found.absent.map(({ kind, entries, address }) => ({ kind, entries, address: formatAddress(address) })),
    unknown,
    remarks,
    dropped: found.dropped,
    findings: found.findings.map(findingJson),
  };
}

function findingJson({ id, severity, pages, entries, address, ranges }: Finding): unknown {
  return {
    id,
    severity,
    pages,
    ...(entries === undefined ? {} : { entries }),
    address: address === undefined ? null : formatAddress(address),
    ranges: ranges.map(({ linear, pages, frame, rights, entry }) => ({
      ...rangeJson(linear, pages),
      frame: frame < 0 ? null : frame,
      pages,
      ...(entry === undefined ? { rights: rightsText(rights) } : {
        entry: entry.name,
        words: formatAddress(entry),
        reserved: formatAddress(entry.bits),
      }),
    })),
  };
}

function rangeJson(linear: Linear, pages: number): { readonly first: string; readonly last: string } {
  return { first: formatAddress(linear), last: formatAddress(lastByte(linear, pages)) };
}
