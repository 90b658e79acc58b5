/**
 * ELF cores: the header, the program headers, the notes.
 *
 * Source: the ELF-64 object file format and the System V ABI.
 *
 * @module
 */

import { type Bytes, need, wide } from "./bytes.ts";

const MAX_SEGMENTS = 2 ** 17;
const MAX_NOTE_BYTES = 2 ** 24;
const PN_XNUM = 0xffff;
const [PT_LOAD, PT_NOTE] = [1, 4];
/** Names of other machines by their number, for the message. */
const MACHINES: Readonly<Record<number, string>> = Object.freeze({
  20: "PowerPC",
  22: "s390",
  40: "ARM",
  183: "AArch64",
  243: "RISC-V",
});

/** A program header. */
export interface ProgramHeader {
  /** PT_LOAD or PT_NOTE, or another type. */
  readonly type: number;
  /** Its offset in the file. */
  readonly offset: number;
  /** Linear address, all 64 bits. */
  readonly virtual: bigint;
  /** Physical address; Infinity from 2^53 on. */
  readonly physical: number;
  /** Bytes in the file. */
  readonly fileBytes: number;
  /** Bytes in memory: what the file leaves out at the end is zero. */
  readonly memoryBytes: number;
}

/** A note. */
export interface Note {
  /** Its owner: `CORE`, `QEMU`, `VMCOREINFO`. */
  readonly name: string;
  /** Its type, by which its writer tells its notes apart. */
  readonly type: number;
  /** Its contents. */
  readonly contents: DataView;
}

/** A core. */
export interface ElfCore {
  /** Whether it is of the 64-bit class. */
  readonly wide: boolean;
  /** Whether its machine is x86-64; else it is an i386. */
  readonly long: boolean;
  /** Segments of memory. */
  readonly loads: readonly ProgramHeader[];
  /** The notes of all note segments. */
  readonly notes: readonly Note[];
  /** Names of sections. Only `xl dump-core` writes some. */
  readonly sections: readonly string[];
}

/**
 * Reads an ELF core.
 *
 * @param bytes The file.
 * @returns Its segments and notes.
 * @throws {RangeError} If it is no core of an x86, or it is damaged.
 */
export function readElf(bytes: Bytes): ElfCore {
  const head = need(bytes, 0, 64, "the header of an ELF file");
  const [elfClass, order, type, machine] = [
    head.getUint8(4),
    head.getUint8(5),
    head.getUint16(16, true),
    head.getUint16(18, true),
  ];
  if ((elfClass !== 1 && elfClass !== 2) || order !== 1) {
    throw new RangeError(`Expected a little-endian ELF file but found class ${elfClass}, byte order ${order}`);
  }
  if (type !== 4) throw new RangeError(`Expected an ELF core (type 4) but found type ${type}: a program or a library?`);
  if (machine !== 3 && machine !== 62) {
    throw new RangeError(`Expected a core of an x86 but found machine ${machine}${machineName(machine)}`);
  }
  const is64 = elfClass === 2;
  const headers = programHeaders(bytes, head, is64);
  return {
    wide: is64,
    long: machine === 62,
    loads: headers.filter(({ type }) => type === PT_LOAD),
    notes: headers.filter(({ type }) => type === PT_NOTE).flatMap((header) => notesIn(bytes, header)),
    sections: sectionNames(bytes, head, is64),
  };
}

function machineName(machine: number): string {
  const name = MACHINES[machine];
  return name === undefined ? "" : ` (${name})`;
}

function programHeaders(bytes: Bytes, head: DataView, is64: boolean): ProgramHeader[] {
  const offset = is64 ? wide(head, 32) : head.getUint32(28, true);
  const size = head.getUint16(is64 ? 54 : 42, true);
  const count = headerCount(bytes, head, is64);
  const least = is64 ? 56 : 32;
  if (count === 0) return [];
  if (size < least) throw new RangeError(`Expected program headers of ${least} bytes but found ${size}`);
  if (count > MAX_SEGMENTS) throw new RangeError(`Expected at most ${MAX_SEGMENTS} program headers but found ${count}`);
  const view = need(bytes, offset, count * size, `${count} program headers`);
  return Array.from({ length: count }, (_, i) => is64 ? header64(view, i * size) : header32(view, i * size));
}

/** A core with 65,535 segments and more has their number in the first section header. */
function headerCount(bytes: Bytes, head: DataView, is64: boolean): number {
  const count = head.getUint16(is64 ? 56 : 44, true);
  if (count !== PN_XNUM) return count;
  const sections = is64 ? wide(head, 40) : head.getUint32(32, true);
  return need(bytes, sections, is64 ? 64 : 40, "the section header that counts the segments").getUint32(
    is64 ? 44 : 28,
    true,
  );
}

function header64(view: DataView, at: number): ProgramHeader {
  return {
    type: view.getUint32(at, true),
    offset: wide(view, at + 8),
    virtual: view.getBigUint64(at + 16, true),
    physical: wide(view, at + 24),
    fileBytes: wide(view, at + 32),
    memoryBytes: wide(view, at + 40),
  };
}

function header32(view: DataView, at: number): ProgramHeader {
  return {
    type: view.getUint32(at, true),
    offset: view.getUint32(at + 4, true),
    virtual: BigInt(view.getUint32(at + 8, true)),
    physical: view.getUint32(at + 12, true),
    fileBytes: view.getUint32(at + 16, true),
    memoryBytes: view.getUint32(at + 20, true),
  };
}

function notesIn(bytes: Bytes, { offset, fileBytes }: ProgramHeader): Note[] {
  if (!(fileBytes <= MAX_NOTE_BYTES)) {
    throw new RangeError(`Expected notes of at most ${MAX_NOTE_BYTES} bytes but found ${fileBytes}`);
  }
  const view = need(bytes, offset, fileBytes, "notes");
  const notes: Note[] = [];
  for (let at = 0; at + 12 <= fileBytes;) {
    const [nameBytes, size, type] = [
      view.getUint32(at, true),
      view.getUint32(at + 4, true),
      view.getUint32(at + 8, true),
    ];
    const contents = at + 12 + padded(nameBytes);
    if (contents + size > fileBytes) {
      throw new RangeError(
        `Expected a note of ${nameBytes} and ${size} bytes at ${offset + at} but found the end of the notes`,
      );
    }
    const name = textOf(view, at + 12, nameBytes);
    if (name !== "" || size > 0) {
      notes.push({ name, type, contents: new DataView(view.buffer, view.byteOffset + contents, size) });
    }
    at = contents + padded(size);
  }
  return notes;
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}

function textOf(view: DataView, at: number, length: number): string {
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length)).replace(/\0.*$/s, "");
}

/** Names of the sections, if there are any and they can be read: they only tell who wrote the file. */
function sectionNames(bytes: Bytes, head: DataView, is64: boolean): string[] {
  const offset = is64 ? wide(head, 40) : head.getUint32(32, true);
  const [size, count, names] = [0, 2, 4].map((more) => head.getUint16((is64 ? 58 : 46) + more, true));
  if (!size || !count || names === undefined || names >= count || !(offset + size * count <= bytes.size)) return [];
  if (size < (is64 ? 64 : 40)) return [];
  const view = need(bytes, offset, size * count, "section headers");
  const table = sectionPlace(view, names * size, is64);
  if (!(table.offset + table.bytes <= bytes.size) || table.bytes > MAX_NOTE_BYTES) return [];
  const strings = need(bytes, table.offset, table.bytes, "section names");
  return Array.from({ length: count }, (_, i) => {
    const at = view.getUint32(i * size, true);
    return at < table.bytes ? textOf(strings, at, Math.min(64, table.bytes - at)) : "";
  });
}

function sectionPlace(view: DataView, at: number, is64: boolean): { offset: number; bytes: number } {
  return is64
    ? { offset: wide(view, at + 24), bytes: wide(view, at + 32) }
    : { offset: view.getUint32(at + 16, true), bytes: view.getUint32(at + 20, true) };
}
