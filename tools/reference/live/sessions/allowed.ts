/**
 * What the manual allows where nothing was flushed: a page may be reached by any translation that could have been made since the last flush of it.
 *
 * Source: Intel SDM volume 3A, 4.10.2 to 4.10.4. A translation may be kept, or the directory entry alone, or nothing. An entry that is not
 * present, or has a reserved bit set, is never kept. What is kept is judged by the registers of the moment of the access.
 *
 * @module
 */

import { type EntryPlace, indicesOf, PAGES, type Session, type Step, type StepAnswer, TABLES } from "./session.ts";
import { freshMachine } from "./session_model.ts";

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

const P = 1;
const G = 1 << 8;
const CR4_PGE = 1 << 7;
const NONE: Value = { hi: 0, lo: 0 };

/** A session as the manual sees it: what may be kept for each page. */
export class AllowedAnswers {
  readonly #session: Session;
  readonly #now = new Map<string, Value>();
  readonly #kept: Pair[][] = Array.from({ length: PAGES }, () => []);
  #root: 0 | 1 = 0;
  #cr4 = 0;
  #registers: Step[] = [];

  /**
   * Before the first step.
   *
   * @param session The session.
   */
  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes a step; the answers that are allowed if it is an access. */
  take(step: Step): StepAnswer[] | undefined {
    if (step.op === "access") return this.#answers(step);
    if (step.op === "store") this.#store(step.place, step);
    if (step.op === "invlpg") this.#kept[step.page] = [];
    if (step.op === "cr0" || step.op === "cr4" || step.op === "efer") this.#register(step);
    if (step.op === "cr3") {
      this.#root = step.root;
      for (const [page, pairs] of this.#kept.entries()) this.#kept[page] = pairs.filter((pair) => this.#isGlobal(pair));
    }
    for (let page = 0; page < PAGES; page++) this.#keep(page);
    return undefined;
  }

  #register(step: Extract<Step, { readonly value: number }>): void {
    this.#registers = [...this.#registers.filter(({ op }) => op !== step.op), step];
    if (step.op !== "cr4") return;
    if (((this.#cr4 ^ step.value) & CR4_PGE) !== 0) this.#kept.fill([]);
    this.#cr4 = step.value;
  }

  #isGlobal({ entry }: Pair): boolean {
    return (this.#cr4 & CR4_PGE) !== 0 && (entry.lo & G) !== 0;
  }

  #store(place: EntryPlace, { hi, lo }: Value): void {
    this.#now.set(nameOf(place), { hi, lo });
  }

  /** What may be kept from now on: the translation of this moment, and a kept directory entry with what its table has now. */
  #keep(page: number): void {
    const kept = this.#kept[page] ?? [];
    const directories = [this.#directory(page), ...kept.map(({ directory }) => directory)];
    for (const directory of directories) {
      const pair = { directory, entry: this.#entry(page, directory) };
      if ((directory.lo & pair.entry.lo & P) !== 0 && !kept.some((known) => same(known, pair))) kept.push(pair);
    }
    this.#kept[page] = kept;
  }

  #directory(page: number): Value {
    const { directory } = indicesOf(page);
    return this.#now.get(nameOf({ level: "directory", root: this.#root, index: directory })) ?? NONE;
  }

  /** The entry of a page in the table that a directory entry names. */
  #entry(page: number, { lo }: Value): Value {
    const table = TABLES.findIndex((pfn) => pfn === lo >>> 12);
    return this.#now.get(nameOf({ level: "table", table, index: indicesOf(page).entry })) ?? NONE;
  }

  #answers(step: Extract<Step, { op: "access" }>): StepAnswer[] {
    const directory = this.#directory(step.page);
    const pairs = [{ directory, entry: this.#entry(step.page, directory) }, ...this.#kept[step.page] ?? []];
    // A kept directory entry alone, with the entry of its table as it is now.
    const mixed = (this.#kept[step.page] ?? []).map((pair) => ({
      ...pair,
      entry: this.#entry(step.page, pair.directory),
    }));
    return [...pairs, ...mixed].map((pair) => this.#evaluate(step, pair));
  }

  /** The access on a machine that has nothing but the two entries, and the registers of this moment. */
  #evaluate(step: Extract<Step, { op: "access" }>, { directory, entry }: Pair): StepAnswer {
    const fresh = freshMachine(this.#session.mode);
    for (const register of this.#registers) fresh.take(register);
    const { directory: index, entry: slot } = indicesOf(step.page);
    const table = TABLES.findIndex((pfn) => pfn === directory.lo >>> 12);
    fresh.take({ op: "store", place: { level: "directory", root: 0, index }, ...directory });
    fresh.take({ op: "store", place: { level: "table", table: Math.max(table, 0), index: slot }, ...entry });
    return fresh.take(step) as StepAnswer;
  }
}

function same(a: Pair, b: Pair): boolean {
  return a.directory.lo === b.directory.lo && a.directory.hi === b.directory.hi && a.entry.lo === b.entry.lo &&
    a.entry.hi === b.entry.hi;
}

function nameOf(place: EntryPlace): string {
  return place.level === "directory" ? `root ${place.root}, ${place.index}` : `table ${place.table}, ${place.index}`;
}
