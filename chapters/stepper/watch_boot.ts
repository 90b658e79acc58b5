/**
 * Runs a boot again, and shows its machine before chosen writes.
 *
 * @module
 */

import type { Run } from "../../core/boot.ts";
import { type Environment, environmentOf } from "../../core/environment.ts";
import { bootKernel, type Kernel, type Outcome } from "../../core/kernel/mod.ts";
import { setupOf } from "../../core/setup.ts";
import { TraceWriter } from "../../core/trace/writer.ts";
import type { Hypervisor } from "../../core/xen/mod.ts";

/** The machine between two writes: what `run.at(step)` would give. */
export interface Moment {
  /** Writes done so far. */
  readonly step: number;
  /** The live machine. Read it at once and do not keep it, because the boot goes on with it. */
  readonly machine: Environment["machine"];
  readonly kernel: Kernel;
  /** The hypervisor of a Xen platform. */
  readonly xen: Hypervisor | undefined;
  /** The hypervisor's log up to this moment. */
  readonly log: () => readonly string[];
}

class WatchedTrace extends TraceWriter {
  before: (step: number) => void = () => {};

  override record(...write: Parameters<TraceWriter["record"]>): void {
    this.before(this.length);
    super.record(...write);
  }
}

/**
 * Runs a boot again, and shows some of its moments.
 *
 * @param run The boot.
 * @param steps The steps to be shown.
 * @param see Called at each of them, in order, and once at the end.
 * @returns The outcome, as in `run.outcome`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { watchBoot } from "./watch_boot.ts";
 *
 * const steps: number[] = [];
 * watchBoot(boot({ platform: "xen-pae", strategy: "write-always" }), new Set([0, 3]), ({ step }) => steps.push(step));
 * assertEquals(steps, [0, 3, 6]);
 * ```
 */
export function watchBoot(run: Run, steps: ReadonlySet<number>, see: (moment: Moment) => void): Outcome {
  const trace = new WatchedTrace();
  let xen: Hypervisor | undefined;
  const setup = setupOf(run.options);
  const environment = environmentOf({ ...setup, hypervisor: (made) => xen = setup.hypervisor(made) }, trace);
  const { machine, kernel, start, log } = environment;
  const seen = (step: number) => see({ step, machine, kernel, xen, log });
  trace.before = (step) => {
    if (steps.has(step)) seen(step);
  };
  const outcome = bootKernel(kernel, start);
  seen(trace.length);
  return outcome;
}
