/**
 * The audit of a map without tables, as far as it goes.
 *
 * @module
 */

import { auditMap } from "../../../core/audit/tables_audit.ts";
import { EFER_NXE, type Linear, RIGHT_NX } from "../../../core/mmu/mod.ts";
import { linearOf } from "../../../core/tables/range_list.ts";
import { CPUS, PhysicalMemory, type TablesAudit } from "../../../mod.ts";
import type { Listed } from "./listed.ts";

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
    // Xen maps its tables by themselves: what looks like leaves there are tables, whose own rights say nothing.
    found.owner === "xen" ? { ...finding, severity: "note" as const } : finding
  ));
  return {
    ...found,
    findings,
    regions: regions.length === 0 ? found.regions : namedRegions({ mode, ranges, regions }),
  };
}

/** The regions that the text itself names, with what is mapped in them. */
function namedRegions({ mode, ranges, regions }: Pick<Listed, "mode" | "ranges" | "regions">): TablesAudit["regions"] {
  return regions.flatMap(({ name, page }, i) => {
    const end = regions[i + 1]?.page ?? Infinity;
    const inside = ranges.filter((range) => range.page >= page && range.page < end);
    const [first, last] = [inside[0], inside.at(-1)];
    if (first === undefined || last === undefined) return [];
    const lastPage = linearOf(last.page + last.pages - 1, mode.linearBits);
    return [{
      name,
      first: linearOf(first.page, mode.linearBits),
      last: { hi: lastPage.hi, lo: (lastPage.lo | 0xfff) >>> 0 },
      pages: inside.reduce((sum, { pages }) => sum + pages, 0),
      guess: false,
    }];
  });
}
