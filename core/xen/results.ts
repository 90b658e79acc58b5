/**
 * The results of a guest's requests, as values.
 *
 * @module
 */

import { type Fault, PF_U } from "../mmu/mod.ts";
import { faultAt } from "../mmu/fault_at.ts";
import type { Domain } from "./domain.ts";
import type { XenRefusal } from "./refusal.ts";

/** The result of a hypercall. */
export type HypercallResult =
  | { readonly ok: true; /** The return value of the hypercall. */ readonly rc: 0; readonly refusal?: undefined }
  | {
    readonly ok: false;
    /** The error number, negative. */
    readonly rc: number;
    /** Why. */
    readonly refusal: XenRefusal;
  };

/** The result of a store: `ok` if the CPU or Xen made it. */
export type StoreResult =
  | { readonly ok: true; readonly fault?: undefined; readonly refusal?: undefined }
  | {
    readonly ok: false;
    /** The fault that is delivered to the guest. */
    readonly fault: Fault;
    /** Xen's refusal of the store; undefined if the guest's own tables forbid it. */
    readonly refusal: XenRefusal | undefined;
  };

/** The result of a load. */
export type LoadResult =
  | { readonly ok: true; /** The word, unsigned. */ readonly value: number; readonly fault?: undefined }
  | {
    readonly ok: false; /** The fault that is delivered to the guest. */
    readonly fault: Fault;
    readonly value?: undefined;
  };

/** The result of a hypercall that succeeded. All share one value, so that success allocates nothing. */
export const DONE: HypercallResult = Object.freeze({ ok: true, rc: 0 });
/** A store that was made. */
export const STORED: StoreResult = Object.freeze({ ok: true });

/**
 * The result of a hypercall.
 *
 * @param refusal Why it was refused; undefined if it was not.
 * @returns The result.
 */
export function hypercallResult(refusal: XenRefusal | undefined): HypercallResult {
  return refusal === undefined ? DONE : Object.freeze({ ok: false, rc: -refusal.errno, refusal });
}

/**
 * The fault in the form that the guest gets: a supervisor's, although its kernel may run in ring 3.
 *
 * @param domain The domain.
 * @param hi High word of the linear address, signed.
 * @param lo Low word, signed.
 * @param access Number of the access, of a supervisor.
 * @returns The fault.
 */
export function guestFault(domain: Domain, hi: number, lo: number, access: number): Fault {
  const fault = faultAt(domain.machine, hi, lo, access + domain.ring);
  return fault.vector === 14 ? Object.freeze({ ...fault, errorCode: fault.errorCode & ~PF_U }) : fault;
}
