/**
 * Recorded accesses: the case file that `tests/fixtures/mmu/README.md` describes.
 *
 * @module
 */
import { hex, littleEndianWords } from "./words.ts";

const MAGIC = 0x43554d4d; // "MMUC"
const HEADER_BYTES = 64;
const CASE_BYTES = 128;
const CASE_WORDS = CASE_BYTES / 4;
const MAX_ENTRIES = 6;

const MODES = Object.freeze(
  [
    { id: "two-level", root: 0x200000, entryBytes: 4 },
    { id: "pae", root: 0x201000, entryBytes: 8 },
    { id: "4-level", root: 0x202000, entryBytes: 8 },
  ] as const,
);

/** The access, and how far into its slot of 16 bytes it begins. */
const ACCESSES = Object.freeze(
  [
    { id: "read", offset: 1 },
    { id: "write", offset: 8 },
    { id: "fetch", offset: 0 },
    { id: "exchange", offset: 1 },
  ] as const,
);

const USER = 0x100;
const AC = 0x200;

/** Register words of a case and the bits that may be set in each. */
const REGISTERS = Object.freeze(
  [
    { name: "CR0", word: 1, bits: 0x0001_0000 }, // WP
    { name: "CR4", word: 2, bits: 0x0070_0090 }, // PSE PGE SMEP SMAP PKE
    { name: "EFER", word: 3, bits: 0x0000_0800 }, // NXE
  ] as const,
);

/** A page-table entry and the physical address at which it lies. */
export interface StoredEntry {
  /** Physical address, a multiple of the entry's size. */
  readonly address: number;
  /** Low word. */
  readonly lo: number;
  /** High word; 0 for an entry of 4 bytes. */
  readonly hi: number;
}

/** One access to make, and the machine to make it on. */
export interface AccessCase {
  /** Number in the file, from 0. */
  readonly number: number;
  /** Paging mode. */
  readonly mode: "two-level" | "pae" | "4-level";
  /** Physical address of the root table. */
  readonly root: number;
  /** WP or nothing; PE and PG go without saying. */
  readonly cr0: number;
  /** PSE, PGE, SMEP, SMAP, PKE; PAE is the mode's. */
  readonly cr4: number;
  /** NXE or nothing; LME is the mode's. */
  readonly efer: number;
  /** Kind of the access; an exchange reads and writes. */
  readonly access: "read" | "write" | "fetch" | "exchange";
  /** From CPL 3; otherwise from CPL 0. */
  readonly user: boolean;
  /** EFLAGS.AC. */
  readonly ac: boolean;
  /** Linear address of the first byte touched, two unsigned words. The access stays within 16 aligned bytes. */
  readonly linear: { readonly hi: number; readonly lo: number };
  /** The entries to store beforehand, root first. */
  readonly entries: readonly StoredEntry[];
}

/** The cases of one file, checked. */
export class CaseFile {
  /** Number of cases, at least 1. */
  readonly count: number;
  readonly #words: Uint32Array;

  /**
   * Reads and checks a whole file.
   *
   * @param bytes The file, uncompressed.
   * @throws {RangeError} If it is not a case file, is cut short or has a field out of range.
   */
  constructor(bytes: Uint8Array) {
    this.count = checkedCount(bytes);
    this.#words = littleEndianWords(bytes, HEADER_BYTES);
    for (let i = 0; i < this.count; i++) checkCase(this.#words.subarray(i * CASE_WORDS), i);
  }

  /**
   * Returns one case.
   *
   * @param number Its number, from 0.
   * @throws {RangeError} If there is no such case.
   */
  at(number: number): AccessCase {
    if (!Number.isInteger(number) || number < 0 || number >= this.count) {
      throw new RangeError(`Expected a case from 0 to ${this.count - 1} but found ${number}`);
    }
    return decodeCase(this.#words.subarray(number * CASE_WORDS), number);
  }
}

function checkedCount(bytes: Uint8Array): number {
  if (bytes.length < HEADER_BYTES) {
    throw new RangeError(`Expected a header of ${HEADER_BYTES} bytes but found ${bytes.length} bytes`);
  }
  const [magic = 0, count = 0] = littleEndianWords(bytes.subarray(0, HEADER_BYTES), 0);
  if (magic !== MAGIC) throw new RangeError(`Expected the magic "MMUC" (${hex(MAGIC)}) but found ${hex(magic)}`);
  if (count === 0) throw new RangeError("Expected at least 1 case but found 0");
  const expected = HEADER_BYTES + count * CASE_BYTES;
  if (bytes.length !== expected) {
    throw new RangeError(`Expected ${expected} bytes for ${count} cases but found ${bytes.length}`);
  }
  return count;
}

function checkCase(words: Uint32Array, number: number): void {
  const [mode = 0, , , , access = 0, entries = 0, lo = 0, hi = 0] = words;
  const refuse = (expected: string, found: string | number) => {
    throw new RangeError(`Expected ${expected} in case ${number} but found ${found}`);
  };
  if (mode >= MODES.length) refuse("mode 0, 1 or 2", mode);
  for (const { name, word, bits } of REGISTERS) {
    const found = words[word] ?? 0;
    if (found & ~bits) refuse(`${name} bits within ${hex(bits)}`, hex(found));
  }
  if ((access & 0xff) >= ACCESSES.length) refuse("access kind 0, 1, 2 or 3", access & 0xff);
  if (access & ~(0xff | USER | AC)) refuse("access flags within 0x300", hex(access));
  if (entries > MAX_ENTRIES) refuse(`at most ${MAX_ENTRIES} entries`, entries);
  if (lo & 15) refuse("a linear address on a 16-byte boundary", hex(lo));
  if (mode < 2 && hi !== 0) refuse("a linear address of 32 bits", `${hex(hi)} above them`);
  for (let i = 0; i < entries; i++) checkEntry(words.subarray(8 + 4 * i), mode, refuse);
}

function checkEntry(
  words: Uint32Array,
  mode: number,
  refuse: (expected: string, found: string | number) => void,
): void {
  const [address = 0, bytes = 0, , hi = 0] = words;
  const { entryBytes } = MODES[mode] ?? MODES[0];
  if (bytes !== entryBytes) refuse(`entries of ${entryBytes} bytes`, bytes);
  if (address % entryBytes !== 0) refuse(`an entry on a ${entryBytes}-byte boundary`, hex(address));
  if (entryBytes === 4 && hi !== 0) refuse("an entry of 32 bits", `${hex(hi)} above them`);
}

function decodeCase(words: Uint32Array, number: number): AccessCase {
  const [mode = 0, cr0 = 0, cr4 = 0, efer = 0, access = 0, count = 0, lo = 0, hi = 0] = words;
  const { id, root } = MODES[mode] ?? MODES[0];
  const kind = ACCESSES[access & 0xff] ?? ACCESSES[0];
  return Object.freeze({
    number,
    mode: id,
    root,
    cr0,
    cr4,
    efer,
    access: kind.id,
    user: (access & USER) !== 0,
    ac: (access & AC) !== 0,
    linear: Object.freeze({ hi, lo: lo + kind.offset }),
    entries: Object.freeze(Array.from({ length: count }, (_, i) => decodeEntry(words.subarray(8 + 4 * i)))),
  });
}

function decodeEntry([address = 0, , lo = 0, hi = 0]: Uint32Array): StoredEntry {
  return Object.freeze({ address, lo, hi });
}
