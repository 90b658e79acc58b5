/**
 * Symbols of a guest: from a System.map, an ELF file, or the kallsyms in its memory.
 *
 * @module
 */

import type { Linear } from "../../mod.ts";
import type { NameWriter } from "./raw_log.ts";

/** A symbol and its address. */
export interface Symbol {
  readonly address: bigint;
  readonly name: string;
}

const MAX_SYMBOLS = 2_000_000;
/** Beyond this distance a symbol names nothing any more. */
const MAX_DISTANCE = 0x100_0000n;
const MAP_LINE = /^([0-9a-f]{8,16}) [a-zA-Z?] (\S{1,200})/;
const ELF_MAGIC = 0x7f454c46;
const SYMBOL_TABLE = 2;
const DYNAMIC_SYMBOLS = 11;

/**
 * Reads symbols from a file.
 *
 * @param bytes A System.map or an ELF file.
 * @returns The symbols.
 * @throws {RangeError} If it is neither, or has none.
 */
export function parseSymbols(bytes: Uint8Array): Symbol[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isElf = bytes.length > 52 && view.getUint32(0) === ELF_MAGIC;
  const symbols = isElf ? elfSymbols(view) : mapSymbols(new TextDecoder().decode(bytes));
  if (symbols.length > 0) return symbols;
  throw new RangeError(
    `Expected symbols in ${isElf ? "the ELF file" : "lines of a System.map, or in an ELF file,"} but found none`,
  );
}

function mapSymbols(text: string): Symbol[] {
  const symbols: Symbol[] = [];
  for (const line of text.split("\n")) {
    const [, digits, name] = MAP_LINE.exec(line) ?? [];
    if (digits !== undefined && name !== undefined && symbols.length < MAX_SYMBOLS) {
      symbols.push({ address: BigInt(`0x${digits}`), name });
    }
  }
  return symbols;
}

/** The offsets of fields in an ELF file of 32 or 64 bits. */
interface Elf {
  readonly view: DataView;
  readonly wide: boolean;
}

function word({ view, wide }: Elf, at: number): number {
  return wide ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
}

function elfSymbols(view: DataView): Symbol[] {
  const elf: Elf = { view, wide: view.getUint8(4) === 2 };
  if (view.getUint8(5) !== 1) throw new RangeError("Expected a little-endian ELF file but found another");
  try {
    const sections = word(elf, elf.wide ? 0x28 : 0x20);
    const [size, count] = [view.getUint16(elf.wide ? 0x3a : 0x2e, true), view.getUint16(elf.wide ? 0x3c : 0x30, true)];
    const symbols: Symbol[] = [];
    for (let i = 0; i < count; i++) {
      const at = sections + i * size;
      const kind = view.getUint32(at + 4, true);
      if (kind === SYMBOL_TABLE || kind === DYNAMIC_SYMBOLS) symbols.push(...symbolsOf(elf, at, sections, size));
    }
    return symbols;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError("Expected a whole ELF file but found one that points beyond its end", { cause: error });
  }
}

function symbolsOf(elf: Elf, section: number, sections: number, sectionSize: number): Symbol[] {
  const { view, wide } = elf;
  const [table, bytes] = [word(elf, section + (wide ? 0x18 : 0x10)), word(elf, section + (wide ? 0x20 : 0x14))];
  const names = sections + view.getUint32(section + (wide ? 0x28 : 0x18), true) * sectionSize;
  const texts = word(elf, names + (wide ? 0x18 : 0x10));
  const symbols: Symbol[] = [];
  for (let at = table; at < table + bytes && symbols.length < MAX_SYMBOLS; at += wide ? 24 : 16) {
    const kind = view.getUint8(at + (wide ? 4 : 12)) & 15;
    const section = view.getUint16(at + (wide ? 6 : 14), true);
    const address = wide ? view.getBigUint64(at + 8, true) : BigInt(view.getUint32(at + 4, true));
    const name = textAt(view, texts + view.getUint32(at, true));
    if (kind <= SYMBOL_TABLE && section !== 0 && name !== "") symbols.push({ address, name });
  }
  return symbols;
}

function textAt(view: DataView, at: number): string {
  let text = "";
  for (let byte = view.getUint8(at); byte !== 0 && text.length < 200; byte = view.getUint8(at + text.length)) {
    text += String.fromCharCode(byte);
  }
  return text;
}

/**
 * Names writers by symbols.
 *
 * @param symbols The symbols, in any order.
 * @returns A function that names the last symbol at or below an address; the address itself where there is none near.
 */
export function writerNames(symbols: readonly Symbol[]): NameWriter {
  const ordered = [...symbols].sort((a, b) => a.address < b.address ? -1 : a.address > b.address ? 1 : 0);
  return (pc: Linear) => {
    const address = BigInt(pc.hi) << 32n | BigInt(pc.lo);
    let [low, high] = [0, ordered.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ordered[middle] as Symbol).address <= address) low = middle + 1;
      else high = middle;
    }
    const found = ordered[low - 1];
    if (found === undefined || address - found.address > MAX_DISTANCE) {
      return { name: `0x${address.toString(16)}`, offset: 0 };
    }
    return { name: found.name, offset: Number(address - found.address) };
  };
}
