/**
 * The kernel half of an address space: where it begins.
 *
 * @module
 */

import { type Linear, type Mode, RIGHT_US } from "../mmu/mod.ts";

/** First address of the kernel half, and how it was found. */
export interface KernelHalf {
  /** Its first linear address. */
  readonly linear: Linear;
  /** How it was found: given by the caller, the upper half of 64-bit addresses, the start of a direct map of memory, or Linux's usual 3G. */
  readonly by: "caller" | "upper-half" | "direct-map" | "default";
}

/** Lowest kernel half that is looked for: 1G. No known kernel starts lower; firmware and boot loaders have identity maps there. */
const LOWEST = 0x4_0000;
/** Highest: above 3.75G a kernel has no room, and a 32-bit Xen has the first 12 MiB of memory at 0xff000000. */
const HIGHEST = 0xf_0000;
/** A direct map begins at a multiple of this, in pages: 4M. */
const STEP = 0x400;
/** Minimum pages of a direct map: 1M. */
const ENOUGH = 0x100;
/** A direct map has a page below 4M of memory. Large pages of data may lie at such a distance by chance. */
const LOW_FRAMES = 0x400;
const DEFAULT: Linear = Object.freeze({ hi: 0, lo: 0xc000_0000 });
const UPPER: Linear = Object.freeze({ hi: 0x8000_0000, lo: 0 });

/**
 * Looks for the direct map of a 32-bit kernel: supervisor pages that all lie at one distance from their frames. Where most of them lie at
 * 0x80000000, as in xv6, or at another split of Linux's, the kernel half begins there.
 */
export class DirectMapFinder {
  readonly #pages = new Map<number, number>();
  readonly #fromLow = new Set<number>();

  /** Takes a range: linear page number, number of 4K pages, first frame, effective rights. */
  range(page: number, pages: number, frame: number, rights: number): void {
    const distance = page - frame;
    if ((rights & RIGHT_US) !== 0 || distance < LOWEST || distance > HIGHEST || distance % STEP !== 0) return;
    this.#pages.set(distance, (this.#pages.get(distance) ?? 0) + pages);
    if (frame < LOW_FRAMES) this.#fromLow.add(distance);
  }

  /** The distance that most pages share, in pages; undefined if too few share one. */
  distance(): number | undefined {
    const [best] = [...this.#pages].filter(([distance]) => this.#fromLow.has(distance)).sort(([, a], [, b]) => b - a);
    return best !== undefined && best[1] >= ENOUGH ? best[0] : undefined;
  }
}

/**
 * Where the kernel half begins.
 *
 * @param mode The paging mode.
 * @param told The caller's address, if given.
 * @param finder Has seen all ranges.
 * @returns The address, and how it is known.
 */
export function kernelHalfOf({ linearBits }: Mode, told: Linear | undefined, finder: DirectMapFinder): KernelHalf {
  if (told !== undefined) return { linear: told, by: "caller" };
  if (linearBits > 32) return { linear: UPPER, by: "upper-half" };
  const distance = finder.distance();
  if (distance === undefined) return { linear: DEFAULT, by: "default" };
  return { linear: { hi: 0, lo: distance * 4096 }, by: "direct-map" };
}
