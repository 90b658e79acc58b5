/**
 * The regions of a 64-bit Xen, which never move.
 *
 * Source: Xen's xen/arch/x86/include/asm/config.h (4.17).
 *
 * @module
 */

import type { Mode } from "../mmu/mod.ts";
import type { Area } from "./regions.ts";
import { xen32Start } from "./xen_32.ts";

const TIB = 2 ** 28;
/** 4 levels: the upper half begins at this page. */
const HALF = 2 ** 35;

/** Names with the TiB from the beginning of the upper half at which they begin and end. */
const UPPER: readonly (readonly [name: string, first: number, end: number])[] = Object.freeze([
  ["Xen M2P (read-only)", 0, 0.25],
  ["Xen reserved", 0.25, 1],
  ["Xen linear page table", 1, 1.5],
  ["Xen shadow linear page table", 1.5, 2],
  ["Xen per-domain", 2, 2.5],
  ["Xen M2P", 2.5, 2.75],
  ["Xen vmap and fixmap", 2.75, 2.8125],
  ["Xen compat M2P", 2.8125, 2.8125 + 1 / 1024],
  ["Xen text and data", 2.8125 + 1 / 1024, 2.8125 + 2 / 1024],
  ["Xen frame table", 2.875, 3],
  ["Xen directmap", 3, 8],
  ["guest kernel", 8, 128],
]);

/** Xen's areas, and what it leaves to its guests. */
export const XEN_AREAS: readonly Area[] = Object.freeze(
  UPPER.map(([name, first, end]) => ({ name, first: HALF + first * TIB, end: HALF + end * TIB, guess: false })),
);

/**
 * Whether a page is a guest's to map.
 *
 * @param page Linear page number without sign extension.
 * @param mode The paging mode.
 * @returns False for what is Xen's own.
 */
export function isGuestPage(page: number, { linearBits, entryWords }: Mode): boolean {
  if (linearBits <= 32) return page < xen32Start(entryWords === 2);
  return XEN_AREAS.every(({ name, first, end }) => page < first || page >= end || name === "guest kernel");
}

/**
 * Whether a page is one that user mode may have: a guest's own, whose 64-bit kernels run in ring 3, or the M2P that guests read.
 *
 * @param page As `isGuestPage` has it.
 * @param mode As `isGuestPage` has it.
 * @returns False for the rest of Xen.
 */
export function isReadableByGuests(page: number, mode: Mode): boolean {
  return isGuestPage(page, mode) || (page >= HALF && page < HALF + TIB / 4);
}
