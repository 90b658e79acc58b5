/**
 * A case, and the file in which cases reach the guest.
 *
 * The layout is that of the recorded cases: a 64-byte header (magic "MMUC", count, flags, address of the answers), then
 * 128 bytes a case. Two things are new and zero in the recorded ones: mode 3 is 5-level paging, and bits 31..16 of the
 * access word are the low half of PKRU.
 *
 * @module
 */
import { type LiveMode, liveMode } from "./paging/modes.ts";

/** The access to the linear address. An exchange reads and writes at once. */
export type LiveKind = "read" | "write" | "fetch" | "exchange";

/** An entry that is in memory before the access. */
export interface TableEntry {
  readonly physical: number;
  readonly bytes: 4 | 8;
  readonly value: bigint;
}

/** One access to one slot, and all that it depends on. */
export interface AccessCase {
  readonly mode: LiveMode;
  /** Bits beyond PE, ET, NE and PG. */
  readonly cr0: number;
  /** Bits beyond those that the mode needs; likewise for EFER. */
  readonly cr4: number;
  readonly efer: number;
  /** Keys 0 to 7; the others deny nothing. */
  readonly pkru: number;
  readonly kind: LiveKind;
  readonly user: boolean;
  /** EFLAGS.AC. */
  readonly ac: boolean;
  /** A 16-byte slot. */
  readonly linear: bigint;
  /** Root first. */
  readonly entries: readonly TableEntry[];
}

/** Kinds by their number in the file, and the byte of the slot that each touches first. */
export const LIVE_KINDS: readonly { readonly kind: LiveKind; readonly offset: bigint }[] = [
  { kind: "read", offset: 1n },
  { kind: "write", offset: 8n },
  { kind: "fetch", offset: 0n },
  { kind: "exchange", offset: 1n },
];

/** Distance from the slot to the byte that an access of this kind touches. */
export function slotOffset(kind: LiveKind): bigint {
  return LIVE_KINDS.find((row) => row.kind === kind)?.offset ?? 0n;
}

/** Header flag: tag RAM above 4 GiB as well. */
export const FLAG_HIGH_RAM = 1;
/** Header flag: send the answers through the parallel port and power off as Bochs wants it. */
export const FLAG_PARALLEL = 2;

const MAGIC = 0x4355_4d4d;
const HEADER_BYTES = 64;
const CASE_BYTES = 128;
const ENTRIES_AT = 32;
const ENTRY_BYTES = 16;
const MAX_ENTRIES = 6;
const ACCESS_USER = 0x100;
const ACCESS_AC = 0x200;
/** The address of the guest's answers: 64 MiB. */
const ANSWERS_AT = 0x400_0000;

/** The case file that the guest reads. */
export function encodeCases(cases: readonly AccessCase[], flags: number): Uint8Array {
  const file = new DataView(new ArrayBuffer(HEADER_BYTES + cases.length * CASE_BYTES));
  [MAGIC, cases.length, flags, ANSWERS_AT].forEach((word, i) => file.setUint32(4 * i, word, true));
  cases.forEach((asked, i) => encodeCase(file, HEADER_BYTES + i * CASE_BYTES, asked));
  return new Uint8Array(file.buffer);
}

function encodeCase(file: DataView, at: number, asked: AccessCase): void {
  const { entries } = asked;
  if (entries.length > MAX_ENTRIES) {
    throw new RangeError(`Expected at most ${MAX_ENTRIES} entries but found ${entries.length}`);
  }
  const kind = LIVE_KINDS.findIndex((row) => row.kind === asked.kind);
  const access = kind | (asked.user ? ACCESS_USER : 0) | (asked.ac ? ACCESS_AC : 0) | (asked.pkru << 16);
  const words = [liveMode(asked.mode).code, asked.cr0, asked.cr4, asked.efer, access, entries.length];
  words.forEach((word, i) => file.setUint32(at + 4 * i, word, true));
  file.setBigUint64(at + 24, asked.linear, true);
  entries.forEach(({ physical, bytes, value }, i) => {
    const entry = at + ENTRIES_AT + i * ENTRY_BYTES;
    file.setUint32(entry, physical, true);
    file.setUint32(entry + 4, bytes, true);
    file.setBigUint64(entry + 8, value, true);
  });
}
