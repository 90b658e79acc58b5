/**
 * The first of the four verbs: builds a machine from a platform and boots a kernel on it.
 *
 * @module
 */

import type { Guest } from "./audit/guest.ts";
import { type Check, integer, shape } from "./check.ts";
import { environmentOf } from "./environment.ts";
import { aKernel } from "./kernel/kernel.ts";
import { bootKernel, type Kernel, type Outcome } from "./kernel/mod.ts";
import { aMachine } from "./mmu/machine.ts";
import type { Machine } from "./mmu/mod.ts";
import type { Platform } from "./platforms.ts";
import { type BootOptions, keptOptions, type Setup, setupOf } from "./setup.ts";
import type { Strategy } from "./strategies/mod.ts";
import type { Trace } from "./trace/mod.ts";
import { TraceWriter } from "./trace/writer.ts";

export { type BootOptions, voidReason } from "./setup.ts";

/**
 * A boot that has ended, by finishing its page tables or by a stop.
 *
 * @category Types
 */
export interface Run {
  /** The options of the boot, as a frozen copy. */
  readonly options: BootOptions;
  /** The platform that was booted: the row of an id, or a frozen copy of the caller's own. */
  readonly platform: Platform;
  /** The strategy that was booted: the row of an id, or the caller's own. */
  readonly strategy: Strategy;
  /** Memory of the machine in bytes, 16M to 4G. */
  readonly memoryBytes: number;
  /** `ok`, or the stop that ended the boot. */
  readonly outcome: Outcome;
  /** The machine at the end of the boot; `audit`, `access` and `explain` take it. */
  readonly machine: Machine & { readonly guest: Guest };
  /** The kernel at the end of the boot. */
  readonly kernel: Kernel;
  /** Every write to a page table, in order; empty if not asked for. */
  readonly trace: Trace;
  /** The hypervisor's log, a line an item; empty on bare metal. */
  readonly log: readonly string[];
  /** Entries written, calls to the host, and stores that the host emulated, up to the end of the boot. */
  readonly cost: { readonly entryWrites: number; readonly hypercalls: number; readonly emulatedStores: number };
  /**
   * The run after a number of writes. A boot is deterministic, so this boots again and stops at that write, without a trace. Machine,
   * frame types, log and TLB are those of that moment. Nothing is kept in memory for it; a boot of 64M takes a few milliseconds.
   *
   * @param step Number of writes done, 0 to `cost.entryWrites`.
   * @returns A run that stopped there, its outcome a stop of kind `until`; at the last write a run that ended as this one did.
   * @throws {RangeError} If there is no such step.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { boot, explain } from "@pagetable-init/textbook";
   *
   * const run = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
   * const leaf = (step: number) => explain(run.at(step), 0xc0001000).steps.at(-1)!.lo & 2;
   * assertEquals([leaf(0), leaf(1)], [2, 0]); // the first write makes the new L2 read-only
   * ```
   */
  at(step: number): Run;
}

/**
 * Boots a kernel with one strategy on one platform, to the point where its first page tables are finished and the low mappings are gone.
 *
 * @param options Platform and strategy, and the rest of `BootOptions`.
 * @returns The run: its outcome, and the machine at its end.
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
 * @category Verbs
 */
export function boot(options: BootOptions): Run {
  const setup = setupOf(options);
  const trace = new TraceWriter();
  return runOf(keptOptions(options, setup), setup, trace, setup.trace ? trace : undefined);
}

/** Boots with checked options. `recorded` is the trace that this boot writes; undefined for a boot without one. */
function runOf(options: BootOptions, setup: Setup, trace: Trace, recorded: TraceWriter | undefined): Run {
  const { platform, strategy, memoryBytes } = setup;
  const policy = copyOf(strategy);
  const environment = environmentOf({ ...setup, strategy: policy }, recorded);
  const { machine, kernel, start } = environment;
  const outcome = bootKernel(kernel, start);
  const last = writesOf(outcome, kernel.step);
  return {
    options,
    platform,
    strategy,
    memoryBytes,
    outcome,
    machine,
    kernel,
    trace,
    log: environment.log(),
    cost: { entryWrites: last, ...environment.cost() },
    at(step: number): Run {
      integer(0, last)(step, "step");
      return runOf(options, { ...setup, strategy: policy, until: step }, trace.prefix(step), undefined);
    },
  };
}

/** Writes that were made or tried. A stop at `until` comes before its write, so that write is not counted. */
function writesOf(outcome: Outcome, step: number): number {
  return !outcome.ok && outcome.stop.kind === "until" ? step - 1 : step;
}

/**
 * A copy of a strategy: later changes to the caller's object must not change what `at` boots again. An object of a class may have
 * private fields, so it is not copied.
 */
function copyOf(strategy: Strategy): Strategy {
  return Object.getPrototypeOf(strategy) === Object.prototype ? Object.freeze({ ...strategy }) : strategy;
}

/** A boot that has ended. */
export const runShape: Check = shape("a run (boot)", {
  options: shape("the options of a run", {}),
  machine: aMachine,
  kernel: aKernel,
});
