/**
 * The machine-to-physical table, and the tables through which a guest reads it: the contents of Xen's slots.
 *
 * Of what Xen keeps in its slots only this is here, read-only. Xen's own linear map and its per-domain area are left out: the guest's segments end
 * below them, and this Xen reads page tables as physical memory.
 *
 * @module
 */

import { A, P, US } from "../mmu/mod.ts";
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
 * Fills the table and maps it.
 *
 * @param domain The domain, its p2m known.
 * @returns The entries for Xen's slots: low and high word in turn.
 */
export function mapM2p(domain: Domain): Int32Array {
  for (let mfn = 0; mfn < domain.frames.length; mfn++) writeM2pEntry(domain, mfn, domain.m2p[mfn] ?? -1);
  const holder = domain.levels.find((rules) => rules.row.privateSlots !== undefined);
  if (holder === undefined) return new Int32Array(0);
  let targets = Array.from({ length: m2pFrames(domain) }, (_, i) => domain.m2pFirstMfn + i);
  for (let depth = 1; depth < holder.depth; depth++) targets = tablesOver(domain, depth, targets);
  const flags = entryFlags(domain);
  return new Int32Array(targets.flatMap((mfn) => [(mfn << 12) | flags, mfn >>> 20]));
}

/** Tables of one level whose entries point to frames, in their order. */
function tablesOver(domain: Domain, depth: number, targets: readonly number[]): number[] {
  const { entries } = domain.rulesOf(depth);
  const tables: number[] = [];
  targets.forEach((target, i) => {
    if (i % entries === 0) tables.push(domain.allocateXenFrame());
    const table = tables[tables.length - 1] ?? 0;
    domain.writeEntry(table, i % entries, (target << 12) | entryFlags(domain), target >>> 20);
  });
  return tables;
}

/** Read-only at every level; open to ring 3 where the guest's kernel runs there. */
function entryFlags(domain: Domain): number {
  return P | A | (domain.contract.kernelRing === 3 ? US : 0);
}
