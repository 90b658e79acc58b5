/**
 * How a boot ends early.
 *
 * @module
 */

/** What ended a boot. */
export type StopKind =
  | "page-fault"
  | "triple-fault"
  | "refused-by-xen"
  | "killed-by-host"
  | "null-operation"
  | "kernel-bug"
  | "no-page-structure"
  | "remap"
  | "out-of-memory"
  | "until";

/**
 * The end of a boot, thrown where it happens and caught by `boot`, which reports it as a value. Nothing else catches it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Stop } from "@pagetable-init/textbook";
 *
 * assertEquals(new Stop("remap", "a page is mapped twice").kind, "remap");
 * ```
 */
export class Stop extends Error {
  /** What ended the boot. */
  readonly kind: StopKind;

  /**
   * The end, and why.
   *
   * @param kind What ended the boot.
   * @param message One line for people.
   */
  constructor(kind: StopKind, message: string) {
    super(message);
    this.name = "Stop";
    this.kind = kind;
  }
}
