/**
 * Recorded boots: every store into a page table that a real kernel made, one JSON object a line behind a header.
 *
 * @module
 */

import { type Line, linesOf } from "./line.ts";

/** The fields of the header. Addresses are physical; those of symbols are computed from the kernel's linear ones. */
export interface RecordHeader {
  /** Name of the record. */
  readonly name: string;
  /** Version and build of the kernel. */
  readonly kernel: string;
  /** The CPU that QEMU posed as. */
  readonly cpu: string;
  /** Mebibytes of memory. */
  readonly memoryMb: number;
  /** Format of the tables. */
  readonly mode: "two-level" | "pae";
  /** CR3, CR4 and EFER at the end. */
  readonly cr3: number;
  readonly cr4: number;
  readonly efer: number;
  /** Frames that are tables, with their level. */
  readonly tables: ReadonlyMap<number, number>;
  /** Entries that were linked into the image. */
  readonly image: readonly { readonly frame: number; readonly index: number; readonly lo: number }[];
  /** The kernel's symbols in the header, as physical addresses; `initEnd`, `pg0` and `end` are among them. */
  readonly symbols: ReadonlyMap<string, number>;
}

/** How an entry was stored: its halves in some order, at once, or only its low half. */
export type HowStored = "hi,lo" | "lo,hi" | "once" | "lo";

/** One entry stored. */
export interface StoredEntry {
  /** Kernel function, or `head.S`. */
  readonly who: string;
  /** Physical or linear address of the instruction. */
  readonly pc: number;
  /** Frame of the table. */
  readonly frame: number;
  /** Index of the entry. */
  readonly index: number;
  /** Low word, unsigned. */
  readonly lo: number;
  /** High word, unsigned; 0 in two-level tables. */
  readonly hi: number;
  /** How it was stored. */
  readonly how: HowStored;
}

/** A recorded boot. */
export interface BootRecord {
  /** The header. */
  readonly header: RecordHeader;
  /** Every entry stored, in order; runs are laid out. */
  readonly stores: readonly StoredEntry[];
}

const MOST_STORES = 4_000_000;
const PAGE_OFFSET = 0xc000_0000;

/**
 * Reads a record of a kernel on bare hardware.
 *
 * @param path The file's name, for messages.
 * @param bytes Its contents, unpacked.
 * @returns The record.
 * @throws {UnreadableFile} If it is not text, or a line does not follow the format.
 */
export function parseBootRecord(path: string, bytes: Uint8Array): BootRecord {
  const [first, ...rest] = linesOf(path, bytes);
  const header = headerOf(first);
  const words = header.mode === "pae" ? 2 : 1;
  const stores: StoredEntry[] = [];
  for (const line of rest) {
    if (!line.has("event")) stores.push(...run(line, words, MOST_STORES - stores.length));
  }
  return { header, stores };
}

function headerOf(line: Line): RecordHeader {
  if (line.text("kind") !== "page-table writes of a real kernel") {
    throw line.wrong("kind", "page-table writes of a real kernel");
  }
  const mode = line.text("mode");
  if (mode !== "two-level" && mode !== "pae") throw line.wrong("mode", "two-level or pae");
  const symbols = new Map<string, number>();
  const add = (name: string, address: number) =>
    symbols.set(name, address >= PAGE_OFFSET ? address - PAGE_OFFSET : address);
  for (const name of ["initEnd", "pg0", "end"]) if (line.has(name)) add(name, line.hex(name));
  for (const [name, inner] of line.fields("symbols")) add(name, inner.hex(name));
  return {
    name: line.text("name"),
    kernel: line.text("kernel"),
    cpu: line.text("cpu"),
    memoryMb: line.integer("memory_mb", 4, 4096),
    mode,
    cr3: line.hex("cr3"),
    cr4: line.hex("cr4"),
    efer: line.hex("efer"),
    tables: new Map([...line.fields("tables")].map(([frame, inner]) => [Number(frame), inner.integer(frame, 1, 3)])),
    image: line.list("image").map((entry) => ({
      frame: entry.integer("frame", 0, 2 ** 20),
      index: entry.integer("index", 0, 1023),
      lo: entry.hex("value"),
    })),
    symbols,
  };
}

/** The entries of one line. A run goes on with the next entry, and adds `step` to the value. */
function* run(line: Line, words: number, most: number): Generator<StoredEntry> {
  const size = 4 * words;
  const bytes = line.has("bytes") ? line.integer("bytes", 1, 8) : size;
  const count = line.has("count") ? line.integer("count", 1, 65_536) : 1;
  if (count > most) throw line.wrong("count", `at most ${most}`);
  const first = BigInt(line.hexText("value"));
  const step = line.has("step") ? BigInt(line.hexText("step")) : 0n;
  const common = { who: line.text("who"), pc: line.hex("pc"), frame: line.integer("frame", 0, 2 ** 20) };
  const index = line.integer("index", 0, 1023);
  const how = howStored(line, bytes, size);
  // a page that is filled byte by byte is a page of entries
  const entries = bytes === 1 ? count / size : count;
  for (let i = 0; i < entries; i++) {
    const value = first + BigInt(i) * step;
    const [lo, hi] = [Number(value & 0xffff_ffffn), Number((value >> 32n) & 0xffff_ffffn)];
    yield { ...common, index: index + i, lo, hi, how };
  }
}

function howStored(line: Line, bytes: number, size: number): HowStored {
  if (bytes === 1 && size === 8) return "lo,hi";
  if (size === 4 || bytes === size) return line.has("order") ? line.order() : "once";
  return "lo";
}
