/**
 * The machine-to-physical table: the pfn of every machine frame. Every guest may read it.
 *
 * @module
 */

import type { Domain } from "./domain.ts";

const FRAME_WORDS = 1024;

/**
 * Frames that the table takes.
 *
 * @param domain The domain; its frame table and contract matter.
 * @returns Number of frames.
 */
export function m2pFrames({ frames, contract }: Domain): number {
  return Math.ceil(frames.length * contract.m2pWords / FRAME_WORDS);
}

/**
 * Writes an entry of the table.
 *
 * @param domain The domain.
 * @param mfn Machine frame.
 * @param hi High word, for a table that has one.
 * @param lo Low word: its pfn, or -1.
 */
export function writeM2pEntry(domain: Domain, mfn: number, hi: number, lo: number): void {
  const { memory } = domain.machine;
  const { m2pWords } = domain.contract;
  const word = mfn * m2pWords;
  const frame = domain.m2pFirstMfn + (word >>> 10);
  memory.write(frame, word & (FRAME_WORDS - 1), lo | 0);
  if (m2pWords === 2) memory.write(frame, (word & (FRAME_WORDS - 1)) + 1, hi | 0);
}

/**
 * Reads an entry of the table.
 *
 * @param domain The domain.
 * @param mfn Machine frame; may be beyond memory.
 * @returns The two words, signed; the high one is 0 in a table of 32-bit entries. Undefined beyond memory.
 */
export function readM2pEntry(domain: Domain, mfn: number): { readonly hi: number; readonly lo: number } | undefined {
  if (mfn >= domain.frames.length) return undefined;
  const { memory } = domain.machine;
  const { m2pWords } = domain.contract;
  const word = mfn * m2pWords;
  const frame = domain.m2pFirstMfn + (word >>> 10);
  const at = word & (FRAME_WORDS - 1);
  return { hi: m2pWords === 2 ? memory.read(frame, at + 1) : 0, lo: memory.read(frame, at) };
}

/**
 * Writes the whole table.
 *
 * @param domain The domain, its p2m known.
 */
export function writeM2pTable(domain: Domain): void {
  const { m2p, m2pFirstMfn, contract: { m2pWords }, machine: { memory } } = domain;
  const words = new Int32Array(FRAME_WORDS);
  const perFrame = FRAME_WORDS / m2pWords;
  for (let first = 0; first < m2p.length; first += perFrame) {
    words.fill(0);
    for (let i = 0; i < perFrame && first + i < m2p.length; i++) {
      const pfn = m2p[first + i] ?? -1;
      words[i * m2pWords] = pfn;
      if (m2pWords === 2) words[i * 2 + 1] = pfn < 0 ? -1 : 0;
    }
    memory.writeFrame(m2pFirstMfn + first / perFrame, words);
  }
}
