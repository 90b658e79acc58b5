/**
 * The stores that map lowmem, of a record and of the model, in a form in which they can be compared one by one.
 *
 * @module
 */

import type { Layout } from "../../../core/kernel/mod.ts";
import { frameOf, type Level, P } from "../../../core/mmu/mod.ts";
import { type Mode, MODES } from "../../../mod.ts";
import { CLEARED_BRK, COPIED_DIRECTORY, type LeftOut, NEW_TABLES } from "./exceptions.ts";
import { isLeafWord, memoryAfter, type ReadWord } from "./leaves.ts";
import type { ModelledBoot } from "./model.ts";
import type { NotedStore } from "./noted_memory.ts";
import type { BootRecord } from "./record.ts";

/** The stores of both, and those of the record that are left out. */
export interface LowmemStores {
  /** The stores of the record. */
  readonly recorded: readonly NamedStore[];
  /** The stores of the model. */
  readonly modelled: readonly NotedStore[];
  /** The stores left out, by exception. */
  readonly exceptions: readonly LeftOut[];
}

/** A store, and the kernel function that made it. */
export type NamedStore = NotedStore & { readonly who: string };

/** A table: the first linear address that it maps, and the level of its entries. */
interface Place {
  readonly address: number;
  readonly level: Level;
}

/** The tables that map lowmem, by frame. */
type Places = ReadonlyMap<number, Place>;

/** Pages behind the tables of head.S that count as brk. */
const BRK_PAGES = 16;

/**
 * The stores after head.S that map lowmem: the leaves, and for a two-level kernel the clearing and the links of their tables too.
 *
 * Frames are compared as they are, except those of brk. Where a table lies in brk depends on what else the kernel's build keeps there, so these pages
 * are counted from the first that is a table. For a PAE kernel an entry is known by the page that it maps.
 *
 * @param record The record.
 * @param model The model's boot.
 * @returns The stores of both.
 */
export function lowmemStores(record: BootRecord, { run, stores }: ModelledBoot): LowmemStores {
  const { header } = record;
  const { kernel, machine } = run;
  const mode = MODES[header.mode];
  const root = Math.floor(header.cr3 / 4096);
  const tables = (read: ReadWord) => placesOf(read, mode, root, kernel.va(0), kernel.va(kernel.layout.maxLowPfn));
  const later = record.stores.filter(({ who }) => who !== "head.S");
  const recorded = lowmem(later, tables(memoryAfter(record)), kernel.layout);
  const made = stores.slice(stores.findLastIndex(({ lo }) => (lo & 0xfff) === HEAD_LEAF) + 1);
  const modelled = lowmem(made, tables((frame, word) => machine.memory.read(frame, word)), kernel.layout);
  if (mode === MODES.pae) {
    const leaves = modelled.filter(({ leaf }) => leaf);
    const left = { ...NEW_TABLES, count: modelled.length - leaves.length };
    return {
      recorded: recorded.filter(({ leaf }) => leaf).map(byPage),
      modelled: leaves.map(byPage),
      exceptions: left.count > 0 ? [left] : [],
    };
  }
  const copied = recorded.filter(({ store }) => store.who === "setup_arch");
  const cleared = recorded.filter(({ store }) => store.who === "extend_brk");
  const behindHead = Math.max(...record.stores.filter(({ who }) => who === "head.S").map(({ frame }) => frame)) + 1;
  const compared = recorded.filter((it) => !copied.includes(it) && !cleared.includes(it));
  return {
    recorded: brkCounted(compared.map(({ store }) => store), root, behindHead),
    modelled: brkCounted(modelled.map(({ store }) => store), root, behindHead),
    exceptions: [{ ...COPIED_DIRECTORY, count: copied.length }, { ...CLEARED_BRK, count: cleared.length }]
      .filter(({ count }) => count > 0),
  };
}

/** Flags of the model's head.S: its last store has them. */
const HEAD_LEAF = 0x007;

/** All tables below a root that map a part of lowmem. The root is one of them. */
function placesOf(read: ReadWord, mode: Mode, root: number, from: number, to: number): Places {
  const places = new Map<number, Place>();
  const visit = (frame: number, address: number, depth: number): void => {
    const level = mode.levels[depth];
    if (level === undefined) return;
    places.set(frame, { address, level });
    if (level.leaf === "always") return;
    for (let index = 0; index < 2 ** level.bits; index++) {
      const at = address + index * 2 ** level.shift;
      if (at >= to || at + 2 ** level.shift <= from) continue;
      const lo = read(frame, index * mode.entryWords);
      if ((lo & P) === 0 || isLeafWord(level, lo)) continue;
      visit(frameOf(0, lo), at, depth + 1);
    }
  };
  visit(root, 0, 0);
  return places;
}

/** A store into a table of lowmem, the page that its entry maps, and whether it is a present leaf. */
interface LowmemStore<Store> {
  readonly store: Store;
  readonly pfn: number;
  readonly leaf: boolean;
}

function lowmem<Store extends NotedStore>(
  stores: readonly Store[],
  places: Places,
  { pageOffset, maxLowPfn }: Layout,
): LowmemStore<Store>[] {
  return stores.flatMap((store) => {
    const place = places.get(store.frame);
    if (place === undefined) return [];
    const { level, address } = place;
    const pfn = (address + store.index * 2 ** level.shift - pageOffset) / 4096;
    if (pfn < 0 || pfn >= maxLowPfn) return [];
    const leaf = (store.lo & P) !== 0 && isLeafWord(level, store.lo);
    return [{ store, pfn, leaf }];
  });
}

function byPage<Store extends NotedStore>({ store, pfn }: LowmemStore<Store>): Store {
  return { ...store, frame: pfn, index: 0 };
}

/** The pages of brk get the numbers of their order, from the first page of brk on: as tables, and in the entries of the root that link them. */
function brkCounted<Store extends NotedStore>(stores: readonly Store[], root: number, brk: number): Store[] {
  const inBrk = stores.filter(({ frame }) => frame >= brk && frame < brk + BRK_PAGES).map(({ frame }) => frame);
  const order = [...new Set(inBrk)].sort((a, b) => a - b);
  const counted = (frame: number): number => order.includes(frame) ? brk + order.indexOf(frame) : frame;
  return stores.map((store) => {
    if (store.frame === root) return { ...store, lo: counted(store.lo >>> 12) * 4096 + (store.lo & 0xfff) };
    return { ...store, frame: counted(store.frame) };
  });
}
