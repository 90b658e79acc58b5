/**
 * The audit of a direct map.
 *
 * @module
 */
import { type Audit, audit } from "../../../core/audit/mod.ts";
import type { Guest } from "../../../core/audit/guest.ts";
import { type Job, timed } from "./job.ts";
import { type Layout, LOWMEM_PAE, LOWMEM_PAGES, machineOf, TEXT_END } from "./layout.ts";

/**
 * The memory that an audit of a layout reads.
 *
 * @param layout The layout.
 * @returns The machine's tables and what should be in them.
 */
export function guestOf(layout: Layout): Guest {
  const { memory, cpu, mode, cr3, cr4, efer } = machineOf(layout);
  if (mode === undefined) throw new TypeError("Expected a machine that is paging");
  return {
    memory,
    cpu,
    mode,
    root: cr3,
    cr4,
    efer,
    pageOffset: { hi: layout.hi, lo: layout.lo },
    lowmemPages: layout.pages * 2 ** (layout.shift - 12),
    executablePages: TEXT_END,
    firstExecutablePage: 0,
    features: { pse: layout.shift !== 12, pge: true, nx: true },
    p2m: undefined,
    m2p: undefined,
    usGrantsUser: true,
    readOnly: new Set(),
  };
}

/** The same sum of figures as the reference's. */
function checksum({ coverage, coverageRanges, permissionErrors: errors }: Audit): number {
  const { mapped, wrongFrame, tablePages } = coverage;
  return mapped + 3 * wrongFrame + 5 * tablePages + 7 * coverageRanges.length +
    11 * errors.userAccessible.pages + 13 * errors.executableData.pages + 17 * errors.nonExecutableText.pages +
    19 * errors.notWritable.pages + 23 * errors.missingGlobal.pages;
}

/** The job: 896 MiB in 4K pages. */
export const AUDIT: Job = {
  id: "audit",
  passes: 8,
  operations: LOWMEM_PAGES,
  prepare: timed(() => {
    const audited = { guest: guestOf(LOWMEM_PAE) };
    return () => checksum(audit(audited));
  }),
};
