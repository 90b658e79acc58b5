/**
 * The machine-to-physical table: the pfn of every machine frame, which every guest may read.
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
 * @param pfn Its pfn, or -1.
 */
export function writeM2pEntry(domain: Domain, mfn: number, pfn: number): void {
  const { memory } = domain.machine;
  const { m2pWords } = domain.contract;
  const word = mfn * m2pWords;
  const frame = domain.m2pFirstMfn + (word >>> 10);
  memory.write(frame, word & (FRAME_WORDS - 1), pfn);
  if (m2pWords === 2) memory.write(frame, (word & (FRAME_WORDS - 1)) + 1, pfn < 0 ? -1 : 0);
}

/**
 * Writes the whole table.
 *
 * @param domain The domain, its p2m known.
 */
export function writeM2pTable(domain: Domain): void {
  for (let mfn = 0; mfn < domain.frames.length; mfn++) writeM2pEntry(domain, mfn, domain.m2p[mfn] ?? -1);
}
