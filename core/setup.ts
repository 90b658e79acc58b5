/**
 * The options of a boot, their defaults and their checks.
 *
 * @module
 */

import { callable, type Check, flag, integer, list, oneOf, optional, options as optionsOf, show } from "./check.ts";
import type { Id } from "./ids.ts";
import { type BootmemOrder, DEFAULT_CONFIG, type KernelConfig, type PageRun } from "./kernel/mod.ts";
import { configShape } from "./kernel/config.ts";
import { reservedRanges } from "./kernel/memory_map.ts";
import type { PhysicalMemory } from "./mmu/mod.ts";
import { parseMemory } from "./memory_size.ts";
import { type SpecialRange, specialRange } from "./paravirt/special_pages.ts";
import { anyPlatform, maxMemoryOf, type Platform, type PlatformId, resolvePlatform } from "./platforms.ts";
import { anyStrategy, resolveStrategy } from "./strategies/list.ts";
import type { Strategy, StrategyId } from "./strategies/mod.ts";
import { Hypervisor, type HypervisorOptions } from "./xen/mod.ts";

/**
 * The options of a boot.
 *
 * @category Types
 */
export interface BootOptions {
  /** Id of a platform (`PLATFORMS`), or the caller's own platform. */
  readonly platform: Id<PlatformId> | Platform;
  /** Id of a strategy (`STRATEGIES`), or the caller's own strategy. */
  readonly strategy: Id<StrategyId> | Strategy;
  /** Memory of the machine: bytes, or text such as `64M`. 64M unless said otherwise. */
  readonly memory?: string | number;
  /** Physical address of the kernel's `_end`; 5M unless said otherwise. */
  readonly kernelEnd?: number;
  /** Physical address of the kernel's `__init_end`, where `.bss` begins; 512K below `_end` unless said otherwise. */
  readonly initEnd?: number;
  /** pfn of `swapper_pg_dir`, whose neighbour is the zero page; the page at `__init_end` unless said otherwise. */
  readonly swapperPgDir?: number;
  /** Physical address of `_text`; 1M unless said otherwise. */
  readonly textStart?: number;
  /** The kernel's configuration; one CPU with high memory unless said otherwise. */
  readonly config?: KernelConfig;
  /** Minimum number of bytes, from the start of lowmem, that the domain builder maps; the builder's own rule unless said otherwise. */
  readonly templateBytes?: number;
  /** Machine frames of a Xen guest: a permutation unless said otherwise. */
  readonly p2m?: "permuted" | "identity";
  /** Which page bootmem takes first; `lowest-first`, as the kernels of 2007 did, unless said otherwise. */
  readonly bootmem?: BootmemOrder;
  /** Pages with special properties beyond those that the back-end knows (for `query-special`). */
  readonly special?: readonly SpecialRange[];
  /**
   * Pages, as pfns `first` to `end` - 1, that are not free for the kernel: holes of the firmware's memory map, or what other code has reserved. They are mapped
   * as all of lowmem is; no page table comes from them. None unless said otherwise.
   */
  readonly reserved?: readonly PageRun[];
  /**
   * Whether the kernel can borrow a leaf of the boot map to reach a page that no entry maps yet: `early_ioremap` of 2008, which no kernel of
   * 2007 had. Its alloc hook then skips such a page. False unless said otherwise; kernel releases with `early_ioremap` always have it.
   */
  readonly earlyIoremap?: boolean;
  /** The release whose `make_pte` the kernel has under Xen: that of `2.6.23` loses NX (trap T27). The one of the platform unless said otherwise. */
  readonly makePte?: "2.6.23" | "2.6.26";
  /** Stops the boot after this many writes; the run then shows the machine at that step. */
  readonly until?: number;
  /** Makes the hypervisor of a Xen platform: a subclass that records hypercalls, say. A `Hypervisor` unless said otherwise. */
  readonly hypervisor?: (options: HypervisorOptions) => Hypervisor;
  /** Makes the memory of a native machine: a subclass that records stores, say. A `PhysicalMemory` unless said otherwise. */
  readonly physicalMemory?: (bytes: number) => PhysicalMemory;
  /** Whether to record every write; true unless said otherwise. */
  readonly trace?: boolean;
}

/** Options without a constant default: it follows from other options, or is made with the machine. */
type Following = "initEnd" | "swapperPgDir" | "makePte" | "physicalMemory";

const UNSET = { initEnd: undefined, swapperPgDir: undefined, makePte: undefined, physicalMemory: undefined } as const;

/** The defaults of a boot. They stand only here. */
export const BOOT_DEFAULTS: Required<Omit<BootOptions, "platform" | "strategy" | Following>> = Object.freeze({
  memory: "64M",
  kernelEnd: 0x50_0000,
  textStart: 0x10_0000,
  config: DEFAULT_CONFIG,
  templateBytes: 0,
  p2m: "permuted",
  bootmem: "lowest-first",
  special: Object.freeze([]),
  reserved: Object.freeze([]),
  earlyIoremap: false,
  until: Infinity,
  hypervisor: (made: HypervisorOptions) => new Hypervisor(made),
  trace: true,
});

/** The options of a boot after the checks, with all defaults filled in. */
export interface Setup extends Required<Omit<BootOptions, "platform" | "strategy" | "memory" | Following>> {
  /** Physical address of `__init_end`. */
  readonly initEnd: number | undefined;
  /** pfn of `swapper_pg_dir`. */
  readonly swapperPgDir: number | undefined;
  /** The `make_pte` of this boot; undefined if the platform decides. */
  readonly makePte: BootOptions["makePte"] | undefined;
  /** Makes the memory of a native machine. */
  readonly physicalMemory: BootOptions["physicalMemory"] | undefined;
  /** The platform. */
  readonly platform: Platform;
  /** The strategy. */
  readonly strategy: Strategy;
  /** Bytes of memory. */
  readonly memoryBytes: number;
}

/** A memory size that some platform can have. */
export const memorySize: Check = (value: unknown): void => void parseMemory(value as string | number);

const checkOptions = optionsOf("boot", {
  platform: anyPlatform,
  strategy: anyStrategy,
  memory: optional(memorySize),
  kernelEnd: optional(integer(0, 2 ** 32)),
  initEnd: optional(integer(0, 2 ** 32)),
  swapperPgDir: optional(integer(0x100, 2 ** 20)),
  textStart: optional(integer(0x10_0000, 2 ** 32, 4096)),
  config: optional(configShape),
  templateBytes: optional(integer(0, 2 ** 32)),
  p2m: optional(oneOf("permuted", "identity")),
  bootmem: optional(oneOf("lowest-first", "highest-first")),
  special: optional(list(specialRange)),
  reserved: optional(reservedRanges),
  earlyIoremap: optional(flag),
  makePte: optional(oneOf("2.6.23", "2.6.26")),
  until: optional((value, name) => value === Infinity || integer(0, Number.MAX_SAFE_INTEGER)(value, name)),
  hypervisor: optional(callable),
  physicalMemory: optional(callable),
  trace: optional(flag),
});

/**
 * Checks the options of a boot and fills in the defaults.
 *
 * @param options The options.
 * @returns A frozen copy, so later changes to the options do not matter.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If an id is unknown, a size is out of range, or strategy and platform do not go together (`voidReason`).
 */
export function setupOf(options: BootOptions): Setup {
  checkOptions(options, "the argument of boot");
  const { platform: named, strategy: meant, memory, ...rest } = options;
  const platform = resolvePlatform(named);
  const strategy = resolveStrategy(meant);
  const reason = voidReason(strategy, platform);
  if (reason !== undefined) {
    throw new RangeError(`Expected a strategy that fits ${platform.id} but found ${strategy.id}: ${reason}`);
  }
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  const setup = {
    ...BOOT_DEFAULTS,
    ...UNSET,
    ...Object.fromEntries(given) as typeof rest,
  };
  const { special, reserved, templateBytes, kernelEnd, initEnd, swapperPgDir, config } = setup;
  const memoryBytes = memoryFor(platform, memory ?? BOOT_DEFAULTS.memory);
  integer(0, memoryBytes)(templateBytes, "templateBytes");
  integer(0x20_0000, memoryBytes / 2, 4096)(kernelEnd, "kernelEnd");
  optional(integer(0x10_1000, kernelEnd - 0x2000, 4096))(initEnd, "initEnd");
  optional(integer(0x101, kernelEnd / 4096 - 2))(swapperPgDir, "swapperPgDir");
  return Object.freeze({
    ...setup,
    config: Object.freeze({ ...config }),
    special: frozenRanges(special),
    reserved: frozenRanges(reserved),
    platform,
    strategy,
    memoryBytes,
  });
}

function frozenRanges<T extends PageRun>(ranges: readonly T[]): readonly T[] {
  return Object.freeze(ranges.map((range) => Object.freeze({ ...range })));
}

/**
 * A copy of a boot's options, so that later changes to the caller's object do not matter.
 *
 * @param options The options.
 * @param setup The checked options.
 * @returns A frozen copy; a caller's own platform and the ranges are copied too.
 */
export function keptOptions(options: BootOptions, { platform, special, reserved }: Setup): BootOptions {
  const own = typeof options.platform === "string" ? options.platform : platform;
  return Object.freeze({
    ...options,
    platform: own,
    ...(options.special === undefined ? {} : { special }),
    ...(options.reserved === undefined ? {} : { reserved }),
  });
}

/**
 * The memory size of a machine in bytes, which must not be more than the platform can have.
 *
 * @param platform The platform.
 * @param memory Bytes, or text such as `64M`.
 * @returns Bytes.
 * @throws {RangeError} If the platform cannot have it: by name, before anything runs.
 */
export function memoryFor(platform: Platform, memory: string | number): number {
  const bytes = parseMemory(memory);
  const max = maxMemoryOf(platform);
  if (bytes <= max) return bytes;
  throw new RangeError(
    `Expected memory of at most ${max / 2 ** 20}M on ${platform.id} but found ${
      show(memory)
    }: its frames would not fit`,
  );
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
 * import { findPlatform, voidReason } from "@pagetable-init/textbook/boot";
 * import { findStrategy } from "@pagetable-init/textbook/strategies";
 *
 * assertEquals(voidReason(findStrategy("write-always"), findPlatform("xen-4level")), undefined);
 * ```
 */
export function voidReason(strategy: Strategy, platform: Platform): string | undefined {
  anyStrategy(strategy, "strategy");
  anyPlatform(platform, "platform");
  if (!strategy.release.setupHooks && platform.mode.linearBits > 32) {
    return "paravirt_ops of 2.6.21 is for 32-bit kernels only";
  }
  return undefined;
}
