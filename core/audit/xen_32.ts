/**
 * The regions of a 32-bit guest of Xen, and those of a 32-bit Xen, which never move.
 *
 * Source: Xen's xen/include/asm-x86/config.h (3.0 to 4.2, the releases that are 32-bit themselves) and, for a guest under a 64-bit Xen,
 * `__HYPERVISOR_COMPAT_VIRT_START`. Linux's `reserve_top_address` moves the fixmap below it.
 *
 * @module
 */

import { RIGHT_RW, RIGHT_US } from "../mmu/mod.ts";
import { SPLITS } from "./linux_32.ts";
import type { Area, Span } from "./regions.ts";

const TOP = 2 ** 20;
/** A 64-bit Xen and a 32-bit one with PAE have their M2P, and all that is theirs, from here on. */
const PAE_XEN = 0xf_5800;
/** The first 12 MiB of memory, with Xen's own text: both formats have them here. */
const DIRECTMAP = 0xf_f000;
/** Minimum pages of that map: 1M. */
const ENOUGH = 0x100;
/** Linux has its fixmap in the last 8 MiB below Xen: some 1,300 pages. */
const FIXMAP = 0x800;

/** A 64-bit Xen maps the per-domain area of a 32-bit guest at 2 TiB, where the process of a 64-bit one may have pages. */
const PER_DOMAIN: Area = Object.freeze({
  name: "Xen per-domain (32-bit guests)",
  first: 2 ** 29,
  end: 2 ** 29 + 2 ** 27,
  guess: false,
});

type Bounds = readonly (readonly [name: string, first: number])[];

/** Areas by their first page; each ends where the next begins. */
const WITH_PAE: Bounds = Object.freeze([
  ["Xen M2P (read-only)", PAE_XEN],
  ["Xen frame table", 0xf_6800],
  ["Xen M2P", 0xf_c800],
  ["Xen linear page table", 0xf_d800],
  ["Xen shadow linear page table", 0xf_e000],
  ["Xen per-domain", 0xf_e800],
  ["Xen directmap", DIRECTMAP],
  ["Xen ioremap and fixmap", 0xf_fc00],
]);
const WITHOUT_PAE: Bounds = Object.freeze([
  ["Xen M2P (read-only)", 0xf_c000],
  ["Xen frame table", 0xf_c400],
  ["Xen M2P", 0xf_dc00],
  ["Xen linear page table", 0xf_e000],
  ["Xen shadow linear page table", 0xf_e400],
  ["Xen per-domain", 0xf_e800],
  ["Xen directmap", DIRECTMAP],
  ["Xen ioremap and fixmap", 0xf_fc00],
]);

/**
 * The areas of a 32-bit Xen and its guest.
 *
 * @param spans The map.
 * @param pae Whether the tables are PAE's.
 * @returns The areas; undefined if the map has no Xen.
 */
export function xen32Areas(spans: readonly Span[], pae: boolean): Area[] | undefined {
  const bounds = pae ? WITH_PAE : WITHOUT_PAE;
  const start = xen32Start(pae);
  const direct = spans.filter(({ page, row: { range } }) =>
    page >= DIRECTMAP && page - range.frame === DIRECTMAP && (range.rights & RIGHT_US) === 0
  );
  const pages = direct.reduce((sum, { row }) => sum + row.range.pages, 0);
  if (pages < ENOUGH || !spans.some(({ page }) => page >= start && page < (bounds[1]?.[1] ?? 0))) return undefined;
  const areas = bounds.map(([name, first], i) => ({ name, first, end: bounds[i + 1]?.[1] ?? TOP, guess: false }));
  return [...guest32Areas(spans, start), ...areas];
}

/**
 * The areas of a 32-bit guest under a 64-bit Xen.
 *
 * @param spans The map.
 * @returns The areas, the M2P that the guest reads among them; none if it is no such guest.
 */
export function compatAreas(spans: readonly Span[]): Area[] {
  const isM2p = ({ page, row }: Span) => page >= PAE_XEN && page < TOP && (row.range.rights & RIGHT_US) === 0;
  if (!spans.some(isM2p)) return [];
  return [
    ...guest32Areas(spans, PAE_XEN),
    { name: "compat M2P", first: PAE_XEN, end: TOP, guess: false },
    PER_DOMAIN,
  ];
}

/** Whether a 32-bit map has the M2P that a guest of Xen reads: a large page that nobody writes. Xen itself may be left out of it. */
export function readsM2p(spans: readonly Span[]): boolean {
  return spans.some(({ page, row: { range } }) =>
    page === PAE_XEN && range.pageShift === 21 && (range.rights & (RIGHT_RW | RIGHT_US)) === 0
  );
}

/** First page of a 32-bit Xen, from which on nothing is the guest's. */
export function xen32Start(pae: boolean): number {
  return (pae ? WITH_PAE : WITHOUT_PAE)[0]?.[1] ?? TOP;
}

/** The guest's kernel: from its first supervisor page, as it runs in ring 1, up to Xen. Linux has lowmem first and the fixmap last. */
function guest32Areas(spans: readonly Span[], end: number): Area[] {
  const kernel = spans.filter(({ page, row }) => page < end && (row.range.rights & RIGHT_US) === 0);
  const first = Math.floor((kernel[0]?.page ?? end) / 0x400) * 0x400;
  const fixmap = end - FIXMAP;
  if (!SPLITS.includes(first) || !kernel.some(({ page }) => page >= fixmap)) {
    return [{ name: "guest kernel (32-bit)", first, end, guess: true }];
  }
  let lowmemEnd = first;
  for (const { page, end } of spans) if (page >= first && page <= lowmemEnd) lowmemEnd = Math.max(lowmemEnd, end);
  return [
    { name: "lowmem", first, end: lowmemEnd, guess: true },
    { name: "fixmap", first: fixmap, end, guess: true },
    { name: "vmalloc", first: lowmemEnd, end: fixmap, guess: true },
  ];
}
