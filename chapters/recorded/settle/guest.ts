/**
 * The guests that the probe can pose as: which frames have names, which pages have addresses, and the operations by
 * which it gets there.
 *
 * @module
 */
import type { FrameName, XenOp } from "./op.ts";

/** A frame as an op list refers to it: a page of the probe's area, a machine frame, or one that the probe knows of. */
export type FrameRef =
  | { readonly page: number }
  | { readonly machine: number }
  | { readonly known: "home" | "shared-info" };

/** A guest for the probe to pose as. */
export interface Guest {
  /** Pages of the area: `page0` and up. */
  readonly pages: number;
  /** Names beside those that every guest has. They win over `page` names when an answer is read. */
  readonly names: Readonly<Record<FrameName, FrameRef>>;
  /** Linear address of a page, for operations that name one; undefined where it has none. */
  readonly pageAddress: (page: number) => bigint | undefined;
  /** Whether the TLB is flushed after every operation, so that an answer depends only on the tables. */
  readonly flush: boolean;
  /** Operations that build the guest; Xen must allow all of them. */
  readonly setup: readonly XenOp[];
}

/** The slot of every L4 in which the probe lives, by its own L3 `home`. It needs entry 0 of that L3. */
export const HOME_SLOT = 384;
/** Memory sizes with which QEMU's 512 MiB and Xen's own share leave room. */
const MAX_PAGES = 0x18000;

/** Names that every guest has. 0x300 lies in Xen's image; 0x7fffff is far above the RAM. */
export const COMMON_NAMES: Readonly<Record<FrameName, FrameRef>> = Object.freeze({
  "home": { known: "home" },
  "shared-info": { known: "shared-info" },
  "none": { machine: 0 },
  "foreign": { machine: 0x300 },
  "beyond-ram": { machine: 0x7fffff },
});

/** Pages of the random guest that operations may name. */
export const RANDOM_PAGES = 12;
/** L4 slot 384, L3 slot 1. */
const RANDOM_BASE = 0xffff_c000_4000_0000n;

/**
 * The guest of the random operations: twelve zeroed pages, mapped one after the other by entries 0 to 11 of `L1`, which
 * `L2` maps in entry 0, `L3` in entry 1, and the loaded, pinned `L4` in entry 384. No entry maps a table.
 */
export const RANDOM_GUEST: Guest = Object.freeze<Guest>({
  pages: 15,
  names: { L1: { page: 12 }, L2: { page: 13 }, L3: { known: "home" }, L4: { page: 14 } },
  pageAddress: (page) => page < RANDOM_PAGES ? RANDOM_BASE + BigInt(page) * 4096n : undefined,
  flush: true,
  setup: randomSetup(),
});

function randomSetup(): XenOp[] {
  const link = (table: FrameName, index: number, frame: FrameName): XenOp => ({
    op: "mmu_update",
    table,
    index,
    frame,
    flags: "0x67",
  });
  return [
    ...Array.from({ length: RANDOM_PAGES }, (_, page) => link("L1", page, `page${page}`)),
    link("L2", 0, "L1"),
    link("L3", 1, "L2"),
    link("L4", HOME_SLOT, "L3"),
    ...load("L4"),
  ];
}

/** The last operations of the domain builder: it pins and loads the L4. */
function load(root: FrameName): XenOp[] {
  return [{ op: "pin", page: root, level: 4 }, { op: "new_baseptr", page: root }];
}

/** A machine whose page tables are rebuilt on the live Xen. */
export interface MachineTemplate {
  /** Pages of memory; `page5` is the machine's pfn 5. */
  readonly pages: number;
  /** Page of the L4. Its entry 384 must be free, because it gets the probe's own L3. */
  readonly root: number;
  /** Writes of the tables that the domain builder leaves, as `mmu_update`: no frame is a table yet, so they are stores. */
  readonly template: readonly XenOp[];
}

/**
 * A guest that has the page tables of another machine: pfn k is `page<k>`, and after the template the L4 is pinned and
 * loaded, as the domain builder would have done it. Linear addresses are the machine's own.
 */
export function machineGuest({ pages, root, template }: MachineTemplate): Guest {
  if (!Number.isInteger(pages) || pages < 1 || pages > MAX_PAGES) {
    throw new RangeError(`Expected 1 to ${MAX_PAGES} pages but found ${pages}`);
  }
  const l4 = `page${root}`;
  return {
    pages,
    names: {},
    pageAddress: () => undefined,
    flush: false,
    setup: [
      ...template,
      { op: "mmu_update", table: l4, index: HOME_SLOT, frame: "home", flags: "0x67" },
      ...load(l4),
    ],
  };
}

/** The frame that a name refers to in a guest. Throws RangeError for an unknown name. */
export function frameRef(guest: Guest, name: FrameName): FrameRef {
  const known = guest.names[name] ?? COMMON_NAMES[name];
  if (known !== undefined) return known;
  const page = /^page(\d{1,6})$/.exec(name)?.[1];
  if (page === undefined || Number(page) >= guest.pages) {
    throw new RangeError(`Expected the name of a frame, page0 to page${guest.pages - 1} among them, but found ${name}`);
  }
  return { page: Number(page) };
}
