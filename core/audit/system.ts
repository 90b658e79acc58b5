/**
 * The kind of system that built some tables, guessed from their structure, and the regions that follow.
 *
 * @module
 */

import { indexAt, type Level, type Linear, type Mode, RIGHT_NX, RIGHT_US } from "../mmu/mod.ts";
import { linearOf, pageOf } from "../tables/range_list.ts";
import { linux32Layout } from "./linux_32.ts";
import { type Layout, linuxLongLayout } from "./linux_long.ts";
import type { MapRow } from "./map_rows.ts";
import { type Area, completed, type Region, regionsIn, type Span, spansOf } from "./regions.ts";
import { compatAreas, readsM2p, xen32Areas } from "./xen_32.ts";
import { XEN_AREAS } from "./xen_layout.ts";

/** Whose the tables are. Firmware and boot loaders map memory to itself. Undefined for an operating system that is not recognised. */
export type TablesOwner = "linux" | "xen" | "firmware" | undefined;

/** A guess, and what speaks for it. */
export interface System {
  /** Whose the tables are. */
  readonly owner: TablesOwner;
  /** What speaks for it, a phrase each. */
  readonly evidence: readonly string[];
  /** The regions, by address. */
  readonly regions: readonly Region[];
}

/** What the finder of a system needs besides the map. */
export interface SystemFacts {
  /** The paging mode. */
  readonly mode: Mode;
  /** First address of the kernel half. */
  readonly kernelHalf: Linear;
  /** First page of the direct map of a 32-bit kernel, if it has one. */
  readonly distance: number | undefined;
  /** First pages of tables of the last level that map nothing. */
  readonly emptyTables: readonly number[];
  /** Slots of the root that point to the root itself. */
  readonly selfMaps: readonly number[];
}

/** Slot of the root that holds Xen's own text and data in 64-bit releases: 0xffff828000000000 and up. */
const XEN_SLOT = 261;

/** Guesses the owner of a map from its ranges. */
export class OwnerFinder {
  readonly #mode: Mode;
  #identity = 0;
  #others = 0;
  #xenText = 0;
  #upper = 0;

  /**
   * @param mode The paging mode.
   */
  constructor(mode: Mode) {
    this.#mode = mode;
  }

  /** Takes a range: linear page number, number of 4K pages, first frame, effective rights. */
  range(page: number, pages: number, frame: number, rights: number): void {
    if (page === frame) this.#identity += pages;
    else this.#others += pages;
    const linear = linearOf(page, this.#mode.linearBits);
    if (linear.hi >>> 31 !== 0) this.#upper += pages;
    if ((rights & (RIGHT_US | RIGHT_NX)) === 0 && this.#isXenSlot(linear)) this.#xenText += pages;
  }

  /**
   * The system and its regions.
   *
   * @param rows The map.
   * @param facts What else is known.
   * @returns Owner, evidence and regions.
   */
  system(rows: readonly MapRow[], facts: SystemFacts): System {
    const { mode, kernelHalf } = facts;
    const { linearBits } = mode;
    const spans = spansOf(rows, linearBits);
    const { owner, areas, evidence } = this.#xen(spans) ?? this.#other(spans, facts);
    const all = completed(areas, pageOf(kernelHalf, linearBits), linearBits);
    return { owner, evidence, regions: regionsIn(all, spans, linearBits) };
  }

  #xen(spans: readonly Span[]): { owner: TablesOwner } & Layout | undefined {
    const { linearBits, entryWords } = this.#mode;
    if (linearBits <= 32) {
      const areas = xen32Areas(spans, entryWords === 2);
      return areas && { owner: "xen", areas, evidence: ["an M2P and a directmap where a 32-bit Xen has them"] };
    }
    if (this.#xenText === 0) return undefined;
    const linux = linuxLongLayout(spans, linearBits, true);
    return {
      owner: "xen",
      areas: [...linux?.areas ?? [], ...compatAreas(spans), ...XEN_AREAS],
      evidence: ["supervisor code where Xen has its own", ...linux?.evidence ?? []],
    };
  }

  #other(spans: readonly Span[], facts: SystemFacts): { owner: TablesOwner } & Layout {
    const { linearBits, entryWords } = this.#mode;
    const linux = linearBits > 32
      ? linuxLongLayout(spans, linearBits, false)
      : linux32Layout(spans, facts.distance, entryWords === 2 ? 512 : 1024, facts.emptyTables);
    if (linux !== undefined) {
      const guest = linearBits <= 32 && readsM2p(spans) ? compatAreas(spans) : [];
      return { owner: "linux", areas: [...guest, ...linux.areas], evidence: linux.evidence };
    }
    const areas = otherAreas(facts);
    if (this.#upper !== 0 || this.#identity <= 100 * this.#others) return { owner: undefined, areas, evidence: [] };
    const all: Area = { name: "identity map", first: 0, end: 2 ** (linearBits - 12), guess: false };
    return { owner: "firmware", areas: [...areas, all], evidence: ["memory is mapped to itself"] };
  }

  #isXenSlot({ hi, lo }: Linear): boolean {
    return this.#mode.id === "4-level" && indexAt(this.#mode.levels[0] as Level, hi, lo) === XEN_SLOT;
  }
}

/** What any kernel may have: a root that maps itself, a direct map. */
function otherAreas({ mode, distance, selfMaps }: SystemFacts): Area[] {
  const [root] = mode.levels;
  const pages = 2 ** ((root?.shift ?? 12) - 12);
  const selves = selfMaps.map((slot) => ({
    name: "page tables (self-map)",
    first: slot * pages,
    end: (slot + 1) * pages,
    guess: false,
  }));
  if (mode.linearBits > 32 || distance === undefined) return selves;
  return [...selves, { name: "direct map", first: distance, end: 2 ** 20, guess: true }];
}
