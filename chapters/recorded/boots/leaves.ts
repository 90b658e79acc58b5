/**
 * The map of lowmem after a list of stores.
 *
 * @module
 */

import { frameOf, indexAt, isLeaf, type Level, NX, P } from "../../../core/mmu/mod.ts";
import { CPUS, type Mode, MODES } from "../../../mod.ts";
import type { BootRecord } from "./record.ts";

/** The entry that maps a page. */
export interface MappedBy {
  /** Low word, unsigned. */
  readonly lo: number;
  /** High word, unsigned. */
  readonly hi: number;
  /** Size of the page as a shift. */
  readonly shift: number;
}

/** Reads a word of a frame. */
export type ReadWord = (frame: number, word: number) => number;

/** Whether an entry of a 32-bit kernel is a leaf. A kernel sets PS only where CR4.PSE is set or not needed. */
export function isLeafWord(level: Level, lo: number): boolean {
  return isLeaf(level, lo, CPUS.p6, true);
}

/**
 * The entry that maps a linear address of a 32-bit kernel.
 *
 * @param read The memory.
 * @param mode Its paging mode.
 * @param root Frame of the root table.
 * @param address The address.
 * @returns The leaf, or undefined where nothing is mapped.
 */
export function mappedBy(read: ReadWord, mode: Mode, root: number, address: number): MappedBy | undefined {
  let frame = root;
  for (const level of mode.levels) {
    const word = indexAt(level, 0, address) * mode.entryWords;
    const lo = read(frame, word) >>> 0;
    const hi = mode.entryWords === 2 ? read(frame, word + 1) >>> 0 : 0;
    if ((lo & P) === 0) return undefined;
    if (isLeafWord(level, lo)) return { lo, hi, shift: level.shift };
    frame = frameOf(hi, lo);
  }
  return undefined;
}

/**
 * Memory as a record leaves it: what is linked into the image, then every store.
 *
 * @param record The record.
 * @returns Reads a word; a word that was never stored is 0.
 */
export function memoryAfter({ header, stores }: BootRecord): ReadWord {
  const frames = new Map<number, Uint32Array>();
  const of = (frame: number): Uint32Array => {
    const words = frames.get(frame) ?? new Uint32Array(1024);
    frames.set(frame, words);
    return words;
  };
  const stride = header.mode === "pae" ? 2 : 1;
  for (const { frame, index, lo } of header.image) of(frame)[index * stride] = lo;
  for (const { frame, index, lo, hi, how } of stores) {
    const words = of(frame);
    words[index * stride] = lo;
    if (stride === 2 && how !== "lo") words[index * stride + 1] = hi;
  }
  return (frame, word) => frames.get(frame)?.[word] ?? 0;
}

/** The mapping of one page of lowmem, as text: frame of the page itself, flags, size. */
export function leafText(leaf: MappedBy | undefined, mode: Mode, address: number): string {
  if (leaf === undefined) return "not mapped";
  const pages = 2 ** (leaf.shift - 12);
  const within = Math.floor(address / 4096) % pages;
  const frame = frameOf(leaf.hi & ~NX, leaf.lo) - frameOf(leaf.hi & ~NX, leaf.lo) % pages + within;
  const flags = (leaf.lo & 0xfff).toString(16).padStart(3, "0");
  const nx = mode === MODES.pae && (leaf.hi & NX) !== 0 ? " NX" : "";
  return `page 0x${frame.toString(16)} ${flags}${nx} ${leaf.shift === 12 ? "4K" : `${2 ** (leaf.shift - 20)}M`}`;
}
