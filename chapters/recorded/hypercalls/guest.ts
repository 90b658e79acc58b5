/**
 * The guests that the recordings were made with, on the emulated hypervisor.
 *
 * @module
 */

import { CPUS, MODES } from "../../../core/mmu/mod.ts";
import { buildDomain, Hypervisor, MMUEXT, XEN_RELEASES } from "../../../core/xen/mod.ts";
import { hex64, type Words } from "./operation.ts";

/** Frames that have the same number in every recording. */
const FIXED_FRAMES: readonly (readonly [string, number])[] = [
  ["none", 0],
  ["foreign", 0x300],
  ["beyond-ram", 0x7f_ffff],
];
/** The machine of the recordings had 512 MiB. */
const RAM_FRAMES = 0x2_0000;
const PAGES = 12;

/** A guest and the names of its frames. */
export interface RecordedGuest {
  /** The hypervisor. */
  readonly xen: Hypervisor;
  /** Machine frame by name. */
  readonly frames: ReadonlyMap<string, number>;
  /** Linear address of `page0`; the others follow. */
  readonly pageBase: Words;
  /** Bits of an entry's high word that count as flags in the recording. */
  readonly flagsHi: number;
  /** Whether the TLB was emptied after every operation. */
  readonly flushes: boolean;
}

/**
 * The 32-bit guest: dom0 of a debug build of Xen 4.17, in PAE mode. Twelve pages, each mapped once and writable (0x63) by the live `L1`; `L1`, `L2` and
 * `L3` are mapped read-only.
 *
 * @returns A fresh guest.
 */
export function pv32Guest(): RecordedGuest {
  const xen = new Hypervisor({
    release: XEN_RELEASES["4.17"],
    mode: MODES.pae,
    cpu: CPUS.broadwell,
    guestPages: 0x1000,
    machineFrames: RAM_FRAMES,
    p2m: (pfn) => 0x1_e000 + (pfn ^ 0x55),
    privileged: true,
    debug: true,
  });
  const { pageTables: [l3 = 0, l2 = 0, l1 = 0] } = buildDomain(xen, { kernelEnd: 0x14_0000 });
  const firstPage = 0x110;
  const mfnOf = (pfn: number) => xen.domain.p2m[pfn] ?? 0;
  for (let page = 0; page < PAGES; page++) { // the probe has cleared them: A and D are set
    const pfn = firstPage + page;
    xen.machine.memory.write(mfnOf(l1), pfn * 2, (mfnOf(pfn) << 12) | 0x63);
  }
  return {
    xen,
    frames: new Map([
      ...FIXED_FRAMES,
      ...Array.from({ length: PAGES }, (_, page) => [`page${page}`, mfnOf(firstPage + page)] as const),
      ["L1", mfnOf(l1)],
      ["L2", mfnOf(l2)],
      ["L3", mfnOf(l3)],
    ]),
    pageBase: { hi: 0, lo: (0xc000_0000 + firstPage * 4096) | 0 },
    flagsHi: 0x8000_0000 | 0,
    flushes: false,
  };
}

const PAGE_FLAGS = 0x67;
const HOME_SLOT = 384;

/**
 * The 64-bit guest: dom0 of Debian's Xen 4.17. Twelve pages (0x67) in entries 0 to 11 of `L1`, which `L2` links in entry 0, `L3` in entry 1 and the
 * loaded, pinned `L4` in entry 384. Entry 0 of `L3` has a table without a name. No entry maps a table.
 *
 * @returns A fresh guest.
 */
export function pv64Guest(): RecordedGuest {
  const xen = new Hypervisor({
    release: XEN_RELEASES["4.17"],
    mode: MODES["4-level"],
    cpu: CPUS.broadwell,
    guestPages: 0x100,
    machineFrames: RAM_FRAMES,
    p2m: (pfn) => 0x1_e000 + (pfn ^ 0x55),
    privileged: true,
    ownMappings: true,
  });
  const mfnOf = (pfn: number) => xen.domain.p2m[pfn] ?? 0;
  const [l1, l2, l3, l4] = [mfnOf(PAGES), mfnOf(PAGES + 1), mfnOf(PAGES + 2), mfnOf(PAGES + 3)];
  const link = (table: number, index: number, frame: number) =>
    xen.mmuUpdate(table, index, 0, (frame << 12) | PAGE_FLAGS);
  for (let page = 0; page < PAGES; page++) link(l1, page, mfnOf(page));
  link(l2, 0, l1);
  link(l3, 0, mfnOf(PAGES + 4)); // the probe's own pages were there
  link(l3, 1, l2);
  link(l4, HOME_SLOT, l3);
  xen.mmuextOp(MMUEXT.PIN_L4_TABLE, l4);
  xen.mmuextOp(MMUEXT.NEW_BASEPTR, l4);
  return {
    xen,
    frames: new Map([
      ...FIXED_FRAMES,
      ["shared-info", xen.domain.sharedInfoMfn],
      ...Array.from({ length: PAGES }, (_, page) => [`page${page}`, mfnOf(page)] as const),
      ["home", l3],
      ["L1", l1],
      ["L2", l2],
      ["L3", l3],
      ["L4", l4],
    ]),
    pageBase: { hi: 0xffff_c000 | 0, lo: 0x4000_0000 },
    flagsHi: 0xfff0_0000 | 0,
    flushes: true,
  };
}

/**
 * A 64-bit guest of dom0's with pages of its own and nothing in them: `page0` and up, and `home`, in the place of the table that maps the probe.
 *
 * @param pages Number of pages.
 * @returns A fresh guest, without page tables.
 */
export function bareGuest(pages: number): RecordedGuest {
  const xen = new Hypervisor({
    release: XEN_RELEASES["4.17"],
    mode: MODES["4-level"],
    cpu: CPUS.broadwell,
    guestPages: pages + 1,
    machineFrames: RAM_FRAMES,
    p2m: (pfn) => 0x1_e000 - pages + pfn,
    privileged: true,
    ownMappings: true,
  });
  const mfnOf = (pfn: number) => xen.domain.p2m[pfn] ?? 0;
  return {
    xen,
    frames: new Map([
      ...FIXED_FRAMES,
      ["shared-info", xen.domain.sharedInfoMfn],
      ["home", mfnOf(pages)],
      ...Array.from({ length: pages }, (_, page) => [`page${page}`, mfnOf(page)] as const),
    ]),
    pageBase: { hi: 0, lo: 0 },
    flagsHi: 0xfff0_0000 | 0,
    flushes: false,
  };
}

/**
 * The name of a frame, as the recordings write it.
 *
 * @param guest The guest.
 * @param mfn Machine frame.
 * @returns Its last name; `xen` for one without name in memory, `beyond-ram` for one outside.
 */
export function frameName({ frames }: RecordedGuest, mfn: number): string {
  let names = NAMES.get(frames);
  if (names === undefined) {
    names = new Map([...frames].map(([name, frame]) => [frame, name]));
    NAMES.set(frames, names);
  }
  return names.get(mfn) ?? (mfn < RAM_FRAMES ? "xen" : "beyond-ram");
}

/** Names by frame; of two the last. */
const NAMES = new WeakMap<RecordedGuest["frames"], ReadonlyMap<number, string>>();

/**
 * An entry, as the recordings write it.
 *
 * @param guest The guest.
 * @param lo Low word.
 * @param hi High word.
 * @returns For example `page5|0x167`.
 */
export function entryText(guest: RecordedGuest, hi: number, lo: number): string {
  return `${frameName(guest, (hi & 0xf_ffff) * 0x10_0000 + (lo >>> 12))}|${flagsText(guest, hi, lo)}`;
}

/**
 * The flags of an entry, as the recordings write them.
 *
 * @param guest The guest.
 * @param lo Low word.
 * @param hi High word.
 * @returns For example `0x8000000000000063`.
 */
export function flagsText({ flagsHi }: RecordedGuest, hi: number, lo: number): string {
  return hex64(hi & flagsHi, lo & 0xfff);
}
