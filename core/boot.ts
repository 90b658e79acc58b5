/**
 * Composes one machine and boots it: the first of the four verbs.
 *
 * @module
 */

import type { Guest } from "./audit/guest.ts";
import { bootKernel, type BootmemOrder, type Kernel, type Outcome } from "./kernel/mod.ts";
import type { Machine } from "./mmu/mod.ts";
import type { SpecialRange } from "./paravirt/mod.ts";
import { findPlatform, type Platform } from "./platforms.ts";
import { parseMemory } from "./memory_size.ts";
import { environmentOf } from "./environment.ts";
import { findStrategy, type Strategy } from "./strategies/mod.ts";
import { Trace } from "./trace/mod.ts";
import { Hypervisor, type HypervisorOptions } from "./xen/mod.ts";

/** What to boot. */
export interface BootOptions {
  /** Id of a platform (`PLATFORMS`). */
  readonly platform: string;
  /** Id of a strategy (`STRATEGIES`), or a strategy of one's own. */
  readonly strategy: string | Strategy;
  /** Memory of the machine: bytes, or text such as `64M`. 64M unless said otherwise. */
  readonly memory?: string | number;
  /** Physical address of the kernel's `_end`; 5M unless said otherwise. */
  readonly kernelEnd?: number;
  /** Bytes from the start of lowmem that a domain builder maps at least; by default what the builder's own rule gives. */
  readonly templateBytes?: number;
  /** Machine frames of a Xen guest: a permutation unless said otherwise. */
  readonly p2m?: "permuted" | "identity";
  /** Which page bootmem takes first; `lowest-first` as it was. */
  readonly bootmem?: BootmemOrder;
  /** Pages with special properties beyond those that the back-end knows (for `query-special`). */
  readonly special?: readonly SpecialRange[];
  /** Whether `make_pte` keeps NX under Xen: `2.6.23` loses it, as that kernel did (trap T27). */
  readonly makePte?: "2.6.23" | "2.6.26";
  /** Stops after this many writes: the way to look at any step of a boot. */
  readonly until?: number;
  /** Makes the hypervisor of a Xen platform: one of a subclass, say, that notes what it is asked. A `Hypervisor` unless said otherwise. */
  readonly hypervisor?: (options: HypervisorOptions) => Hypervisor;
  /** Whether to record every write; true unless said otherwise. */
  readonly trace?: boolean;
}

/** A boot that has ended, one way or the other. */
export interface Run {
  /** What was asked for: `rewind` boots it again. */
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

const DEFAULT_MEMORY = "64M";
const DEFAULT_KERNEL_END = 0x50_0000;

/**
 * Boots a kernel with one strategy on one platform, to the point where its first page tables are finished and the low mappings are gone.
 *
 * @param options What to boot.
 * @returns The run: how it ended, and the machine as it was then.
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
  const platform = findPlatform(options.platform);
  const strategy = typeof options.strategy === "string" ? findStrategy(options.strategy) : options.strategy;
  const reason = voidReason(strategy, platform);
  if (reason !== undefined) {
    throw new RangeError(`Expected a strategy that fits ${platform.id} but found ${strategy.id}: ${reason}`);
  }
  const memoryBytes = parseMemory(options.memory ?? DEFAULT_MEMORY);
  const trace = new Trace();
  const environment = environmentOf(platform, strategy, {
    memoryBytes,
    kernelEnd: options.kernelEnd ?? DEFAULT_KERNEL_END,
    templateBytes: options.templateBytes ?? 0,
    p2m: options.p2m ?? "permuted",
    bootmem: options.bootmem ?? "lowest-first",
    special: options.special ?? [],
    makePteKeepsNx: options.makePte !== "2.6.23",
    until: options.until ?? Infinity,
    hypervisor: options.hypervisor ?? ((made) => new Hypervisor(made)),
    trace: options.trace === false ? undefined : trace,
  });
  const { machine, kernel, start } = environment;
  const outcome = bootKernel(kernel, start);
  const cost = { entryWrites: kernel.step, ...environment.cost() };
  return { options, platform, strategy, memoryBytes, outcome, machine, kernel, trace, log: environment.log(), cost };
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

/**
 * Why a strategy and a platform do not go together.
 *
 * @param strategy The strategy.
 * @param platform The platform.
 * @returns The reason, or undefined where the boot can be computed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findPlatform, findStrategy, voidReason } from "@pagetable-init/textbook";
 *
 * assertEquals(voidReason(findStrategy("write-always"), findPlatform("xen-4level")), undefined);
 * ```
 */
export function voidReason(strategy: Strategy, platform: Platform): string | undefined {
  if (!strategy.release.setupHooks && platform.mode.linearBits > 32) {
    return "paravirt_ops of 2.6.21 is for 32-bit kernels only";
  }
  return undefined;
}
