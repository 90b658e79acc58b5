/**
 * The writes and register loads that produced the mapping of an address.
 *
 * @module
 */

import { checkArguments, instance, integer, optional, options as optionsOf } from "../check.ts";
import { type Address, type Linear, type Right, toLinear } from "../mmu/mod.ts";
import type { Log } from "./log.ts";
import { type Happened, type RecordedWrite, Recording } from "./recording.ts";
import { touches, type View, WatchedWalk } from "./watch.ts";

/** A write or event that shaped the walk of an address. */
export interface Blame {
  /** Number of the write; 0 for an event. */
  readonly step: number;
  /** The write, with its old and its new entry; undefined for an event. */
  readonly write: RecordedWrite | undefined;
  /** A load of a register that changed where the address leads; undefined for a write. */
  readonly event: Happened | undefined;
  /** Whether the entry was one of the walk at that time; false for entries written before their table was linked. */
  readonly linked: boolean;
  /** Where the address led before. */
  readonly before: View;
  /** Where the address leads afterwards. */
  readonly after: View;
  /** Rights that the address gained, if it was mapped before. */
  readonly gained: readonly Right[];
  /** Rights that it lost, if it still is mapped. */
  readonly lost: readonly Right[];
  /** The event that flushed the old translation; undefined if the address was not mapped before, or if no event flushed it. */
  readonly flush: Happened | undefined;
  /**
   * Whether a CPU may have used the old translation to the end of the recording: the page was mapped, changed and not flushed. False if the
   * recording has no flushes.
   */
  readonly stale: boolean;
}

/** Options of `blame`. */
export interface BlameOptions {
  /** The last step that counts; the end of the recording unless said otherwise. */
  readonly until?: number;
}

type Open = { -readonly [field in keyof Blame]: Blame[field] };

/**
 * Every write that shaped the walk of an address, in order, and every load of a register that changed where it leads.
 *
 * @param recording The recording.
 * @param address Linear address.
 * @param options The last step that counts.
 * @returns One row a write or event. Writes that left their entry as it was are left out.
 * @throws {RangeError} If the address cannot be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blame, loadRecording } from "@pagetable-init/textbook/recording";
 *
 * const lines = [
 *   { kind: "page-table writes of a real kernel", kernel: "2.6.20", memory_mb: 16, mode: "two-level", cr0: "0x80010001", cr3: "0x1000", cr4: "0x0", efer: "0x0", roots: ["0x1000"], tables: { "0x1": 2, "0x2": 1 } },
 *   { n: 10, who: "head.S", pc: "0x100010", frame: 1, index: 768, value: "0x2067" },
 *   { n: 11, who: "head.S", pc: "0x100020", event: "mov cr0", imm: null },
 *   { n: 12, who: "set_pte", pc: "0xc0100020", frame: 2, index: 0, value: "0x61" },
 *   { n: 13, who: "oops", pc: "0xc0100030", frame: 2, index: 0, value: "0x67" },
 * ];
 * const recording = await loadRecording(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")));
 * const last = blame(recording, 0xc0000000).at(-1);
 * assertEquals([last?.write?.op, last?.gained], ["oops", ["write", "user"]]);
 * ```
 */
export function blame(recording: Recording, address: Address, options: BlameOptions = {}): Blame[] {
  checkArguments(PARAMETERS, [recording, options]);
  const linear = toLinear(address);
  const until = options.until ?? recording.length;
  const entries = entriesEver(recording, linear, until);
  const walk = new WatchedWalk(recording.header.ramBytes, linear);
  const rows: Open[] = [];
  let open: Open[] = [];
  const happens = (row: Open): void => {
    rows.push(row);
    if (row.before.frame >= 0 && differs(row.before, row.after)) open.push(row);
  };
  inOrder(recording, until, {
    store(stores, i) {
      const { before, linked } = doStore(walk, stores, i);
      const place = stores.address[i] as number;
      if (!linked && !touches(place, stores.size[i] as number, entries)) return;
      const write = recording.trace.at(i + 1);
      if (write.old.lo === write.stored.lo && write.old.hi === write.stored.hi) return;
      happens(rowOf({ step: i + 1, write, event: undefined, linked, before, after: walk.view }));
    },
    event(event) {
      open = open.filter((row) => {
        if (!flushes(event, row.before, linear)) return true;
        row.flush = event;
        row.stale = false;
        return false;
      });
      if (event.kind !== "register" || event.cpu !== 0) return;
      const before = walk.view;
      walk.load(event.register, event.value);
      if (!differs(before, walk.view)) return;
      rows.push(rowOf({ step: 0, write: undefined, event, linked: true, before, after: walk.view }));
    },
  });
  for (const row of open) row.stale = recording.hasFlushes;
  return rows;
}

/** Physical addresses of the words of all entries that the walk of an address ever read. */
function entriesEver(recording: Recording, linear: Linear, until: number): ReadonlySet<number> {
  const walk = new WatchedWalk(recording.header.ramBytes, linear);
  const entries = new Set<number>();
  const collect = () => {
    for (const entry of walk.path) entries.add(entry);
  };
  inOrder(recording, until, {
    store(stores, i) {
      if (!doStore(walk, stores, i).linked) return;
      collect();
    },
    event(event) {
      if (event.kind !== "register" || event.cpu !== 0) return;
      walk.load(event.register, event.value);
      collect();
    },
  });
  return entries;
}

function doStore(walk: WatchedWalk, stores: Log["stores"], i: number): { before: View; linked: boolean } {
  const before = walk.view;
  const linked = walk.store(stores, i);
  if (linked) walk.walk();
  return { before, linked };
}

interface Visitor {
  readonly store: (stores: Log["stores"], i: number) => void;
  readonly event: (event: Happened) => void;
}

/** Stores and events, in the order in which they happened. */
function inOrder(recording: Recording, until: number, { store, event }: Visitor): void {
  const { events, stores } = recording;
  let next = 0;
  for (let i = 0; i <= until; i++) {
    for (; next < events.length && (events[next] as Happened).step <= i; next++) event(events[next] as Happened);
    if (i < until) store(stores, i);
  }
}

function rowOf(row: Pick<Blame, "step" | "write" | "event" | "linked" | "before" | "after">): Open {
  const { before, after } = row;
  const both = before.frame >= 0 && after.frame >= 0;
  return {
    ...row,
    gained: both ? after.rights.filter((right) => !before.rights.includes(right)) : [],
    lost: both ? before.rights.filter((right) => !after.rights.includes(right)) : [],
    flush: undefined,
    stale: false,
  };
}

function differs(a: View, b: View): boolean {
  return a.frame !== b.frame || a.pageBytes !== b.pageBytes || a.rights.join() !== b.rights.join();
}

/**
 * Whether an event flushes the translation of an address (Intel SDM vol. 3A, section 4.10.4.1). A flush whose page
 * the recorder could not tell counts for every page.
 */
function flushes(event: Happened, { pageBytes, global }: View, linear: Linear): boolean {
  if (event.kind === "register") return event.register !== "efer" && (event.register !== "cr3" || !global);
  if (event.kind !== "flush") return false;
  if (event.linear === undefined) return true;
  const page = ({ hi, lo }: Linear) => Math.floor((hi * 2 ** 20 + Math.floor(lo / 4096)) / (pageBytes / 4096));
  return page(event.linear) === page(linear);
}

const PARAMETERS = {
  recording: instance(Recording, "a recording"),
  options: optionsOf("blame", { until: optional(integer(0, Number.MAX_SAFE_INTEGER)) }),
};
