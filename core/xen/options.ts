/**
 * The options of a domain, and their checks.
 *
 * @module
 */

import { modeShape } from "../mmu/shapes.ts";
import { cpuShape } from "../mmu/cpus.ts";
import { callable, type Check, flag, integer, optional, options, shape, text } from "../check.ts";
import { aMachine } from "../mmu/machine.ts";
import { type Cpu, Machine, type Mode, PhysicalMemory } from "../mmu/mod.ts";
import type { XenContract, XenRelease } from "./contract.ts";

/**
 * The first frames of the machine are Xen's (and the first 256 of them I/O space): no domain has them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { XEN_FRAMES } from "@pagetable-init/textbook/xen";
 *
 * const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M", p2m: "identity" });
 * assertEquals(kernel.ops.toMachine(5), XEN_FRAMES + 5);
 * ```
 */
export const XEN_FRAMES = 0x1000;
/** Frames that count as I/O space: the first megabyte. */
export const IO_FRAMES = 0x100;
const MAX_MACHINE_FRAMES = 0x20_0000;

/** The options of a domain. */
export interface HypervisorOptions {
  /** The release of Xen. */
  readonly release: XenRelease;
  /** The guest's paging mode. */
  readonly mode: Mode;
  /** The CPU. */
  readonly cpu: Cpu;
  /** Pages of the domain: `nr_pages`. */
  readonly guestPages: number;
  /** Machine frame of a pfn: a one-to-one map into the machine's memory above `XEN_FRAMES`. */
  readonly p2m: (pfn: number) => number;
  /** Frames of the machine. */
  readonly machineFrames: number;
  /** The CPU, if it exists already: paging off, `machineFrames` of memory. A new one unless said otherwise. */
  readonly machine?: Machine;
  /** Whether the domain has I/O rights, as dom0 has: it may then map I/O space. False unless said otherwise. */
  readonly privileged?: boolean;
  /** Whether Xen is a debug build, which forbids the flag that marks grants in L1 entries. False unless said otherwise. */
  readonly debug?: boolean;
  /**
   * Whether Xen's slots in the L4 of a 64-bit guest hold all entries of the real Xen. False unless said otherwise: then they hold the machine-to-physical
   * table alone. The others are Xen's linear map and its map of all memory. The guest's kernel runs in ring 3 and cannot use them, and an audit would
   * have to leave them out.
   */
  readonly ownMappings?: boolean;
}

/** A listener for entries: machine frame of the table, index, old words, new words. */
export type EntryWriteListener = (
  mfn: number,
  index: number,
  oldHi: number,
  oldLo: number,
  newHi: number,
  newLo: number,
) => void;

/**
 * The contract of a release for a mode.
 *
 * @param options What the domain is made of.
 * @returns The contract.
 * @throws {RangeError} If the release did not run guests in that mode.
 */
export function contractOf({ release, mode }: HypervisorOptions): XenContract {
  const contract = release.contracts[mode.id];
  if (contract === undefined) {
    throw new RangeError(
      `Expected a mode of Xen ${release.id} (${Object.keys(release.contracts).join(", ")}) but found ${mode.id}`,
    );
  }
  return contract;
}

/**
 * The machine of a domain: the one given, or a new one.
 *
 * @param options What the domain is made of.
 * @returns The machine.
 * @throws {RangeError} If the number of frames is out of range, or not that of the machine given.
 */
export function machineOf({ machine, cpu, machineFrames }: HypervisorOptions): Machine {
  if (!Number.isInteger(machineFrames) || machineFrames <= XEN_FRAMES || machineFrames > MAX_MACHINE_FRAMES) {
    throw new RangeError(
      `Expected ${XEN_FRAMES + 1} to ${MAX_MACHINE_FRAMES} machine frames but found ${machineFrames}`,
    );
  }
  if (machine !== undefined && machine.memory.frames !== machineFrames) {
    throw new RangeError(`Expected a machine of ${machineFrames} frames but found ${machine.memory.frames}`);
  }
  return machine ?? new Machine(cpu, new PhysicalMemory(machineFrames * 4096));
}

/** A release of Xen: one of `XEN_RELEASES`. */
export const releaseShape: Check = shape("a release of Xen (XEN_RELEASES)", {
  id: text,
  contracts: shape("contracts by paging mode", {}),
  typeInfo: shape("where a type word has its bits", {}),
});

/** The options of a hypervisor. The ranges of numbers are checked where they are used. */
export const hypervisorOptions: Check = options("a hypervisor", {
  release: releaseShape,
  mode: modeShape,
  cpu: cpuShape,
  guestPages: integer(1, 2 ** 28),
  p2m: callable,
  machineFrames: integer(1, 2 ** 28),
  machine: optional(aMachine),
  privileged: optional(flag),
  debug: optional(flag),
  ownMappings: optional(flag),
});
