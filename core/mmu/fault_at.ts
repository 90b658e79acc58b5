/**
 * The fault of a refused access, as a value.
 *
 * @module
 */

import { ACCESS_KINDS } from "./access_kind.ts";
import { explainAccess } from "./explain.ts";
import { type AccessKind, type Fault, generalProtection } from "./faults.ts";
import type { Machine } from "./machine.ts";
import { USER } from "./permissions.ts";

/**
 * The fault of an access that `Machine.translate` has refused. `translate` packs a fault into a number, so a fault that is repaired
 * allocates nothing. This function is called only for a fault that is reported.
 *
 * @param machine The machine, as the refused access left it.
 * @param hi Bits 63..32 of the linear address.
 * @param lo Bits 31..0.
 * @param access Number of the access, as `translate` takes it.
 * @returns The fault.
 */
export function faultAt(machine: Machine, hi: number, lo: number, access: number): Fault {
  const linear = { hi: hi >>> 0, lo: lo >>> 0 };
  const { outcome } = explainAccess(machine, linear, { kind: accessKindOf(access), user: access >= USER });
  return outcome.ok ? generalProtection("the access was refused but its walk succeeds") : outcome.fault;
}

/** The kind of an access, by its number. */
export function accessKindOf(access: number): AccessKind {
  return ACCESS_KINDS[access % USER] ?? "read";
}
