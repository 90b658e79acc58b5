/**
 * A session: steps with paging on throughout, and the file in which sessions reach the guest (`guest/session.asm`).
 *
 * @module
 */

import { type LiveMode, liveMode } from "../paging/modes.ts";

/** An entry of the test's tables: a directory entry of a root, or an entry of a page table. */
export type EntryPlace =
  | { readonly level: "directory"; readonly root: 0 | 1; readonly index: number }
  | { readonly level: "table"; readonly table: number; readonly index: number };

/** Ways to access a page. */
export type StepKind = "read" | "write" | "fetch";

/** One step. */
export type Step =
  | { readonly op: "store"; readonly place: EntryPlace; readonly hi: number; readonly lo: number }
  | { readonly op: "cr0" | "cr4" | "efer"; readonly value: number }
  | { readonly op: "cr3"; readonly root: 0 | 1 }
  | { readonly op: "invlpg"; readonly page: number }
  | {
    readonly op: "access";
    readonly page: number;
    readonly kind: StepKind;
    readonly user: boolean;
    /** EFLAGS.AC. */
    readonly ac: boolean;
  };

/** A session. */
export interface Session {
  readonly mode: LiveMode;
  /** Whether every change of an entry or register is followed by a flush of all that it concerns. */
  readonly flushed: boolean;
  readonly steps: readonly Step[];
}

/** What became of an access: the vector, 6 where it went through, and the number of the frame that it reached. */
export interface StepAnswer {
  readonly vector: number;
  readonly code: number;
  readonly cr2: number;
  readonly frame: number | undefined;
}

/** The answers to a session's accesses, and its entries afterwards, directories first. */
export interface SessionAnswer {
  readonly accesses: readonly StepAnswer[];
  readonly entries: readonly { readonly hi: number; readonly lo: number }[];
}

/** Pages of the test: four in each of two directory entries. */
export const PAGES = 8;
const PAGES_PER_ENTRY = 4;
/** Frames that an entry may name, and where they begin. */
export const FRAMES = 16;
export const FIRST_FRAME = 0x300;
/** pfns of the two page tables. */
export const TABLES = [0x205, 0x206] as const;

/** CR0 at the start of a session: PG, NE, ET and PE. */
export const CR0_ON = 0x8000_0031;

const LINEAR = 0x4000_0000;
const WIDE = { directories: [0x20_3000, 0x20_4000], shift: 21 } as const;
/** Where the guest has the roots and the directories of each mode, and how much a directory entry maps. */
const LAYOUTS = {
  "two-level": { roots: [0x20_0000, 0x20_1000], directories: [0x20_0400, 0x20_1400], shift: 22 },
  "pae": { roots: [0x20_2000, 0x20_2020], ...WIDE },
  "4-level": { roots: [0x20_7000, 0x20_8000], ...WIDE },
  "5-level": { roots: [0x20_B000, 0x20_C000], ...WIDE },
} as const;

/** Whether the entries of a mode have eight bytes. */
export function isWide(mode: LiveMode): boolean {
  return liveMode(mode).entryBytes === 8;
}

/** Physical address of a root. */
export function rootOf(mode: LiveMode, root: 0 | 1): number {
  return LAYOUTS[mode].roots[root];
}

/** The byte of a page that an access touches first. */
export const OFFSETS: { readonly [kind in StepKind]: number } = { read: 1, write: 8, fetch: 0 };

/** Directory entry and table entry that map a page. */
export function indicesOf(page: number): { readonly directory: number; readonly entry: number } {
  return { directory: Math.floor(page / PAGES_PER_ENTRY), entry: page % PAGES_PER_ENTRY };
}

/** Linear address of a page. */
export function linearOf(mode: LiveMode, page: number): number {
  const { directory, entry } = indicesOf(page);
  return LINEAR + directory * 2 ** LAYOUTS[mode].shift + entry * 4096;
}

/** Physical address of an entry. */
export function physicalOf(mode: LiveMode, place: EntryPlace): number {
  const base = place.level === "directory" ? LAYOUTS[mode].directories[place.root] : (TABLES[place.table] ?? 0) * 4096;
  return base + place.index * liveMode(mode).entryBytes;
}

/** Every entry, in the order in which the guest answers them. */
export const PLACES: readonly EntryPlace[] = [
  ...([0, 1] as const).flatMap((root) => [0, 1].map((index): EntryPlace => ({ level: "directory", root, index }))),
  ...[0, 1].flatMap((table) => [0, 1, 2, 3].map((index): EntryPlace => ({ level: "table", table, index }))),
];

const HEADER_BYTES = 64;
const ROW_BYTES = 16;
const MAGIC = 0x5353_4553;
const ACCESS_USER = 0x100;
const ACCESS_AC = 0x200;
const OPS: readonly Step["op"][] = ["store", "cr0", "cr3", "cr4", "efer", "invlpg", "access"];
const KINDS: readonly StepKind[] = ["read", "write", "fetch"];

/** The file that the guest reads. */
export function encodeSessions(sessions: readonly Session[], flags: number): Uint8Array {
  const rows = sessions.flatMap(({ mode, steps }) => [
    [liveMode(mode).code, steps.length, 0, 0],
    ...steps.map((step) => [OPS.indexOf(step.op), ...wordsOf(mode, step)]),
  ]);
  const bytes = HEADER_BYTES + rows.length * ROW_BYTES;
  const file = new DataView(new ArrayBuffer(bytes));
  [MAGIC, sessions.length, bytes, flags].forEach((word, i) => file.setUint32(4 * i, word, true));
  rows.forEach((row, at) =>
    row.forEach((word, i) => file.setUint32(HEADER_BYTES + at * ROW_BYTES + 4 * i, word >>> 0, true))
  );
  return new Uint8Array(file.buffer);
}

function wordsOf(mode: LiveMode, step: Step): readonly [number, number, number] {
  switch (step.op) {
    case "store":
      return [physicalOf(mode, step.place), step.lo, step.hi];
    case "cr3":
      return [step.root, 0, 0];
    case "invlpg":
      return [linearOf(mode, step.page), 0, 0];
    case "access":
      return [
        linearOf(mode, step.page),
        KINDS.indexOf(step.kind) | (step.user ? ACCESS_USER : 0) | (step.ac ? ACCESS_AC : 0),
        0,
      ];
    default:
      return [step.value, 0, 0];
  }
}

const ANSWER_BYTES = 16;
const ENTRY_BYTES = 8;
/** #UD: what an access ends in that went through. */
export const DONE = 6;

/**
 * Reads what the guest answered.
 *
 * @throws {RangeError} If bytes are missing or left over.
 */
export function decodeSessions(sessions: readonly Session[], bytes: Uint8Array): SessionAnswer[] {
  const accesses = (steps: readonly Step[]) => steps.filter(({ op }) => op === "access").length;
  const sizes = sessions.map(({ steps }) => accesses(steps) * ANSWER_BYTES + PLACES.length * ENTRY_BYTES);
  const expected = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes.length !== expected) {
    throw new RangeError(`Expected ${expected} bytes of answers but found ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const word = () => view.getUint32((at += 4) - 4, true);
  return sessions.map(({ steps }) => ({
    accesses: Array.from({ length: accesses(steps) }, () => {
      const [vector, code, cr2, frame] = [word(), word(), word(), word()];
      return { vector, code, cr2, frame: vector === DONE ? frame : undefined };
    }),
    entries: PLACES.map(() => {
      const lo = word();
      return { hi: word(), lo };
    }),
  }));
}
