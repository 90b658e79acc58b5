/**
 * The platforms of the debate: one row for each pair of a machine and a host.
 *
 * @module
 */

import { type Check, flag, integer, oneOf, optional, options, shape, text, word } from "./check.ts";
import { SHADOW_FRAMES } from "./hosts/mod.ts";
import { findById } from "./ids.ts";
import { ADDRESS_SPACES, type AddressSpace } from "./kernel/mod.ts";
import { type Cpu, CPUS, type Mode, MODES } from "./mmu/mod.ts";
import { cpuShape } from "./mmu/cpus.ts";
import { XEN_FRAMES, XEN_RELEASES, type XenRelease } from "./xen/mod.ts";

/**
 * Ids of the platforms.
 *
 * @category Types
 */
export type PlatformId =
  | "native-486"
  | "native-pentium"
  | "native-p6"
  | "native-p6-pae"
  | "native-k8-pae"
  | "native-k8-pae-4k"
  | "xen-2level"
  | "xen-pae"
  | "xen-pae-nx"
  | "xen-pae-nx-2008"
  | "lguest"
  | "vmi"
  | "xen-4level";

/**
 * A machine and the host between it and the kernel. A caller's own platform is a row with another id.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot, type Platform } from "@pagetable-init/textbook";
 * import { findPlatform } from "@pagetable-init/textbook/boot";
 *
 * const p6 = findPlatform("native-p6");
 * const cpu = { ...p6.cpu, id: "p6-4k", name: "Pentium III without PSE", pse: false };
 * const mine: Platform = { ...p6, id: "native-p6-4k", cpu };
 * assertEquals(boot({ platform: mine, strategy: "filter-set-pte" }).kernel.features.pse, false);
 * ```
 * @category Types
 */
export interface Platform<Id extends string = string> {
  /** Stable id, used on the command line and in reports. */
  readonly id: Id;
  /** Name for people. */
  readonly title: string;
  /** The CPU. */
  readonly cpu: Cpu;
  /** Paging mode of the kernel's tables. */
  readonly mode: Mode;
  /** Which back-end performs the kernel's paravirt operations. */
  readonly host: "native" | "xen" | "lguest" | "vmi";
  /** The hypervisor's release, under Xen. */
  readonly release?: XenRelease;
  /** The kernel's address space. */
  readonly space: AddressSpace;
  /** CPU features that the host shows to the kernel, where they differ from those of the CPU. */
  readonly features: { readonly pse?: boolean; readonly pge?: boolean };
  /** The release whose `make_pte` the kernel has under Xen: that of 2.6.23 loses NX, that of 2.6.26 (June 2008) keeps it (trap T27). 2.6.26 unless said otherwise. */
  readonly makePte?: "2.6.23" | "2.6.26";
  /** A remark for reports: history, or a limit of the model. */
  readonly note: string;
}

const { native, xen2Level, xenPae, lguest, long } = ADDRESS_SPACES;
const HIDDEN = Object.freeze({ pse: false, pge: false });

/** The rows, thawed. */
const ROWS: readonly Platform<PlatformId>[] = [
  row("native-486", "bare 486", CPUS.i486, MODES["two-level"], "native", native, "no PSE, no PGE"),
  row("native-pentium", "bare Pentium", CPUS.pentium, MODES["two-level"], "native", native, "PSE"),
  row("native-p6", "bare Pentium III", CPUS.p6, MODES["two-level"], "native", native, "PSE and PGE"),
  row("native-p6-pae", "bare Pentium III, PAE", CPUS.p6, MODES.pae, "native", native, "PSE (2M) and PGE, no NX"),
  row("native-k8-pae", "bare K8, PAE", CPUS.k8, MODES.pae, "native", native, "PSE, PGE, NX"),
  {
    ...row(
      "native-k8-pae-4k",
      "bare K8, PAE, 4K pages",
      CPUS.k8,
      MODES.pae,
      "native",
      native,
      "PSE cleared, as DEBUG_PAGEALLOC does",
    ),
    features: { pse: false },
  },
  xen("xen-2level", "Xen 3.1, two-level", CPUS.p6, MODES["two-level"], xen2Level, "3.1", "PSE and PGE hidden"),
  xen("xen-pae", "Xen 3.1, PAE", CPUS.p6, MODES.pae, xenPae, "3.1", "PSE and PGE hidden, no NX"),
  {
    ...xen("xen-pae-nx", "Xen 3.1, PAE, NX", CPUS.k8, MODES.pae, xenPae, "3.1", "as in 2007: make_pte loses NX"),
    makePte: "2.6.23",
  },
  {
    ...xen(
      "xen-pae-nx-2008",
      "Xen 3.1, PAE, NX, 2008",
      CPUS.k8,
      MODES.pae,
      xenPae,
      "3.1",
      "after 2007: make_pte of 2.6.26 (June 2008) keeps NX",
    ),
    makePte: "2.6.26",
  },
  {
    ...row(
      "lguest",
      "lguest",
      CPUS.p6,
      MODES["two-level"],
      "lguest",
      lguest,
      "shadow tables: no read-only rule; PSE hidden, PGE forced",
    ),
    features: { pse: false, pge: true },
  },
  row("vmi", "VMI", CPUS.p6, MODES["two-level"], "vmi", native, "told of every table before it is used"),
  xen(
    "xen-4level",
    "Xen 4.17, 4-level",
    CPUS.today,
    MODES["4-level"],
    long,
    "4.17",
    "after 2007: today's 64-bit contract",
  ),
];

/**
 * The platforms, in the order of the matrix.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PLATFORMS } from "@pagetable-init/textbook";
 *
 * assertEquals(PLATFORMS[0]?.id, "native-486");
 * ```
 * @category Facts
 */
export const PLATFORMS: readonly Platform<PlatformId>[] = Object.freeze(ROWS.map((row) => Object.freeze(row)));

/**
 * The platform with an id.
 *
 * @param id For example `xen-pae`.
 * @returns The platform.
 * @throws {RangeError} If no platform has the id. The message names the known ones.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findPlatform } from "@pagetable-init/textbook/boot";
 *
 * assertEquals(findPlatform("xen-pae").mode.id, "pae");
 * ```
 */
export function findPlatform(id: string): Platform<PlatformId> {
  return findById("platform", PLATFORMS, id);
}

/** The check of an address space: its numbers are linear addresses, or bytes. */
const SPACE = shape("an address space", {
  pageOffset: word,
  fixaddrTop: word,
  maxLowmem: integer(2 ** 22, 2 ** 32, 4096),
  pkmap: flag,
  memoryMap: oneOf("pc", "one-range"),
});

const platformShape = shape("the id of a platform, or a platform of one's own", {
  id: text,
  title: text,
  cpu: cpuShape,
  mode: shape("a paging mode", { id: oneOf(...Object.keys(MODES)) }),
  host: oneOf("native", "xen", "lguest", "vmi"),
  release: optional(shape("a release of Xen", { id: oneOf(...Object.keys(XEN_RELEASES)) })),
  space: SPACE,
  features: options("a platform's CPU features", { pse: optional(flag), pge: optional(flag) }),
  makePte: optional(oneOf("2.6.23", "2.6.26")),
  note: text,
});

/** The check of a platform option: an id, or a caller's own platform. */
export const anyPlatform: Check = (value: unknown, name: string): void => {
  if (typeof value === "string") findPlatform(value);
  else platformShape(value, name);
};

/**
 * The platform that an option names or holds.
 *
 * @param platform An id, or a caller's own platform.
 * @returns The row of the id, or a frozen copy.
 * @throws {TypeError} If a field is of a wrong kind.
 * @throws {RangeError} If the id is unknown, or CPU, mode and host do not go together.
 */
export function resolvePlatform(platform: string | Platform): Platform {
  if (typeof platform === "string") return findPlatform(platform);
  platformShape(platform, "platform");
  const { cpu, mode, space, features } = platform;
  const misfit = misfitOf(platform);
  if (misfit !== undefined) throw new RangeError(`Expected ${misfit} of platform ${platform.id} but found neither`);
  return Object.freeze({
    ...platform,
    cpu: Object.freeze({ ...cpu }),
    mode: MODES[mode.id],
    space: Object.freeze({ ...space }),
    features: Object.freeze({ ...features }),
  });
}

/** Why CPU, mode, host and release of a platform do not go together; undefined if they do. */
function misfitOf({ cpu, mode, host, release }: Platform): string | undefined {
  if (mode.entryWords === 2 && !cpu.pae) return `a CPU with PAE, or two-level paging,`;
  if (mode.linearBits > 32 && !cpu.longMode) return `a CPU with long mode, or a 32-bit mode,`;
  if (host === "xen" && release === undefined) return "a release of Xen, or another host,";
  if (host === "xen" && release?.contracts[mode.id] === undefined) {
    return `a mode that Xen ${release?.id} runs guests in,`;
  }
  if (host !== "xen" && mode.linearBits > 32) return "Xen, or a 32-bit mode,";
  if ((host === "lguest" || host === "vmi") && mode.entryWords === 2) return `native or Xen, or two-level paging,`;
  return undefined;
}

/**
 * The most memory that a guest of a platform can have: the memory that its frame numbers reach, less the host's share.
 *
 * @param platform The platform.
 * @returns Bytes. lguest's launcher maps all of it from PAGE_OFFSET on, so that it ends where linear addresses do.
 */
export function maxMemoryOf({ cpu, mode, host, space }: Platform): number {
  const frames = 2 ** (Math.min(cpu.physicalBits, mode.entryWords === 1 ? 32 : 52) - 12);
  if (host === "xen") return (frames - XEN_FRAMES) * 4096;
  if (host === "lguest") return Math.min((frames - SHADOW_FRAMES) * 4096, 2 ** 32 - space.pageOffset);
  return frames * 4096;
}

function row(
  id: PlatformId,
  title: string,
  cpu: Cpu,
  mode: Mode,
  host: Platform["host"],
  space: AddressSpace,
  note: string,
): Platform<PlatformId> {
  return { id, title, cpu, mode, host, space, features: {}, note };
}

function xen(
  id: PlatformId,
  title: string,
  cpu: Cpu,
  mode: Mode,
  space: AddressSpace,
  release: keyof typeof XEN_RELEASES,
  note: string,
): Platform<PlatformId> {
  return { ...row(id, title, cpu, mode, "xen", space, note), release: XEN_RELEASES[release], features: HIDDEN };
}
