/**
 * What a proposal is made of.
 *
 * @module
 */

import type { KernelRelease, Policy } from "../kernel/mod.ts";

/** One proposal of the debate, or one kernel's practice, as code that can be booted. */
export interface Strategy extends Policy {
  /** Stable id, used on the command line and in reports. */
  readonly id: string;
  /** What it does, in a line. */
  readonly does: string;
  /** Whose it is, and where that is said. */
  readonly who: string;
  /** The kernel that it lives in. */
  readonly release: KernelRelease;
}
