/**
 * Composes one machine and boots it: the first of the four verbs.
 *
 * @module
 */

import type { Guest } from "./audit/guest.ts";
import { environmentOf } from "./environment.ts";
import { bootKernel, type Kernel, type Outcome } from "./kernel/mod.ts";
import type { Machine } from "./mmu/mod.ts";
import type { Platform } from "./platforms.ts";
import { type BootOptions, keptOptions, setupOf } from "./setup.ts";
import type { Strategy } from "./strategies/mod.ts";
import { Trace } from "./trace/mod.ts";

export { type BootOptions, voidReason } from "./setup.ts";

/** A boot that has ended, one way or the other. */
export interface Run {
  /** What was asked for, as a frozen copy: `rewind` boots it again. */
  readonly options: BootOptions;
  /** The platform. */
  readonly platform: Platform;
  /** The strategy. */
  readonly strategy: Strategy;
  /** Bytes of memory. */
  readonly memoryBytes: number;
  /** How it ended. */
  readonly outcome: Outcome;
  /** The machine as it was then; `audit`, `access` and `explain` take it. */
  readonly machine: Machine & { readonly guest: Guest };
  /** The kernel as it was then. */
  readonly kernel: Kernel;
  /** Every write to a page table, in order; empty if not asked for. */
  readonly trace: Trace;
  /** What the hypervisor said. */
  readonly log: readonly string[];
  /** What it cost. */
  readonly cost: { readonly entryWrites: number; readonly hypercalls: number; readonly emulatedStores: number };
}

/**
 * Boots a kernel with one strategy on one platform, to the point where its first page tables are finished and the low mappings are gone.
 *
 * @param options What to boot.
 * @returns The run: how it ended, and the machine as it was then.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If an id is unknown, a size is out of range, or strategy and platform do not go together (`voidReason`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 *
 * const run = boot({ platform: "xen-pae", strategy: "write-always", memory: "64M" });
 * assertEquals(run.outcome.ok, false);
 * assertEquals(run.log.at(-1), "Unhandled page fault in domain 1 on VCPU 0 (ec=0003)");
 * ```
 */
export function boot(options: BootOptions): Run {
  const setup = setupOf(options);
  const { platform, strategy, memoryBytes } = setup;
  const trace = new Trace();
  const environment = environmentOf(setup, setup.trace ? trace : undefined);
  const { machine, kernel, start } = environment;
  const outcome = bootKernel(kernel, start);
  const cost = { entryWrites: kernel.step, ...environment.cost() };
  const kept = keptOptions(options, setup);
  return {
    options: kept,
    platform,
    strategy,
    memoryBytes,
    outcome,
    machine,
    kernel,
    trace,
    log: environment.log(),
    cost,
  };
}

/**
 * The machine as it was after a number of writes. A boot is deterministic, so it is simply run again that far: types, log and TLB are those of that moment too.
 *
 * @param run A run.
 * @param step Writes to be done, 0 to the length of the run's trace.
 * @returns A run that stopped there; its outcome is a stop of kind `until`.
 * @throws {RangeError} If there is no such step.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot, explain, rewind } from "@pagetable-init/textbook";
 *
 * const run = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
 * const leaf = (step: number) => explain(rewind(run, step).machine, 0xc0001000).steps.at(-1)!.lo & 2;
 * assertEquals([leaf(0), leaf(1)], [2, 0]); // the first write makes the new L2 read-only
 * ```
 */
export function rewind(run: Run, step: number): Run {
  const last = run.kernel.step;
  if (!Number.isInteger(step) || step < 0 || step > last) {
    throw new RangeError(`Expected a step of 0 to ${last} but found ${step}`);
  }
  return boot({ ...run.options, until: step });
}
