/**
 * Unaligned stores. They are made byte by byte and may touch two pages.
 *
 * @module
 */

import { type PhysicalMemory, WRITE } from "../mmu/mod.ts";
import type { Domain } from "./domain.ts";
import { guestFault, STORED, type StoreResult } from "./results.ts";
import { GUESTS_FAULT, refuseUnaligned } from "./store_emulation.ts";

const OFFSET = 0xfff;

type Store = Parameters<typeof refuseUnaligned>[4];

/**
 * Stores words at an address that is not a multiple of their size. On a table it is refused.
 *
 * @param domain The domain.
 * @param hi High word of the linear address, signed.
 * @param lo Low word, signed.
 * @param words The words to store.
 * @returns The result of the store.
 */
export function storeUnaligned(domain: Domain, hi: number, lo: number, words: readonly number[]): StoreResult {
  const { machine } = domain;
  const bytes = 4 * words.length;
  const last = (lo + bytes - 1) | 0;
  const lastHi = (last >>> 0) < (lo >>> 0) ? (hi + 1) | 0 : hi;
  const first = machine.translate(hi, lo, WRITE + domain.ring);
  const store = { hi, lo, bytes };
  if (first < 0) return failed(domain, first, hi, lo, store);
  const second = machine.translate(lastHi, last, WRITE + domain.ring);
  if (second < 0) return failed(domain, second, lastHi, last & ~OFFSET, store);
  for (let byte = 0; byte < bytes; byte++) {
    const at = lo + byte;
    const frame = ((at ^ lo) & ~OFFSET) === 0 ? first : second;
    writeByte(machine.memory, frame, at & OFFSET, ((words[byte >> 2] ?? 0) >>> (8 * (byte & 3))) & 0xff);
  }
  return STORED;
}

function failed(domain: Domain, fault: number, hi: number, lo: number, store: Store): StoreResult {
  const refusal = refuseUnaligned(domain, fault, hi, lo, store);
  return Object.freeze({
    ok: false,
    fault: guestFault(domain, hi, lo, WRITE),
    refusal: refusal === GUESTS_FAULT ? undefined : refusal,
  });
}

function writeByte(memory: PhysicalMemory, frame: number, offset: number, value: number): void {
  const shift = 8 * (offset & 3);
  const word = memory.read(frame, offset >>> 2);
  memory.write(frame, offset >>> 2, (word & ~(0xff << shift)) | (value << shift));
}
