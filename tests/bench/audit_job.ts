/**
 * The audit of 896 MiB in 4K pages.
 *
 * @module
 */
import { audit } from "../../core/audit/mod.ts";
import type { Guest } from "../../core/audit/guest.ts";
import type { Job, Sample } from "./job.ts";
import { LOWMEM_PAE, LOWMEM_PAGES, machineOf, TEXT_END } from "./layout.ts";

function guest(): Guest {
  const { memory, cpu, mode, cr3, cr4, efer } = machineOf(LOWMEM_PAE);
  if (mode === undefined) throw new TypeError("Expected a machine that is paging");
  return {
    memory,
    cpu,
    mode,
    root: cr3,
    cr4,
    efer,
    pageOffset: { hi: 0, lo: LOWMEM_PAE.lo },
    lowmemPages: LOWMEM_PAGES,
    executablePages: TEXT_END,
    sees: { pse: false, pge: true, nx: true },
    p2m: undefined,
    m2p: undefined,
    usOpens: true,
    readOnly: new Set(),
  };
}

/** The same sum of figures as the reference's. */
function checksum({ coverage, coverageRuns, permissionErrors: errors }: ReturnType<typeof audit>): number {
  const { mapped, wrongFrame, tablePages } = coverage;
  return mapped + 3 * wrongFrame + 5 * tablePages + 7 * coverageRuns.length +
    11 * errors.userAccessible.pages + 13 * errors.executableData.pages + 17 * errors.nonExecutableText.pages +
    19 * errors.notWritable.pages + 23 * errors.missingGlobal.pages;
}

function prepare(): (passes: number) => Sample {
  const audited = { guest: guest() };
  return (passes) => {
    const begun = performance.now();
    let sum = 0;
    for (let i = 0; i < passes; i++) sum = (sum + checksum(audit(audited))) >>> 0;
    return { nanoseconds: (performance.now() - begun) * 1e6, checksum: sum };
  };
}

/** The job. */
export const AUDIT_JOB: Job = {
  id: "audit",
  name: "audit of 896M in 4K pages",
  target: 0.7,
  passes: 8,
  operations: LOWMEM_PAGES,
  prepare,
};
