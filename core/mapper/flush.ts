/**
 * The flush that is due after a change of a page table.
 *
 * @module
 */

import { CR4_PGE, formatAddress, type GeneralProtection, type Linear, type Machine } from "../mmu/mod.ts";

/**
 * The flush that the caller owes after a change of the tables. Until then the CPU may go on using old translations.
 *
 * Source: Intel SDM vol. 3A, section 4.10.4 (invalidation), 4.4.1 (PDPTE registers).
 */
export interface FlushDue {
  /** The translations to flush: none, those of the page at `address`, or all. */
  readonly kind: "nothing" | "page" | "everything";
  /** First address of the page to flush; undefined for other kinds. */
  readonly address: Linear | undefined;
  /** Why, for people. */
  readonly reason: string;
  /**
   * Does it: INVLPG for a page; for everything a change of CR4.PGE and back, or a load of CR3 where CR4.PGE is clear.
   *
   * @returns #GP if a PDPTE of PAE has a reserved bit set: the CPU goes on with the old ones. Else undefined.
   */
  flush(): GeneralProtection | undefined;
}

/** No flush is due. */
export function nothingDue(reason: string): FlushDue {
  return { kind: "nothing", address: undefined, reason, flush: () => undefined };
}

/** A flush of one page that was present. */
export function pageDue(machine: Machine, linear: Linear): FlushDue {
  if (machine.mode === undefined) return pagingOff();
  return {
    kind: "page",
    address: linear,
    reason: `the TLB may hold the page at ${formatAddress(linear)} as it was`,
    flush: () => {
      machine.invlpg(linear);
      return undefined;
    },
  };
}

/** A flush of all translations; it also loads the PDPTEs of PAE. */
export function everythingDue(machine: Machine, reason: string): FlushDue {
  if (machine.mode === undefined) return pagingOff();
  return { kind: "everything", address: undefined, reason, flush: () => flushEverything(machine) };
}

function pagingOff(): FlushDue {
  return nothingDue("paging is off: the TLB is empty, and PDPTEs are loaded when it is switched on");
}

/** A CR3 load spares global pages, a change of CR4.PGE spares none. Both load PDPTEs. */
function flushEverything(machine: Machine): GeneralProtection | undefined {
  const { cr3, cr4 } = machine;
  if ((cr4 & CR4_PGE) === 0) return machine.writeCr3(cr3);
  return machine.writeCr4(cr4 & ~CR4_PGE) ?? machine.writeCr4(cr4);
}
