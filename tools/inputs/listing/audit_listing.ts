/**
 * The audit of a map without tables: only what follows from addresses and rights, and from frames where the text has them.
 *
 * @module
 */

import type { MapRow, Region } from "../../../core/audit/mod.ts";
import { type Area, regionsIn, spansOf } from "../../../core/audit/regions.ts";
import { auditMap } from "../../../core/audit/tables_audit.ts";
import { EFER_NXE, type Linear, RIGHT_NX } from "../../../core/mmu/mod.ts";
import { CPUS, PhysicalMemory, type TablesAudit } from "../../../mod.ts";
import type { Listed, NamedRegion } from "./listed.ts";

/**
 * Audits a map.
 *
 * @param listed The map.
 * @param kernelHalf First linear address of the kernel, if the caller knows it.
 * @returns What can be said: nothing about tables, registers and, where they are not told, frames.
 */
export function auditListing({ mode, nxTold, ranges, regions }: Listed, kernelHalf: Linear | undefined): TablesAudit {
  const efer = ranges.some(({ rights }) => (rights & RIGHT_NX) !== 0) ? EFER_NXE : 0;
  const tables = { memory: new PhysicalMemory(2 ** 52), cpu: CPUS.today, mode, root: 0, cr4: 0, efer };
  const found = auditMap(
    {
      tables,
      uses: [],
      scan: (take) => ranges.forEach((it) => take(it.page, it.pages, it.shift, it.frame, it.rights, it.flags)),
    },
    kernelHalf,
    false,
  );
  const findings = found.findings.filter(({ id }) => nxTold || !id.endsWith("write-exec")).map((finding) => (
    // In Xen's linear page table what looks like a leaf is a page table, and its rights do not decide about an access.
    found.owner === "xen" ? { ...finding, severity: "note" as const } : finding
  ));
  return {
    ...found,
    findings,
    regions: regions.length === 0 ? found.regions : namedRegions(regions, found.map, mode.linearBits),
  };
}

/** The regions that the text itself names, with what is mapped in them. */
function namedRegions(regions: readonly NamedRegion[], map: readonly MapRow[], linearBits: number): readonly Region[] {
  const areas = regions.map(({ name, page }, i): Area => ({
    name,
    first: page,
    end: regions[i + 1]?.page ?? 2 ** (linearBits - 12),
    guess: false,
  }));
  return regionsIn(areas, spansOf(map, linearBits), linearBits);
}
