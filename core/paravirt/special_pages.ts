/**
 * The registry of proposal 3: ranges of pages that need a special mapping.
 *
 * @module
 */

import { PCD, PWT, RW } from "../mmu/mod.ts";

/** What can be special about a page: a page table under Xen, or memory that must not be cached. */
export type PageProperty = "read-only" | "uncached";

/** A range of pages with one property. */
export interface SpecialRange {
  /** First pfn. */
  readonly first: number;
  /** pfn after the last. */
  readonly end: number;
  /** What is special about it. */
  readonly property: PageProperty;
}

/**
 * Ranges of special pages, as a list that grows. Nobody knows a better structure at this time of the boot.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SpecialPages } from "@pagetable-init/textbook";
 *
 * const special = new SpecialPages();
 * special.add({ first: 0xa0, end: 0xc0, property: "uncached" });
 * assertEquals(special.at(0xb8), "uncached");
 * assertEquals(special.uniform(0, 1024), false);
 * assertEquals(special.apply("uncached", 0x063), 0x07b);
 * ```
 */
export class SpecialPages {
  readonly #ranges: SpecialRange[] = [];

  /**
   * Adds a range; one that continues the last is joined to it.
   *
   * @param range The range; it may be empty.
   * @throws {RangeError} If it ends before it begins.
   */
  add(range: SpecialRange): void {
    if (!(range.first >= 0 && range.end >= range.first)) {
      throw new RangeError(
        `Expected a range of pages that ends after it begins but found ${range.first} to ${range.end}`,
      );
    }
    if (range.end === range.first) return;
    const last = this.#ranges[this.#ranges.length - 1];
    if (last !== undefined && last.property === range.property && last.end === range.first) {
      this.#ranges[this.#ranges.length - 1] = { ...last, end: range.end };
    } else this.#ranges.push(range);
  }

  /** What is special about a page; undefined for an ordinary one. */
  at(pfn: number): PageProperty | undefined {
    for (const { first, end, property } of this.#ranges) {
      if (pfn >= first && pfn < end) return property;
    }
    return undefined;
  }

  /** Whether `pages` pages from `pfn` on are all special in the same way, or all ordinary. */
  uniform(pfn: number, pages: number): boolean {
    const touching = this.#ranges.filter(({ first, end }) => first < pfn + pages && end > pfn);
    return touching.length === 0 ||
      (touching.length === 1 && touching.every(({ first, end }) => first <= pfn && end >= pfn + pages));
  }

  /** The flags of a page with a property, given those of an ordinary one. */
  apply(property: PageProperty | undefined, flags: number): number {
    if (property === undefined) return flags;
    return property === "read-only" ? flags & ~RW : flags | PCD | PWT;
  }
}
