/**
 * The assumptions of an explanation: facts that a saved machine does not record.
 *
 * @module
 */

import { CR4_SMAP, P, PS, US } from "./bits.ts";
import type { Paging, RefusedAccess, Step, Translation, Unknown } from "./explanation.ts";
import type { Access } from "./faults.ts";
import { keysInForce } from "./permissions.ts";

/** Address bits 51..36, which a CPU of 36 address bits reserves. */
const WIDE_ADDRESS = 0xf_fff0;
/** Bits of a 4M page that are an address with PSE-36 and reserved without. */
const PSE36_ADDRESS = 0x001f_e000;

/** For each unknown fact, the test whether a walk's outcome depends on it. */
const MATTERS: { readonly [name in Unknown]: (walk: Walk) => boolean } = Object.freeze({
  pkru: (walk) => keysInForce(walk.paging) && touchesUserPage(walk),
  ac: (walk) => (walk.paging.cr4 & CR4_SMAP) !== 0 && !walk.access.user && touchesUserPage(walk),
  pat: ({ outcome }) => outcome.ok,
  cpu: ({ steps }) => steps.some(dependsOnCpu),
  table: ({ paging, steps }) => steps.some(({ table }) => table >= 0 && isMissing(paging, table)),
});

interface Walk {
  readonly paging: Paging;
  readonly access: Access;
  readonly steps: readonly Step[];
  readonly outcome: Translation | RefusedAccess;
}

/**
 * The unknown facts on which a walk's outcome depends.
 *
 * @param paging The memory and registers of the walk.
 * @param access The access that was explained.
 * @param steps The entries read.
 * @param outcome The walk's end: a page or a fault.
 * @returns Names of the unknown facts; empty for a machine without unknowns.
 */
export function assumedIn(
  paging: Paging,
  access: Access,
  steps: readonly Step[],
  outcome: Translation | RefusedAccess,
): readonly Unknown[] {
  const unknown: readonly Unknown[] = [...paging.unknown ?? [], ...(paging.sparse === true ? ["table" as const] : [])];
  const walk = { paging, access, steps, outcome };
  return unknown.filter((name) => MATTERS[name](walk));
}

/**
 * Whether a table is missing from a saved machine.
 *
 * @param paging Memory, and whether it holds page tables alone.
 * @param frame Frame of the table.
 * @returns Always false for complete memory.
 */
export function isMissing({ memory, sparse }: Pick<Paging, "memory" | "sparse">, frame: number): boolean {
  return sparse === true && memory.placeOf(frame) === 0;
}

/** A read or write of a page that all levels open to user mode. */
function touchesUserPage({ access, steps }: Walk): boolean {
  const last = steps[steps.length - 1];
  const mapped = last !== undefined && (last.lo & P) !== 0 && (last.reserved.hi | last.reserved.lo) === 0;
  return mapped && access.kind !== "fetch" && steps.every(({ level, lo }) => !level.rights || (lo & US) !== 0);
}

function dependsOnCpu({ hi, lo, leaf, level }: Step): boolean {
  if ((lo & P) === 0) return false;
  const large = (level.shift === 22 && leaf && (lo & PSE36_ADDRESS) !== 0) || (level.shift === 30 && (lo & PS) !== 0);
  return (hi & WIDE_ADDRESS) !== 0 || large;
}
