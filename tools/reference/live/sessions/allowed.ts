/**
 * What the manual allows where nothing was flushed: a page may be reached by any translation that could have been made since the last flush of it.
 *
 * Source: Intel SDM volume 3A, 4.10.2 to 4.10.4. A translation may be kept, or the directory entry alone, or nothing. An entry that is not
 * present, or has a reserved bit set, is never kept. What is kept is judged by the registers of the moment of the access. INVLPG and a
 * load of CR3 flush all directory entries that are kept alone, whatever their addresses.
 *
 * @module
 */

import type { LiveMode } from "../paging/modes.ts";
import { CR4_PGE, EFER_NXE, G, NX, P } from "../../../../core/mmu/mod.ts";
import {
  type EntryPlace,
  indicesOf,
  PAGES,
  PLACES,
  type Session,
  type Step,
  type StepAnswer,
  TABLES,
} from "./session.ts";
import { SessionMachine } from "./session_model.ts";

/** An entry's value. */
interface Value {
  readonly hi: number;
  readonly lo: number;
}

/** A directory entry and a table entry: all that a translation of a page is made of. */
interface Pair {
  readonly directory: Value;
  readonly entry: Value;
}

const NONE: Value = { hi: 0, lo: 0 };

/** The machines that evaluate walks, one for each mode: what is asked of them is answered before another session asks. */
const MACHINES = new Map<LiveMode, SessionMachine>();

function machineOf(mode: LiveMode): SessionMachine {
  const machine = MACHINES.get(mode) ?? new SessionMachine(mode);
  MACHINES.set(mode, machine);
  machine.restart();
  return machine;
}

/** A session as the manual sees it: what may be kept for each page. */
export class AllowedAnswers {
  /** It has the registers of this moment, and no entries. */
  readonly #machine: SessionMachine;
  /** The entries of this moment, in the order of `PLACES`. */
  readonly #now: Value[] = PLACES.map(() => NONE);
  readonly #kept: Pair[][] = Array.from({ length: PAGES }, () => []);
  /** Directory entries that may be kept alone. */
  readonly #directories: Value[][] = Array.from({ length: PAGES }, () => []);
  #root: 0 | 1 = 0;
  #cr4 = 0;
  #efer = 0;

  /**
   * Before the first step.
   *
   * @param session The session.
   */
  constructor(session: Session) {
    this.#machine = machineOf(session.mode);
  }

  /** Takes a step; the answers that are allowed if it is an access, each found when it is asked for: the first is right as a rule. */
  take(step: Step): IteratorObject<StepAnswer> | undefined {
    if (step.op === "access") return this.#answers(step);
    if (step.op === "store") this.#now[numberOf(step.place)] = { hi: step.hi, lo: step.lo };
    if (step.op === "invlpg") this.#flush((_, page) => page !== step.page);
    if (step.op === "cr0" || step.op === "cr4" || step.op === "efer") this.#register(step);
    if (step.op === "cr3") {
      this.#root = step.root;
      this.#flush((pair) => this.#isGlobal(pair));
    }
    for (let page = 0; page < PAGES; page++) this.#keep(page);
    return undefined;
  }

  #register(step: Extract<Step, { readonly value: number }>): void {
    this.#machine.take(step);
    if (step.op === "efer") this.#efer = step.value;
    if (step.op !== "cr4") return;
    if (((this.#cr4 ^ step.value) & CR4_PGE) !== 0) this.#flush(() => false);
    this.#cr4 = step.value;
  }

  /** Whatever flushes some translations flushes all directory entries that are kept alone. */
  #flush(stays: (pair: Pair, page: number) => boolean): void {
    for (let page = 0; page < PAGES; page++) {
      this.#directories[page] = [];
      this.#kept[page] = (this.#kept[page] ?? []).filter((pair) => stays(pair, page));
    }
  }

  #isGlobal({ entry }: Pair): boolean {
    return (this.#cr4 & CR4_PGE) !== 0 && (entry.lo & G) !== 0;
  }

  /** The walks of a page that are possible now: from the directory entry of this moment or a kept one, through what its table has now. */
  #walks(page: number): Pair[] {
    return [this.#directory(page), ...this.#directories[page] ?? []].map((directory) => ({
      directory,
      entry: this.#entry(page, directory),
    }));
  }

  /** Adds to what may be kept the directory entry of this moment, and the translations that can be made now. */
  #keep(page: number): void {
    const [directories, kept] = [this.#directories[page] ?? [], this.#kept[page] ?? []];
    const directory = this.#directory(page);
    if (this.#isUsable(directory) && !directories.some((known) => same(known, directory))) directories.push(directory);
    for (const pair of this.#walks(page).filter((it) => this.#isUsable(it.directory) && this.#isUsable(it.entry))) {
      const isKnown = kept.some((known) => same(known.directory, pair.directory) && same(known.entry, pair.entry));
      if (!isKnown) kept.push(pair);
    }
  }

  /** Whether an entry is present and has no reserved bit set: of the bits that sessions store only NX may be reserved. */
  #isUsable({ hi, lo }: Value): boolean {
    return (lo & P) !== 0 && ((hi & NX) === 0 || (this.#efer & EFER_NXE) !== 0);
  }

  #directory(page: number): Value {
    const { directory } = indicesOf(page);
    return this.#now[numberOf({ level: "directory", root: this.#root, index: directory })] ?? NONE;
  }

  /** The entry of a page in the table that a directory entry names. */
  #entry(page: number, { lo }: Value): Value {
    const table = tableOf(lo);
    return table < 0 ? NONE : this.#now[numberOf({ level: "table", table, index: indicesOf(page).entry })] ?? NONE;
  }

  #answers(step: Extract<Step, { op: "access" }>): IteratorObject<StepAnswer> {
    const pairs = [...this.#walks(step.page), ...this.#kept[step.page] ?? []];
    return pairs.values().map((pair) => this.#evaluate(step, pair));
  }

  /** The access on a machine that has nothing but the two entries, and the registers of this moment. */
  #evaluate(step: Extract<Step, { op: "access" }>, { directory, entry }: Pair): StepAnswer {
    const { directory: index, entry: slot } = indicesOf(step.page);
    const places = [
      { level: "directory", root: 0, index },
      { level: "table", table: Math.max(tableOf(directory.lo), 0), index: slot },
    ] as const;
    this.#machine.machine.tlb.flush(false);
    places.forEach((place, i) => this.#machine.take({ op: "store", place, ...i === 0 ? directory : entry }));
    const answer = this.#machine.take(step) as StepAnswer;
    for (const place of places) this.#machine.take({ op: "store", place, ...NONE });
    return answer;
  }
}

function same(a: Value, b: Value): boolean {
  return a.lo === b.lo && a.hi === b.hi;
}

/** The place of an entry in `PLACES`. */
function numberOf(place: EntryPlace): number {
  return place.level === "directory" ? 2 * place.root + place.index : 4 + 4 * place.table + place.index;
}

/** The number of the table that a directory entry names, -1 if it is none. */
function tableOf(lo: number): number {
  return TABLES.findIndex((pfn) => pfn === lo >>> 12);
}
