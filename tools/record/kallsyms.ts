/**
 * Linux's own list of its symbols, found in the guest's memory: kernels carry it, distributions no longer ship it as System.map.
 *
 * The list is a table of 256 tokens, an index of it, markers (the place of every 256th name), names as numbers of tokens, their count, and before them addresses, or
 * offsets from a base. Source: scripts/kallsyms.c and kernel/kallsyms.c of Linux 2.6.10 to 6.1.
 *
 * @module
 */

import type { Symbol } from "./symbols.ts";

const WINDOW = 1 << 24;
const REACH = 1 << 23; // from the first address to the end of the list
const TOKENS = 256;
const DIGITS = new TextEncoder().encode(Array.from("0123456789", (digit) => `${digit}\0`).join(""));
const ZERO = 0x30;
const MAX_SYMBOLS = 1_000_000;
const BLOCK = 256; // names from one marker to the next
const MAX_NAME = 130; // bytes of a name
const MIN_MARKERS = 8;

/** A part of memory, and where things are in it. */
class Image {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(at: number): number {
    return at >= 0 && at + 4 <= this.bytes.length ? this.view.getUint32(at, true) : NaN;
  }

  word(at: number, size: number): bigint {
    if (at < 0 || at + size > this.bytes.length) return -1n;
    return size === 8 ? this.view.getBigUint64(at, true) : BigInt(this.view.getUint32(at, true));
  }
}

/** The tokens, and where their table begins and ends. */
interface Tokens {
  readonly texts: readonly string[];
  readonly start: number;
}

/** The table around a place where the tokens of the ten digits stand. */
function tokensAt({ bytes, view }: Image, digits: number): Tokens | undefined {
  let start = digits;
  for (let strings = 0; start > 0 && strings <= ZERO; start--) if (bytes[start - 1] === 0) strings++;
  start++; // the string before the table's first ends here
  const texts: string[] = [];
  const places: number[] = [];
  let at = start;
  while (texts.length < TOKENS && at < bytes.length) {
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    texts.push(String.fromCharCode(...bytes.subarray(at, end)));
    places.push(at - start);
    at = end + 1;
  }
  for (let index = at; index < at + 16 && index + 2 * TOKENS <= bytes.length; index++) {
    if (places.every((place, i) => view.getUint16(index + 2 * i, true) === place)) return { texts, start };
  }
  return undefined;
}

/** Names: where the first is, how many there are, and the size of a marker. */
interface Names {
  readonly start: number;
  readonly count: number;
  /** The address of their count. */
  readonly countAt: number;
}

/**
 * Finds the markers before the tokens, and with them the names. What stands between markers and tokens since 6.2, an order of the names, is passed over: the markers
 * are the nearest numbers that begin with 0 and go up by the length of a block of names.
 */
function namesBefore(image: Image, { start }: Tokens): Names | undefined {
  for (const size of [4, 8]) {
    for (let at = start - start % size - 3 * size; at >= 0 && at > start - REACH; at -= size) {
      if (image.u32(at) !== 0) continue;
      const markers = markersAt(image, at, size);
      const found = markers.length < MIN_MARKERS ? undefined : namesWith(image, markers, at);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function markersAt(image: Image, start: number, size: number): number[] {
  const markers = [0];
  for (let at = start + size;; at += size) {
    const marker = Number(image.word(at, size));
    const block = marker - (markers.at(-1) ?? 0);
    if (block < BLOCK * 2 || block > BLOCK * MAX_NAME) return markers;
    markers.push(marker);
  }
}

function namesWith(image: Image, markers: readonly number[], end: number): Names | undefined {
  const last = markers.at(-1) ?? 0;
  for (let start = end - last; start > end - last - BLOCK * MAX_NAME && start > 16; start--) {
    if (!agrees(image, start, markers)) continue;
    for (const countAt of [start - 4, start - 8]) {
      const count = image.u32(countAt);
      if (count <= MAX_SYMBOLS && Math.ceil(count / BLOCK) === markers.length) return { start, count, countAt };
    }
  }
  return undefined;
}

/** Whether the first blocks of names are as long as the markers say. */
function agrees(image: Image, start: number, markers: readonly number[]): boolean {
  let at = start;
  for (const marker of markers.slice(1, 4)) {
    for (let i = 0; i < BLOCK && at < image.bytes.length; i++) at = nameAt(image, at).end;
    if (at - start !== marker) return false;
  }
  return true;
}

/** The place of a name's tokens: its length takes a second byte from 128 on. */
function nameAt({ bytes }: Image, at: number): { readonly from: number; readonly end: number } {
  const first = bytes[at] ?? 0;
  const long = first >= 128;
  const from = at + (long ? 2 : 1);
  return { from, end: from + (long ? (first & 127) | (bytes[at + 1] ?? 0) << 7 : first) };
}

/** The addresses of the symbols, by the first of the known layouts that gives ascending ones. */
function addressesOf(image: Image, { count, countAt }: Names): readonly bigint[] | undefined {
  for (const size of [8, 4]) {
    const offsets = relative(image, count, countAt, size);
    const absolute = ascending(
      Array.from({ length: count }, (_, i) => image.word(countAt - (count - i) * size, size)),
      size,
    );
    const found = absolute ?? offsets;
    if (found !== undefined) return found;
  }
  return undefined;
}

function relative(image: Image, count: number, countAt: number, size: number): readonly bigint[] | undefined {
  const baseAt = countAt - size;
  const base = image.word(baseAt, size);
  const start = Math.floor((baseAt - count * 4) / size) * size;
  const offset = (i: number) => BigInt(image.u32(start + i * 4) | 0);
  if (!(start >= 0) || base <= 0n) return undefined;
  const plain = Array.from({ length: count }, (_, i) => base + BigInt.asUintN(32, offset(i)));
  const perCpu = () => Array.from({ length: count }, (_, i) => offset(i) >= 0n ? offset(i) : base - 1n - offset(i));
  return ascending(size === 8 ? perCpu() : plain, size) ?? ascending(plain, size);
}

/** The addresses, if they ascend and most are in the half of the kernel: offsets ascend too, and their base may follow them. */
function ascending(addresses: readonly bigint[], size: number): readonly bigint[] | undefined {
  const kernel = size === 8 ? 0xffff_8000_0000_0000n : 0x4000_0000n;
  if ((addresses[addresses.length >> 1] ?? 0n) < kernel) return undefined;
  return addresses.every((address, i) => i === 0 || address >= (addresses[i - 1] as bigint)) ? addresses : undefined;
}

function symbolsIn(image: Image, digits: number): readonly Symbol[] | undefined {
  const tokens = tokensAt(image, digits);
  const names = tokens && namesBefore(image, tokens);
  const addresses = names && addressesOf(image, names);
  if (tokens === undefined || names === undefined || addresses === undefined) return undefined;
  let at = names.start;
  return addresses.map((address) => {
    const { from, end } = nameAt(image, at);
    at = end;
    let name = "";
    for (let i = from; i < end; i++) name += tokens.texts[image.bytes[i] ?? 0];
    return { address, name: name.slice(1) }; // its first letter is the kind
  });
}

/** The facts about the kernel in a guest's memory. */
export interface KernelInMemory {
  /** Its symbols; none where no list was found. */
  readonly symbols: readonly Symbol[];
  /** Its version as it prints it; undefined if it is no Linux. */
  readonly banner: string | undefined;
}

/** Symbols below are offsets: of what each CPU has for itself. */
const LOWEST = 0x4000_0000n;
const BANNER = new TextEncoder().encode("Linux version ");

/**
 * Looks for Linux's symbols in memory.
 *
 * @param path The file of the guest's memory.
 * @returns What was found; nothing for what is no Linux, or one without the list.
 */
export async function findKernel(path: string): Promise<KernelInMemory> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  let banner: string | undefined;
  for (let from = 0; from < size; from += WINDOW) {
    const window = readAt(file, from, WINDOW + REACH);
    banner ??= bannerIn(window);
    for (let at = indexOf(window, DIGITS, 0); at >= 0 && at < WINDOW; at = indexOf(window, DIGITS, at + 1)) {
      const before = Math.min(from, REACH);
      const symbols = symbolsIn(new Image(readAt(file, from - before, WINDOW + REACH + before)), at + before);
      if (symbols !== undefined) return { symbols: symbols.filter(({ address }) => address >= LOWEST), banner };
    }
  }
  return { symbols: [], banner };
}

function bannerIn(window: Uint8Array): string | undefined {
  for (let at = indexOf(window, BANNER, 0); at >= 0; at = indexOf(window, BANNER, at + 1)) {
    const text = new TextDecoder().decode(window.subarray(at, at + 100));
    const [version] = /^Linux version \d+\.\d+\S*/.exec(text) ?? [];
    if (version !== undefined) return version;
  }
  return undefined;
}

function readAt(file: Deno.FsFile, from: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  file.seekSync(from, Deno.SeekMode.Start);
  let got = 0;
  for (let read: number | null = 1; got < length && read !== null && read > 0; got += read ?? 0) {
    read = file.readSync(bytes.subarray(got));
  }
  return bytes.subarray(0, got);
}

/** The index of a text in bytes; -1 if it is not there. */
function indexOf(bytes: Uint8Array, text: Uint8Array, from: number): number {
  const [first = 0] = text;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (text.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
