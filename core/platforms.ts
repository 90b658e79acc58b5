/**
 * The machines of the debate, as rows.
 *
 * @module
 */

import { findById } from "./ids.ts";
import { ADDRESS_SPACES, type AddressSpace } from "./kernel/mod.ts";
import { type Cpu, CPUS, type Mode, MODES } from "./mmu/mod.ts";
import { XEN_RELEASES, type XenRelease } from "./xen/mod.ts";

/** A machine, and what stands between it and the kernel. */
export interface Platform {
  /** Stable id, used on the command line and in reports. */
  readonly id: string;
  /** Name for people. */
  readonly title: string;
  /** The CPU. */
  readonly cpu: Cpu;
  /** Paging mode of the kernel's tables. */
  readonly mode: Mode;
  /** Who answers the kernel's operations. */
  readonly host: "native" | "xen" | "lguest" | "vmi";
  /** The hypervisor's release, under Xen. */
  readonly release?: XenRelease;
  /** The kernel's address space. */
  readonly space: AddressSpace;
  /** Features that the kernel is kept from seeing, or is made to see, whatever the CPU has. */
  readonly features: { readonly pse?: boolean; readonly pge?: boolean };
  /** What to know about it. */
  readonly note: string;
}

const { native, xen2Level, xenPae, lguest, long } = ADDRESS_SPACES;
const HIDDEN = Object.freeze({ pse: false, pge: false });

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
 */
export const PLATFORMS: readonly Platform[] = Object.freeze([
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
  xen(
    "xen-pae-nx",
    "Xen 3.1, PAE, NX",
    CPUS.k8,
    MODES.pae,
    xenPae,
    "3.1",
    "with make_pte of 2.6.26: until then Linux lost NX under Xen",
  ),
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
].map((platform) => Object.freeze(platform)));

/**
 * The platform with an id.
 *
 * @param id For example `xen-pae`.
 * @returns The platform.
 * @throws {RangeError} If there is none: the message names the known ids.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findPlatform } from "@pagetable-init/textbook";
 *
 * assertEquals(findPlatform("xen-pae").mode.id, "pae");
 * ```
 */
export function findPlatform(id: string): Platform {
  return findById("platform", PLATFORMS, id);
}

function row(
  id: string,
  title: string,
  cpu: Cpu,
  mode: Mode,
  host: Platform["host"],
  space: AddressSpace,
  note: string,
): Platform {
  return { id, title, cpu, mode, host, space, features: {}, note };
}

function xen(
  id: string,
  title: string,
  cpu: Cpu,
  mode: Mode,
  space: AddressSpace,
  release: keyof typeof XEN_RELEASES,
  note: string,
): Platform {
  return { ...row(id, title, cpu, mode, "xen", space, note), release: XEN_RELEASES[release], features: HIDDEN };
}
