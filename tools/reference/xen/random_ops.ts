/**
 * Random operations on the twelve pages of the random guest and on its live tables.
 *
 * Pages are favoured, so that they become tables, get linked and pinned, and come in each other's way. One operation in
 * a hundred goes for a new base pointer, in three steps, since the probe follows only where its own L3 is mapped.
 *
 * @module
 */
import { Random } from "../../../chapters/guests/random.ts";
import { HOME_SLOT, RANDOM_PAGES } from "../../../chapters/recorded/settle/guest.ts";
import type { EntryValue, FrameName, Slot, XenOp } from "../../../chapters/recorded/settle/op.ts";

/** A choice and how often it is made, relative to the others of its list. */
type Weighted<T> = readonly (readonly [weight: number, choice: T])[];

const KINDS: Weighted<(random: Random) => readonly XenOp[]> = [
  [30, mmuUpdate],
  [20, updateVaMapping],
  [6, ownMapping],
  [8, pin],
  [8, pinCleared],
  [10, unpin],
  [6, (random) => [store(random, "store32")]],
  [8, (random) => [store(random, "store64")]],
  [3, (random) => [{ op: "clear_page", page: page(random) }]],
  [2, liveTable],
  [1, newBasePointer],
];

/** Frames other than pages that an entry may name. */
const SPECIAL: readonly FrameName[] = ["L1", "L2", "L3", "L4", "foreign", "beyond-ram", "none"];
/** P 1, RW 2, US 4, PWT 8, PCD 0x10, A 0x20, D 0x40, PAT or PS 0x80, G 0x100, 0xe00 for the guest. */
const LOW_FLAGS: readonly number[] = [
  ...[0x67, 0x67, 0x67, 0x65, 0x65, 0x65, 0x63, 0x61, 0x07, 0x05, 0x01, 0x00, 0x60],
  ...[0xe7, 0x167, 0x27, 0x25, 0x7f, 0x267, 0xfff],
];
const NX = 1n << 63n;
const PAGE_INDICES: readonly number[] = [0, 0, 1, 2, 3, 5, 11, 256, 511];
/** Entries of the live tables: L3's entry 0 and L4's 384 hold the probe and stay out of it. */
const LIVE_INDICES: Readonly<Record<"L1" | "L2" | "L3" | "L4", readonly number[]>> = Object.freeze({
  L1: [0, 3, 5, 11, 12, 511],
  L2: [0, 1, 2, 511],
  L3: [1, 2, 3, 511],
  L4: [0, 1, 255, 256, 271, 272, 300, 301, 511],
});

/** At least `count` random operations, cut to `count`. The same seed gives the same operations on every machine. */
export function randomOps(seed: number, count: number): XenOp[] {
  const random = new Random(seed);
  const ops: XenOp[] = [];
  while (ops.length < count) ops.push(...weighted(random, KINDS)(random));
  return ops.slice(0, count);
}

function weighted<T>(random: Random, list: Weighted<T>): T {
  let left = random.below(list.reduce((sum, [weight]) => sum + weight, 0));
  const found = list.find(([weight]) => (left -= weight) < 0);
  if (found === undefined) throw new RangeError("Expected a list of choices but found an empty one");
  return found[1];
}

function page(random: Random): FrameName {
  return `page${random.between(1, RANDOM_PAGES - 1)}`;
}

function frame(random: Random): FrameName {
  return random.chance(0.8) ? `page${random.below(RANDOM_PAGES)}` : random.pick(SPECIAL);
}

/** Now and then NX, or one bit of 52 to 62. */
function highFlags(random: Random): bigint {
  if (random.chance(0.05)) return NX;
  return random.chance(0.04) ? 1n << BigInt(random.between(52, 62)) : 0n;
}

function entryValue(random: Random): EntryValue {
  const flags = BigInt(random.pick(LOW_FLAGS)) | highFlags(random);
  return { frame: frame(random), flags: "0x" + flags.toString(16) };
}

function pageSlot(random: Random): Slot {
  return { table: page(random), index: random.pick(PAGE_INDICES) };
}

/** Now and then a page that names itself, as linear maps do. */
function mmuUpdate(random: Random): XenOp[] {
  const slot = pageSlot(random);
  const value = entryValue(random);
  return [{ op: "mmu_update", ...slot, ...value, ...(random.chance(0.05) ? { frame: slot.table } : {}) }];
}

function updateVaMapping(random: Random): XenOp[] {
  return [{ op: "update_va_mapping", page: page(random), ...entryValue(random) }];
}

/** A page back at its own address, so that not all of them end up with several mappings, or none. */
function ownMapping(random: Random): XenOp[] {
  const own = page(random);
  return [{ op: "update_va_mapping", page: own, frame: own, flags: random.pick(["0x67", "0x67", "0x65"]) }];
}

/** A page as it is: mapped writable as often as not, and full of what was stored there, it will rarely do. */
function pin(random: Random): XenOp[] {
  return [{ op: "pin", page: page(random), level: level(random) }];
}

/** A page that has a chance: no longer writable at its own address, cleared, and given an entry or two. */
function pinCleared(random: Random): XenOp[] {
  const pinned = page(random);
  const entries = Array.from({ length: random.below(3) }, (): XenOp => ({
    op: "mmu_update",
    table: pinned,
    index: random.pick(PAGE_INDICES),
    ...entryValue(random),
  }));
  return [
    { op: "update_va_mapping", page: pinned, frame: pinned, flags: "0x65" },
    { op: "clear_page", page: pinned },
    ...entries,
    { op: "pin", page: pinned, level: level(random) },
  ];
}

/** Low levels more often: the others need them. */
function level(random: Random): number {
  return random.pick([1, 1, 1, 2, 2, 3, 4]);
}

function unpin(random: Random): XenOp[] {
  return [{ op: "unpin", page: page(random) }];
}

function store(random: Random, op: "store32" | "store64"): XenOp {
  return { op, ...pageSlot(random), ...entryValue(random) };
}

/** An entry of a live table; one that held the way to the pages is put back. */
function liveTable(random: Random): XenOp[] {
  const table = random.pick(["L1", "L2", "L3", "L4"] as const);
  const index = random.pick(LIVE_INDICES[table]);
  const update: XenOp = { op: "mmu_update", table, index, ...entryValue(random) };
  if (table === "L2" && index === 0) return [update, { op: "mmu_update", table, index, frame: "L1", flags: "0x67" }];
  if (table === "L3" && index === 1) return [update, { op: "mmu_update", table, index, frame: "L2", flags: "0x67" }];
  return [update];
}

function newBasePointer(random: Random): XenOp[] {
  const root = page(random);
  return [
    { op: "update_va_mapping", page: root, frame: root, flags: "0x65" },
    { op: "mmu_update", table: root, index: HOME_SLOT, frame: "L3", flags: "0x67" },
    { op: "new_baseptr", page: root },
    ...(random.chance(0.5) ? [mmuUpdate(random), unpin(random)].flat() : []),
    ...(random.chance(0.8) ? [{ op: "new_baseptr", page: "L4" } as const] : []),
  ];
}
