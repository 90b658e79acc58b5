/**
 * Dumps of memory made from a saved state: what the programs of others write, byte by byte.
 *
 * @module
 */
import { readState } from "../../../chapters/recorded/files/state.ts";

const STATES = "tests/fixtures/kernels/";

/** A machine's page tables in its memory. */
export interface Memory {
  /** Frames of page tables, each with its 4096 bytes. */
  readonly frames: ReadonlyMap<number, Uint8Array>;
  /** Size of the memory. */
  readonly bytes: number;
  readonly registers: { cr0: number; cr2: bigint; cr3: bigint; cr4: number; efer: number };
  readonly long: boolean;
}

/** The memory of a state of the fixtures. */
export async function memoryOf(name: string): Promise<Memory> {
  const { header, machine } = await readState(`${STATES}${name}.json`);
  const frames = new Map(header.frames.map((frame) => {
    const bytes = new DataView(new ArrayBuffer(4096));
    for (let word = 0; word < 1024; word++) bytes.setInt32(word * 4, machine.memory.read(frame, word), true);
    return [frame, new Uint8Array(bytes.buffer)] as const;
  }));
  const { cr0, cr3, cr4, efer } = header.registers;
  const registers = { cr0, cr2: 0n, cr3: BigInt(cr3), cr4, efer };
  return { frames, bytes: header.ramBytes, registers, long: header.mode.linearBits > 32 };
}

/** A piece of a file. */
export interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Writes a file of a size with some pieces; what lies between takes no room on the disk. */
export async function writeSparse(size: number, pieces: readonly Piece[], suffix: string): Promise<string> {
  const path = await Deno.makeTempFile({ suffix });
  using file = await Deno.open(path, { write: true });
  await file.truncate(size);
  for (const { at, bytes } of pieces) {
    await file.seek(at, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
  }
  return path;
}

/** Raw memory. */
export async function rawDump({ frames, bytes }: Memory): Promise<string> {
  return await writeSparse(bytes, [...frames].map(([frame, words]) => ({ at: frame * 4096, bytes: words })), ".raw");
}

/** A range of memory, by physical address. */
export interface Range {
  readonly first: number;
  readonly bytes: number;
}

function pieces({ frames }: Memory, ranges: readonly (Range & { at: number })[]): Piece[] {
  return [...frames].flatMap(([frame, bytes]) => {
    const range = ranges.find(({ first, bytes }) => frame * 4096 >= first && frame * 4096 < first + bytes);
    return range === undefined ? [] : [{ at: range.at + frame * 4096 - range.first, bytes }];
  });
}

/** LiME: each range behind a header. */
export async function limeDump(memory: Memory, ranges: readonly Range[]): Promise<string> {
  let at = 0;
  const heads: Piece[] = [];
  const placed = ranges.map(({ first, bytes }) => {
    const head = new DataView(new ArrayBuffer(32));
    head.setUint32(0, 0x4c694d45, true);
    head.setUint32(4, 1, true);
    head.setBigUint64(8, BigInt(first), true);
    head.setBigUint64(16, BigInt(first + bytes - 1), true);
    heads.push({ at, bytes: new Uint8Array(head.buffer) });
    at += 32 + bytes;
    return { first, bytes, at: at - bytes };
  });
  return await writeSparse(at, [...heads, ...pieces(memory, placed)], ".lime");
}

/** A note of an ELF file. */
export function note(name: string, type: number, contents: Uint8Array): Uint8Array {
  const padded = (size: number) => Math.ceil(size / 4) * 4;
  const found = new Uint8Array(12 + padded(name.length + 1) + padded(contents.length));
  const view = new DataView(found.buffer);
  view.setUint32(0, name.length + 1, true);
  view.setUint32(4, contents.length, true);
  view.setUint32(8, type, true);
  found.set(new TextEncoder().encode(name), 12);
  found.set(contents, 12 + padded(name.length + 1));
  return found;
}

/** QEMU's note of a CPU: `QEMUCPUState`, version 1. */
export function qemuNote({ registers: { cr0, cr2, cr3, cr4 } }: Memory): Uint8Array {
  const state = new DataView(new ArrayBuffer(440));
  state.setUint32(0, 1, true);
  state.setUint32(4, 440, true);
  [BigInt(cr0), 0n, cr2, cr3, BigInt(cr4)].forEach((value, i) => state.setBigUint64(392 + 8 * i, value, true));
  return note("QEMU", 0, new Uint8Array(state.buffer));
}

/** The parts of an ELF core. */
export interface CoreParts {
  readonly notes: readonly Uint8Array[];
  /** Ranges; `zeros` are bytes at their ends that the file leaves out. */
  readonly ranges: readonly (Range & { readonly virtual?: bigint; readonly zeros?: number })[];
  /** 62 for x86-64, 3 for i386. */
  readonly machine?: number;
  readonly is64?: boolean;
}

/** The header of an ELF core and its notes, and where each range of memory begins in the file. */
export function coreHead(
  { notes, ranges, machine = 62, is64 = true }: CoreParts,
): { head: Uint8Array<ArrayBuffer>; starts: number[]; size: number } {
  const [headBytes, each] = is64 ? [64, 56] : [52, 32];
  const noteBytes = notes.reduce((sum, { length }) => sum + length, 0);
  const start = Math.ceil((headBytes + each * (ranges.length + 1) + noteBytes) / 4096) * 4096;
  const head = new Uint8Array(start);
  const view = new DataView(head.buffer);
  head.set([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, 1, 1]);
  view.setUint16(16, 4, true);
  view.setUint16(18, machine, true);
  view.setUint32(20, 1, true);
  const word = (at: number, value: number) =>
    is64 ? view.setBigUint64(at, BigInt(value), true) : view.setUint32(at, value, true);
  word(is64 ? 32 : 28, headBytes);
  view.setUint16(is64 ? 54 : 42, each, true);
  view.setUint16(is64 ? 56 : 44, ranges.length + 1, true);
  const header = (
    i: number,
    type: number,
    offset: number,
    virtual: bigint,
    physical: number,
    bytes: number,
    zeros = 0,
  ) => {
    const at = headBytes + i * each;
    view.setUint32(at, type, true);
    word(at + (is64 ? 8 : 4), offset);
    if (is64) view.setBigUint64(at + 16, virtual, true);
    else view.setUint32(at + 8, Number(virtual), true);
    word(at + (is64 ? 24 : 12), physical);
    word(at + (is64 ? 32 : 16), bytes);
    word(at + (is64 ? 40 : 20), bytes + zeros);
  };
  let noteAt = headBytes + each * (ranges.length + 1);
  header(0, 4, noteAt, 0n, 0, noteBytes);
  for (const bytes of notes) {
    head.set(bytes, noteAt);
    noteAt += bytes.length;
  }
  let at = start;
  const starts = ranges.map(({ first, bytes, virtual = 0n, zeros = 0 }, i) => {
    header(i + 1, 1, at, virtual, first, bytes, zeros);
    at += bytes;
    return at - bytes;
  });
  return { head, starts, size: at };
}

/** An ELF core with the memory of a machine. */
export async function coreDump(memory: Memory, parts: CoreParts): Promise<string> {
  const { head, starts, size } = coreHead(parts);
  const placed = parts.ranges.map(({ first, bytes }, i) => ({ first, bytes, at: starts[i] ?? 0 }));
  return await writeSparse(size, [{ at: 0, bytes: head }, ...pieces(memory, placed)], ".elf");
}
