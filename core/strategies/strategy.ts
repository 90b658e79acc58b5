/**
 * The shape of a strategy.
 *
 * @module
 */

import type { KernelRelease, Policy } from "../kernel/mod.ts";

/**
 * Ids of the strategies.
 *
 * @category Types
 */
export type StrategyId =
  | "linux-2.6.21"
  | "write-always"
  | "ask-callback"
  | "query-special"
  | "stash-in-struct-page"
  | "keep-template"
  | "keep-template-pse-fix"
  | "filter-literal"
  | "filter-set-pte"
  | "filter-with-list"
  | "panic-on-remap"
  | "table-range"
  | "map-from-mapped";

/**
 * One proposal of the debate, or one kernel's practice, as code that can be booted.
 *
 * @category Types
 */
export interface Strategy<Id extends string = string> extends Policy {
  /** Stable id, used on the command line and in reports. */
  readonly id: Id;
  /** The method in a few words, for reports. */
  readonly does: string;
  /** The author, and the source that says so. */
  readonly who: string;
  /** The kernel that it lives in. */
  readonly release: KernelRelease;
}
