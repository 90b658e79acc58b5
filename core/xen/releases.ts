/**
 * Xen of May 2007 and Xen of today, as rows. All differences between them stand in this file; the logic is shared.
 *
 * What changed in between, as far as it shows here:
 *
 * - 28 June 2007 (4730f50174, Xen 3.2): the rescue of PAE entries whose upper half is written first works.
 * - 17 October 2007 (3052b875c7, Xen 3.2): PWT and PCD need I/O rights.
 * - 7 November 2007 (55f97f49b7, Xen 3.2): pages of Xen's own keep their cache attributes.
 * - 15 January 2008 (2a34bc2edd, Xen 3.3): `MMU_PT_UPDATE_PRESERVE_AD`.
 * - 8 May 2008 (84d54d5d8b, Xen 3.3): the two-level hypervisor is removed.
 * - 9 March 2011 (be640b1800, 7f107ea5c0, Xen 4.2): `-EBUSY`, `-EPERM` and `-EACCES` where there had only been `-EINVAL`.
 * - 12 September 2012 (5d1181a5ea, Xen 4.3): the 32-bit hypervisor is removed; 32-bit guests run below Xen's own L4. The 64-bit one allows G in L1 entries,
 *   and had since 19 September 2006 (6f562e72cd).
 * - 17 February 2016 (c61a6f74f8, XSA-154, Xen 4.7): I/O space is mapped uncached.
 * - 26 July 2016 (e1bff4c2ea, XSA-182, Xen 4.8): a change of RW in a table's entry is checked.
 * - 12 October 2017 (6987fc7558, XSA-240, Xen 4.10): no chains of linear page tables.
 * - 3 April 2018 (d3e69e89a2, Xen 4.11): command 3 of mmu_update.
 * - 27 October 2020 (16a20963b3, XSA-286, Xen 4.15): the TLB is flushed after every update of L2 and up.
 *
 * @module
 */

import { deepFreeze } from "../frozen.ts";
import { A, D, G, P, RW, US } from "../mmu/mod.ts";
import type { PrivateSlots, XenContract, XenLevel, XenRelease } from "./contract.ts";
import { EACCES, EBUSY, EINVAL, EPERM } from "./errno.ts";
import { TEXTS_3_1, TEXTS_4_17 } from "./log_texts.ts";

const PLAIN: Omit<XenLevel, "depth" | "disallowed"> = {
  nx: true,
  debugDisallowed: 0,
  privilegedMay: 0,
  recheck: P,
  privateSlots: undefined,
  added: undefined,
  linear: true,
  clearsRest: false,
};

const OLD = {
  l1: { ...PLAIN, depth: 1, disallowed: 0xffff_f180, debugDisallowed: 0x800, recheck: P | RW, linear: false },
  l2: { ...PLAIN, depth: 2, disallowed: 0xffff_f180 },
  l3: { ...PLAIN, depth: 3, disallowed: 0xffff_f1e6, nx: false },
} as const;
const NEW = {
  l1: {
    ...PLAIN,
    depth: 1,
    disallowed: 0x80_0098,
    debugDisallowed: 0x40_0000,
    privilegedMay: 0x98,
    recheck: 0x9b,
    linear: false,
  },
  table: { ...PLAIN, disallowed: 0x80_0198, recheck: 0x9b },
} as const;

/** The machine-to-physical table, read-only. */
const M2P = { holds: "m2p", flags: P | A, nx: false, whenLoaded: false } as const;
const PAE_SLOTS = { first: 428, end: 512, onlyInPaeXenL2: true, entries: [{ ...M2P, slot: 428 }] } as const;
const ADD_US = { kernelLo: US, kernelHi: 0, userLo: US, removedLo: 0 } as const;
const BUILDER_32 = { virtBase: { hi: 0, lo: 0xc000_0000 }, leafFlags: P | RW | A, p2mBytes: 4 } as const;
const TABLE_FLAGS = P | RW | US | A | D;

const TWO_LEVEL_SLOTS: PrivateSlots = {
  first: 1008,
  end: 1024,
  onlyInPaeXenL2: false,
  error: EINVAL,
  entries: [{ ...M2P, slot: 1008 }],
};

const TWO_LEVEL_3_1: XenContract = {
  mode: "two-level",
  hostMode: "two-level",
  kernelRing: 1,
  levels: [
    OLD.l1,
    { ...OLD.l2, privateSlots: TWO_LEVEL_SLOTS },
  ],
  paeXenSlot: -1,
  physicalBits: 32,
  rootBelow4G: false,
  rescuesUpperHalf: false,
  xenFirst: { hi: 0, lo: 0xfc00_0000 },
  xenEnd: { hi: 0, lo: 0 },
  m2pWords: 1,
  builder: { ...BUILDER_32, tableFlags: [TABLE_FLAGS], magic: "xen-3.0-x86_32" },
};

const PAE_3_1: XenContract = {
  mode: "pae",
  hostMode: "pae",
  kernelRing: 1,
  levels: [OLD.l1, { ...OLD.l2, privateSlots: { ...PAE_SLOTS, error: EINVAL } }, OLD.l3],
  paeXenSlot: 3,
  physicalBits: 44,
  rootBelow4G: true,
  rescuesUpperHalf: false,
  xenFirst: { hi: 0, lo: 0xf580_0000 },
  xenEnd: { hi: 0, lo: 0 },
  m2pWords: 1,
  builder: { ...BUILDER_32, tableFlags: [TABLE_FLAGS, P], magic: "xen-3.0-x86_32p" },
};

const PAE_4_17: XenContract = {
  ...PAE_3_1,
  hostMode: "4-level",
  levels: [
    NEW.l1,
    { ...NEW.table, depth: 2, privateSlots: { ...PAE_SLOTS, error: EPERM } },
    {
      ...NEW.table,
      depth: 3,
      disallowed: 0xfff_198,
      nx: false,
      linear: false,
      clearsRest: true,
      added: { kernelLo: US | RW, kernelHi: 0, userLo: US | RW, removedLo: US | RW | A },
    },
  ],
  physicalBits: 52,
  rootBelow4G: false,
  rescuesUpperHalf: true,
  builder: { ...PAE_3_1.builder, tableFlags: [TABLE_FLAGS, TABLE_FLAGS] },
};

const OWN = { flags: P | RW | A | D, nx: true, whenLoaded: false } as const;
const L4_SLOTS: PrivateSlots = {
  first: 256,
  end: 272,
  onlyInPaeXenL2: false,
  error: EINVAL,
  entries: [
    { ...M2P, slot: 256, flags: P | US | A, nx: true, whenLoaded: true },
    { ...OWN, slot: 258, holds: "self" },
    { ...OWN, slot: 260, holds: "direct-map" },
    { ...OWN, slot: 261, holds: "direct-map", nx: false },
    { ...OWN, slot: 262, holds: "direct-map" },
  ],
};

/** Bit 52 of an entry marks a page of the guest's kernel: it has US, but no G. */
const GUEST_KERNEL_HI = 0x0010_0000;

const FOUR_LEVEL_4_17: XenContract = {
  mode: "4-level",
  hostMode: "4-level",
  kernelRing: 3,
  levels: [
    { ...NEW.l1, added: { kernelLo: US, kernelHi: GUEST_KERNEL_HI, userLo: US | G, removedLo: 0 } },
    { ...NEW.table, depth: 2, added: ADD_US },
    { ...NEW.table, depth: 3, added: ADD_US },
    {
      ...NEW.table,
      depth: 4,
      privateSlots: L4_SLOTS,
      added: { kernelLo: US | A, kernelHi: 0, userLo: US | A, removedLo: 0 },
    },
  ],
  paeXenSlot: -1,
  physicalBits: 52,
  rootBelow4G: false,
  rescuesUpperHalf: false,
  xenFirst: { hi: 0xffff_8000, lo: 0 },
  xenEnd: { hi: 0xffff_8800, lo: 0 },
  m2pWords: 2,
  builder: {
    virtBase: { hi: 0xffff_ffff, lo: 0x8000_0000 },
    leafFlags: P | RW | A,
    tableFlags: [TABLE_FLAGS, TABLE_FLAGS, TABLE_FLAGS],
    p2mBytes: 8,
    magic: "xen-3.0-x86_64",
  },
};

/**
 * The releases, by id.
 *
 * Source: Xen 3.1.0 of May 2007 (branched on 8 May, 15f6eaada976) and Xen 4.17, include/asm-x86/page.h, arch/x86/mm.c, pv/mm.h.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * assertEquals(XEN_RELEASES["3.1"].contracts.pae?.levels[0]?.disallowed, 0xfffff180);
 * assertEquals(XEN_RELEASES["4.17"].contracts["two-level"], undefined);
 * ```
 * @category Facts
 */
export const XEN_RELEASES: { readonly [id in XenRelease["id"]]: XenRelease } = deepFreeze({
  "3.1": {
    id: "3.1",
    date: "2007-05",
    contracts: { "two-level": TWO_LEVEL_3_1, "pae": PAE_3_1 },
    flagShift: 0,
    errors: { l1Frame: EINVAL, ioSpace: EINVAL, cacheAttributes: 0, flushCache: EINVAL },
    updateCommands: [0, 1],
    mmuextCommands: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    mmuextUnsupported: [],
    flushesRefusedUpdates: true,
    namesLostFrame: true,
    maxTypeCount: 0xffff,
    silentProbeLevel: 2,
    linearLimits: undefined,
    ioUncached: false,
    revalidatesUnusedTables: true,
    silentOnDescriptors: false,
    flushesTableUpdates: false,
    logsForeignFault: false,
    sameBaseptrIsNothing: false,
    typeInfo: { bits: 32, flagsMovedDown: 0 },
    noPfn: "ffffffff",
    texts: TEXTS_3_1,
  },
  "4.17": {
    id: "4.17",
    date: "2022-12",
    contracts: { "pae": PAE_4_17, "4-level": FOUR_LEVEL_4_17 },
    flagShift: 8,
    errors: { l1Frame: EBUSY, ioSpace: EPERM, cacheAttributes: EACCES, flushCache: EACCES },
    updateCommands: [0, 1, 2, 3],
    mmuextCommands: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18],
    mmuextUnsupported: [19, 20],
    flushesRefusedUpdates: false,
    namesLostFrame: false,
    maxTypeCount: 0x03ff_ffff,
    silentProbeLevel: 4,
    linearLimits: { entries: 32_767, uses: 32_768 },
    ioUncached: true,
    revalidatesUnusedTables: false,
    silentOnDescriptors: true,
    flushesTableUpdates: true,
    logsForeignFault: true,
    sameBaseptrIsNothing: true,
    typeInfo: { bits: 64, flagsMovedDown: 1 },
    noPfn: "ffffffffffffffff",
    texts: TEXTS_4_17,
  },
});
