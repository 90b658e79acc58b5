/**
 * The space that is searched: machines as plain data, how they are made at random, and which of two is the simpler one.
 *
 * @module
 */

import { type Arbitrary, array, boolean, constant, constantFrom, integer, oneof, record, tuple } from "fast-check";
import type { BootOptions } from "../../core/boot.ts";
import { DEFAULT_CONFIG, KERNEL_RELEASES, type PageRun } from "../../core/kernel/mod.ts";
import type { SpecialRange } from "../../core/paravirt/mod.ts";
import { findPlatform, type Platform, type PlatformId, PLATFORMS } from "../../core/platforms.ts";
import { BOOT_DEFAULTS } from "../../core/setup.ts";
import type { Strategy } from "../../core/strategies/mod.ts";

/** A machine and a kernel build: everything that a boot may vary but the strategy. Plain data, sizes in pages. */
export interface MachineCase {
  /** Platform that it is made from. */
  readonly platform: PlatformId;
  /** Features of its CPU. */
  readonly pse: boolean;
  readonly pge: boolean;
  readonly nx: boolean;
  /** Pages of memory. */
  readonly memory: number;
  /** pfn of `_end`. */
  readonly kernelEnd: number;
  /** Pages from `__init_end` to `_end`; 0 for the default. */
  readonly bss: number;
  /** Pages that a domain builder maps at least. */
  readonly template: number;
  readonly p2m: "permuted" | "identity";
  readonly bootmem: "lowest-first" | "highest-first";
  readonly earlyIoremap: boolean;
  readonly highmem: boolean;
  /** Permanent slots of the fixmap. */
  readonly fixmapSlots: number;
  /** Low pages that other code has taken before bootmem. */
  readonly lowPagesTaken: number;
  /** Kernel release, if not the strategy's own. */
  readonly release: keyof typeof KERNEL_RELEASES | undefined;
  /** Pages that are special for other reasons than being tables. */
  readonly special: readonly SpecialRange[];
  /** Pages that are not free: holes of the memory map, and what other code has reserved. */
  readonly reserved: readonly PageRun[];
}

/** Which machines are searched. */
export interface Space {
  /** Platforms that machines are made from. */
  readonly platforms: readonly PlatformId[];
  /** Most pages of memory. */
  readonly maxMemory: number;
  /** Only what there was in 2007: no later platform, bootmem as it was, no aid of 2008, no later kernel. */
  readonly of2007: boolean;
}

/** Platforms of which 2007 knows nothing yet. */
const LATER: readonly PlatformId[] = ["xen-pae-nx-2008", "xen-4level"];
/** Pages of the smallest machine. */
export const MIN_MEMORY = 4096;
const MIN_KERNEL_END = 0x200;
const DEFAULT_KERNEL_END = BOOT_DEFAULTS.kernelEnd / 4096;

/** What every machine is like unless something is said of it. */
export const PLAIN: Omit<MachineCase, "platform" | "pse" | "pge" | "nx"> = Object.freeze({
  memory: MIN_MEMORY,
  kernelEnd: DEFAULT_KERNEL_END,
  bss: 0,
  template: 0,
  p2m: "permuted",
  bootmem: "lowest-first",
  earlyIoremap: false,
  highmem: true,
  fixmapSlots: DEFAULT_CONFIG.permanentFixmapSlots,
  lowPagesTaken: 0,
  release: undefined,
  special: Object.freeze([]),
  reserved: Object.freeze([]),
});

/** The platforms of a space. */
export function platformsOf({ platforms, of2007 }: Pick<Space, "platforms" | "of2007">): readonly PlatformId[] {
  return of2007 ? platforms.filter((id) => !LATER.includes(id)) : platforms;
}

/** Rarely something else than a plain value, so that most machines differ from the plain one in a few things only. */
function mostly<T>(plain: T, other: Arbitrary<T>): Arbitrary<T> {
  return oneof({ weight: 3, arbitrary: constant(plain) }, { weight: 1, arbitrary: other });
}

/** A few ranges of pages, seldom any. */
function ranges(memory: number): Arbitrary<readonly PageRun[]> {
  const range = record({ first: integer({ min: 0, max: memory - 1 }), pages: integer({ min: 1, max: 2048 }) })
    .map(({ first, pages }) => ({ first, end: Math.min(first + pages, memory) }));
  return mostly<readonly PageRun[]>([], array(range, { minLength: 1, maxLength: 3 }));
}

function specialRanges(memory: number): Arbitrary<readonly SpecialRange[]> {
  const property = constantFrom("read-only" as const, "uncached" as const, "write-combining" as const);
  const properties = tuple(property, property, property);
  return tuple(ranges(memory), properties)
    .map(([all, names]) => all.map((range, at) => ({ ...range, property: names[at % names.length] ?? "read-only" })));
}

function dated<T>({ of2007 }: Space, plain: T, later: Arbitrary<T>): Arbitrary<T> {
  return of2007 ? constant(plain) : mostly(plain, later);
}

/**
 * Machines of a space at random.
 *
 * @param space The space.
 * @returns What fast-check generates.
 */
export function machines(space: Space): Arbitrary<MachineCase> {
  const memory = oneof(
    integer({ min: MIN_MEMORY, max: space.maxMemory }),
    constantFrom(MIN_MEMORY, Math.min(2 * MIN_MEMORY, space.maxMemory), space.maxMemory),
  );
  const platform = constantFrom(...platformsOf(space));
  return tuple(memory, platform).chain(([memory, platform]) => {
    const { cpu } = findPlatform(platform);
    const feature = (has: boolean) => has ? boolean() : constant(false);
    return record({
      platform: constant(platform),
      pse: feature(cpu.pse),
      pge: feature(cpu.pge),
      nx: feature(cpu.nx),
      memory: constant(memory),
      kernelEnd: mostly(DEFAULT_KERNEL_END, integer({ min: MIN_KERNEL_END, max: Math.floor(memory / 2) })),
      bss: mostly(0, integer({ min: 2, max: 0x80 })),
      template: mostly(0, integer({ min: 0, max: memory })),
      p2m: mostly("permuted" as const, constant("identity" as const)),
      bootmem: dated(space, "lowest-first" as const, constant("highest-first" as const)),
      earlyIoremap: dated(space, false, constant(true)),
      highmem: mostly(true, constant(false)),
      fixmapSlots: mostly(DEFAULT_CONFIG.permanentFixmapSlots, integer({ min: 1, max: 200 })),
      lowPagesTaken: mostly(0, integer({ min: 0, max: 0x90 })),
      release: dated(space, undefined, constantFrom(...RELEASES)),
      special: specialRanges(memory),
      reserved: ranges(memory),
    });
  });
}

const RELEASES = Object.keys(KERNEL_RELEASES) as (keyof typeof KERNEL_RELEASES)[];

/** The platform of a machine: a row of the matrix, or one with less of a CPU. */
export function platformOf({ platform, pse, pge, nx }: MachineCase): Platform {
  const row = findPlatform(platform);
  if (row.cpu.pse === pse && row.cpu.pge === pge && row.cpu.nx === nx) return row;
  return { ...row, cpu: { ...row.cpu, pse, pge, nx } };
}

/**
 * What to boot.
 *
 * @param machine The machine.
 * @param strategy The strategy.
 * @returns Options for `boot`; what is plain is left out.
 */
export function optionsOf(machine: MachineCase, strategy: Strategy): BootOptions {
  const { release } = machine;
  const platform = platformOf(machine);
  return {
    platform: findPlatform(machine.platform) === platform ? machine.platform : platform,
    strategy: release === undefined || !isOfDebate(strategy) ? strategy : {
      ...strategy,
      release: KERNEL_RELEASES[release],
    },
    ...settings(machine),
  };
}

/** Whether a strategy lives in a kernel of the debate. Later ones need what their own kernels have. */
export function isOfDebate({ release }: Pick<Strategy, "release">): boolean {
  return release === KERNEL_RELEASES["2.6.21"] || release === KERNEL_RELEASES["2.6.22"];
}

/** Options of a boot that are neither platform nor strategy. */
export function settings(machine: MachineCase): Omit<BootOptions, "platform" | "strategy"> {
  const { memory, kernelEnd, bss, template, p2m, bootmem, earlyIoremap, highmem, fixmapSlots } = machine;
  const { lowPagesTaken, special, reserved } = machine;
  const config = { ...DEFAULT_CONFIG, highmem, permanentFixmapSlots: fixmapSlots, lowPagesTaken };
  const plainConfig = highmem && fixmapSlots === PLAIN.fixmapSlots && lowPagesTaken === 0;
  return {
    memory: memory * 4096,
    ...(kernelEnd === PLAIN.kernelEnd ? {} : { kernelEnd: kernelEnd * 4096 }),
    ...(bss === 0 ? {} : { initEnd: (kernelEnd - bss) * 4096 }),
    ...(template === 0 ? {} : { templateBytes: template * 4096 }),
    ...(p2m === PLAIN.p2m ? {} : { p2m }),
    ...(bootmem === PLAIN.bootmem ? {} : { bootmem }),
    ...(earlyIoremap ? { earlyIoremap } : {}),
    ...(plainConfig ? {} : { config }),
    ...(special.length === 0 ? {} : { special }),
    ...(reserved.length === 0 ? {} : { reserved }),
  };
}

/**
 * How simple a machine is, as numbers to be compared one after the other: fewest CPU features, least memory, fewest options that are
 * not the plain ones, those the nearest to plain, and the platform that stands first in the matrix.
 *
 * @param machine The machine.
 * @returns The smaller, the simpler.
 */
export function complexityOf(machine: MachineCase): readonly number[] {
  const { pse, pge, nx, memory, platform } = machine;
  const distances = OTHERS.map((name) => distance(machine, name));
  return [
    Number(pse) + Number(pge) + Number(nx),
    memory,
    distances.filter((it) => it > 0).length,
    distances.reduce((sum, it) => sum + it, 0),
    PLATFORMS.findIndex(({ id }) => id === platform),
  ];
}

/** The options that have a plain value. */
export const OTHERS: readonly Exclude<keyof typeof PLAIN, "memory">[] = Object.freeze([
  "kernelEnd",
  "bss",
  "template",
  "p2m",
  "bootmem",
  "earlyIoremap",
  "highmem",
  "fixmapSlots",
  "lowPagesTaken",
  "release",
  "special",
  "reserved",
]);

/** How far an option is from plain: a number of pages or slots, or 1. */
function distance(machine: MachineCase, name: typeof OTHERS[number]): number {
  if (name === "special" || name === "reserved") {
    return machine[name].reduce((sum, { first, end }) => sum + 1 + end - first, 0);
  }
  const [value, plain] = [machine[name], PLAIN[name]];
  if (typeof value === "number" && typeof plain === "number") return Math.abs(value - plain);
  return value === plain ? 0 : 1;
}

/** Whether a machine is simpler than another. */
export function isSimpler(a: MachineCase, b: MachineCase): boolean {
  const [left, right] = [complexityOf(a), complexityOf(b)];
  const at = left.findIndex((it, i) => it !== right[i]);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}
