/**
 * The registry of proposal 3: ranges of pages that need a special mapping.
 *
 * @module
 */

import { type Check, checkFrame, checkWord, list, oneOf, pageRange } from "../check.ts";
import { PAT, PAT_LARGE, PCD, PS, PWT, RW } from "../mmu/mod.ts";

/** The special properties of a page: a page table under Xen, uncached memory, write-combining memory. */
export type PageProperty = "read-only" | "uncached" | "write-combining";

/** A range of pages with one property. A page may lie in several ranges. */
export interface SpecialRange {
  /** First pfn. */
  readonly first: number;
  /** pfn after the last. */
  readonly end: number;
  /** The property that all its pages have. */
  readonly property: PageProperty;
}

const ORDINARY: readonly PageProperty[] = Object.freeze([]);
const checkProperty: Check = oneOf("read-only", "uncached", "write-combining");
const checkProperties: Check = list(checkProperty);
/** The check of a special range. */
export const specialRange: Check = pageRange("a range of pages: first, end and property", { property: checkProperty });

/**
 * Ranges of special pages, as a list that grows. The page structures do not exist yet at this time of the boot.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SpecialPages } from "@pagetable-init/textbook/paravirt";
 *
 * const special = new SpecialPages();
 * special.add({ first: 0xa0, end: 0xc0, property: "uncached" });
 * special.add({ first: 0xb0, end: 0xb9, property: "read-only" });
 * assertEquals(special.at(0xb8), ["read-only", "uncached"]);
 * assertEquals(special.uniform(0, 1024), false);
 * assertEquals(special.apply(["uncached"], 0x063), 0x07b);
 * ```
 */
export class SpecialPages {
  /** Whether the page attribute table can be used. Without it write-combining memory is mapped uncached, which is slower and as safe. */
  readonly pat: boolean;
  #ranges: SpecialRange[] = [];

  /**
   * An empty registry.
   *
   * @param pat Whether the page attribute table can be used.
   */
  constructor(pat = false) {
    this.pat = pat;
  }

  /**
   * Adds a range; one that continues the last is joined to it.
   *
   * @param range The range; it may be empty.
   * @throws {RangeError} If it ends before it begins.
   */
  add(range: SpecialRange): void {
    specialRange(range, "range");
    if (range.end === range.first) return;
    const last = this.#ranges[this.#ranges.length - 1];
    if (last !== undefined && last.property === range.property && last.end === range.first) {
      this.#ranges[this.#ranges.length - 1] = { ...last, end: range.end };
    } else this.#ranges.push(range);
  }

  /** Takes one property away from a page; its others stay. */
  remove(pfn: number, property: PageProperty): void {
    checkFrame(pfn, "pfn");
    checkProperty(property, "property");
    this.#ranges = this.#ranges.flatMap((range) => {
      if (range.property !== property || pfn < range.first || pfn >= range.end) return [range];
      return [{ ...range, end: pfn }, { ...range, first: pfn + 1 }].filter(({ first, end }) => first < end);
    });
  }

  /** Whether some page has a property. */
  knows(property: PageProperty): boolean {
    checkProperty(property, "property");
    return this.#ranges.some((range) => range.property === property);
  }

  /** The properties of a page, each once and by the alphabet; empty for an ordinary page. */
  at(pfn: number): readonly PageProperty[] {
    checkFrame(pfn, "pfn");
    return this.#among(this.#ranges, pfn);
  }

  /** Whether `pages` pages from `pfn` on are all special in the same way, or all ordinary. */
  uniform(pfn: number, pages: number): boolean {
    checkFrame(pfn, "pfn");
    checkFrame(pages, "pages");
    const touching = this.#ranges.filter(({ first, end }) => first < pfn + pages && end > pfn);
    const seams = touching.flatMap(({ first, end }) => [first, end]).filter((at) => at > pfn && at < pfn + pages);
    const wanted = this.#among(touching, pfn).join();
    return seams.every((at) => this.#among(touching, at).join() === wanted);
  }

  /** The flags of a page with some properties, given those of an ordinary one. PS in the flags says that it is a large page. */
  apply(properties: readonly PageProperty[], flags: number): number {
    checkProperties(properties, "properties");
    checkWord(flags, "flags");
    if (properties.length === 0) return flags; // nearly every page
    for (const property of properties) flags = this.#with(property, flags);
    return flags;
  }

  #with(property: PageProperty, flags: number): number {
    if (property === "read-only") return flags & ~RW;
    if (property === "uncached") return flags | PCD | PWT;
    if (!this.pat) return flags | PCD | PWT;
    // Uncached memory stays uncached: that is the stronger promise.
    return (flags & PCD) !== 0 ? flags : flags | this.#patBit(flags);
  }

  #patBit(flags: number): number {
    return (flags & PS) !== 0 ? PAT_LARGE : PAT;
  }

  #among(ranges: readonly SpecialRange[], pfn: number): readonly PageProperty[] {
    // Asked for each page that is mapped, so nothing is made for an ordinary one: no list, and no function.
    let here = ORDINARY;
    for (const { first, end, property } of ranges) {
      if (pfn >= first && pfn < end) here = [...here, property];
    }
    return here.length < 2 ? here : [...new Set(here)].sort();
  }
}
