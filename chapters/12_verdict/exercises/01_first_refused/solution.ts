/**
 * A solution.
 *
 * Alternatives: instead of a search for the link, ask the hypervisor: `run.at` goes to
 * the step before and read the frame's type. That finds the tables of the builder and the
 * root as well, and tells a page table from a descriptor table. The trace is enough for a
 * post-mortem, though, and a post-mortem is what one usually has.
 *
 * @module
 */

import type { Run } from "@pagetable-init/textbook";
import { frameOf, P } from "@pagetable-init/textbook/mmu";

/** Why a domain was crashed. */
export interface Cause {
  /** Number of the refused write. */
  readonly refused: number;
  /** The page that was asked for writable. */
  readonly page: number;
  /** Number of the write that made it a table, if there is one. */
  readonly tableSince: number | undefined;
}

export function causeOf({ trace, kernel, outcome }: Run): Cause | undefined {
  const pageOf = ({ lo, hi }: { readonly lo: number; readonly hi: number }) =>
    (lo & P) === 0 ? -1 : kernel.ops.toPfn(frameOf(hi, lo));
  // Your lines: about six.
  if (outcome.ok || outcome.stop.kind !== "refused-by-xen") return undefined;
  const refused = outcome.stop.step;
  const page = pageOf(trace.at(refused).asked);
  const links = [...trace].filter(({ op, step }) =>
    (op === "set_pmd" || op === "set_pud") && step < refused
  );
  return {
    refused,
    page,
    tableSince: links.find(({ asked }) => pageOf(asked) === page)?.step,
  };
  // End of your lines.
}
