/**
 * A guest of Xen whose kernel has not run yet, with short names for what a chapter says about it.
 *
 * @module
 */

import { type Cpu, CPUS, type Mode, MODES } from "../../core/mmu/mod.ts";
import { buildDomain, Hypervisor, type StartInfo, XEN_RELEASES } from "../../core/xen/mod.ts";

const PAGES = 0x4000; // 64 MiB
const FIRST_FRAME = 0x1000;
const MACHINE_FRAMES = 0x5000;
const PAGE_OFFSET = 0xc0000000;

/** What may be chosen of a guest. */
export interface XenGuestOptions {
  /** Release of Xen: 3.1 if not given. */
  readonly release?: keyof typeof XEN_RELEASES;
  /** Paging mode: PAE if not given. */
  readonly mode?: Mode;
  /** CPU: a Pentium III if not given. */
  readonly cpu?: Cpu;
  /** Whether frames follow one another, pfn 0 in frame 0x1000, instead of being mixed. */
  readonly inOrder?: boolean;
}

/** A guest with 64 MiB at 0xc0000000. */
export interface XenGuest {
  /** Its hypervisor. */
  readonly xen: Hypervisor;
  /** Where the domain builder has put kernel, p2m and page tables. */
  readonly start: StartInfo;
  /** The machine frame of a pfn. */
  readonly p2m: (pfn: number) => number;
  /** The linear address of a page, as a signed word. */
  readonly va: (pfn: number) => number;
  /** The low word of an entry for a page, with flags. */
  readonly entry: (pfn: number, flags: number) => number;
  /** What Xen has printed since it was last asked. */
  readonly said: () => string[];
}

/**
 * Builds a guest of Xen.
 *
 * @param options What to choose; nothing gives the guest of chapter 6.
 * @returns The guest, before its kernel's first instruction.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { xenGuest } from "@pagetable-init/chapters";
 *
 * const { xen, va, entry, said } = xenGuest();
 * assertEquals(xen.updateVaMapping(0, va(0x515), 0, entry(0x515, 0x063)).rc, -22);
 * assertEquals(said()[0], "Bad type (saw 28000001 != exp e0000000) for mfn 128e (pfn 515)");
 * ```
 */
export function xenGuest(options: XenGuestOptions = {}): XenGuest {
  const { release = "3.1", mode = MODES.pae, cpu = CPUS.p6, inOrder = false } = options;
  const p2m = (pfn: number) => FIRST_FRAME + (inOrder ? pfn : (pfn * 7919 + 3571) % PAGES);
  const xen = new Hypervisor({
    release: XEN_RELEASES[release],
    mode,
    cpu,
    guestPages: PAGES,
    machineFrames: MACHINE_FRAMES,
    p2m,
  });
  return {
    xen,
    start: buildDomain(xen),
    p2m,
    va: (pfn) => (PAGE_OFFSET + pfn * 4096) | 0,
    entry: (pfn, flags) => (p2m(pfn) << 12) | flags,
    said: () => xen.log.splice(0).map(({ text }) => text),
  };
}
