/**
 * Stops: the reasons for which a boot ends early, as values.
 *
 * @module
 */

import { type Check, shape, text } from "../check.ts";
import type { Fault } from "../mmu/mod.ts";
import type { XenRefusal } from "../xen/mod.ts";

/**
 * A stop without the number of its write.
 *
 * - `page-fault`: a fault that the host gave to a guest without a handler; `triple-fault`: the same on bare metal (trap T26).
 * - `refused-by-xen`: a check of Xen's failed, and the kernel cannot go on without what it asked for. `refusal` has the rule.
 * - `killed-by-host`: lguest or a VMI hypervisor ended the guest.
 * - `null-operation`: a paravirt operation that the back-end does not have yet was called (trap T22).
 * - `kernel-bug`, `no-page-structure`, `remap`, `out-of-memory`: the kernel gave up by itself.
 * - `until`: the boot was asked to stop here.
 */
export type StopReason =
  | { readonly kind: "page-fault" | "triple-fault"; readonly message: string; readonly fault: Fault }
  | {
    readonly kind: "refused-by-xen";
    readonly message: string;
    readonly refusal: XenRefusal;
    /** The fault that the guest gets for a refused store; undefined for a hypercall. */
    readonly fault: Fault | undefined;
  }
  | { readonly kind: "killed-by-host"; readonly message: string; readonly host: "lguest" | "vmi" }
  | { readonly kind: "null-operation"; readonly message: string; readonly operation: string }
  | {
    readonly kind: "kernel-bug" | "no-page-structure" | "remap" | "out-of-memory" | "until";
    readonly message: string;
  };

/**
 * What ended a boot: a frozen value. `message` is one line for people.
 *
 * @category Types
 */
export type Stop = StopReason & {
  /** Number of the write that did not happen, or of the last one that did. */
  readonly step: number;
};

/** The kinds of stop. */
export type StopKind = Stop["kind"];

/**
 * Carries the reason for a stop to `bootKernel`, which reports it as a value. No other code catches it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Stopped } from "@pagetable-init/textbook/paravirt";
 *
 * assertEquals(new Stopped({ kind: "remap", message: "a page is mapped twice" }).reason.kind, "remap");
 * ```
 */
export class Stopped extends Error {
  /** The stop, without its write's number. */
  readonly reason: StopReason;

  /**
   * The end, and why.
   *
   * @param reason The stop, without its write's number.
   */
  constructor(reason: StopReason) {
    reasonShape(reason, "reason");
    super(reason.message);
    this.name = "Stopped";
    this.reason = reason;
  }
}

const reasonShape: Check = shape("why a boot ends: kind and message", { kind: text, message: text });
