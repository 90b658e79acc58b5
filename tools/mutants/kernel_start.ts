/**
 * Planted bugs: what runs before `pagetable_init`: bootmem, borrowed leaves, head.S.
 *
 * @module
 */
import { bugsIn, type Mutant } from "./mutant.ts";

const BOOTMEM: readonly Mutant[] = bugsIn("core/kernel/bootmem.ts", [
  [
    "Bootmem.constructor",
    "this.reserve(0, 1 + layout.config.lowPagesTaken);",
    "this.reserve(0, layout.config.lowPagesTaken);",
    "page 0 is given away",
    "page 0 holds the BIOS's vectors",
  ],
  [
    "Bootmem.constructor",
    "bytes + 2 * 4095",
    "bytes + 4095",
    "the page behind the bitmap is not lost",
    "2.6.22 rounds its end up twice",
  ],
  [
    "Bootmem.constructor",
    "layout.textStart / 4096",
    "0",
    "everything below the kernel is reserved",
    "the first tables come from low memory",
  ],
  [
    "Bootmem.constructor",
    "bus.store(layout.pageOffset + minLowPfn * 4096 + byte, -1);",
    "",
    "the bitmap is never written",
    "it must be mapped: a boot map that is too short shows here",
  ],
  [
    "Bootmem.constructor",
    "for (const { first, end } of layout.usable) this.#taken.fill(0, first, end);",
    "this.#taken.fill(0);",
    "holes of the memory map are free",
    "version 0.1 took tables from 0x9f000 to 1M",
  ],
  [
    "Bootmem.constructor",
    '"lowest-first" ? 0 : layout.maxLowPfn - 1',
    '"lowest-first" ? 0 : layout.maxLowPfn - 2',
    "the highest page is never taken",
    "off by one at the end of memory",
  ],
  ["Bootmem.take", "this.#taken[pfn] = 1;", "", "a page is given away twice", "two tables in one page"],
  [
    "Bootmem.take",
    "this.#taken[pfn] === 0 && fits(pfn)",
    "this.#taken[pfn] === 0",
    "the condition on a page is not asked",
    "map-from-mapped takes what is not mapped",
  ],
  ["Bootmem.take", '"lowest-first" ? 1 : -1', "1", "the search goes upwards only", "highest-first begins at the end"],
  [
    "Bootmem.free",
    "Math.min(this.#hint, from)",
    "this.#hint",
    "pages that are given back are forgotten",
    "the search begins behind them",
  ],
  [
    "Bootmem.takeRunBelow",
    "Math.min(end, this.#taken.length) - pages",
    "Math.min(end, this.#taken.length) - pages - 1",
    "the highest run is missed by a page",
    "the record of 3.2 has it at the very end",
  ],
  [
    "Bootmem.takeRunBelow",
    "this.reserve(first, first + pages);",
    "",
    "a run is not reserved",
    "its pages are taken for other tables too",
  ],
  [
    "Bootmem.takeRun",
    "this.takeRunFrom(MAX_DMA, pages) ?? this.takeRunFrom(0, pages)",
    "this.takeRunFrom(0, pages)",
    "memory for DMA is taken first",
    "alloc_bootmem begins at 16M",
  ],
  [
    "Bootmem.takeRunFrom",
    "this.#taken[pfn] === 0 ? free + 1 : 0",
    "free + 1",
    "a run goes through pages that are taken",
    "the count begins anew at each of them",
  ],
  ["Bootmem.takeRunFrom", "return pfn + 1 - pages;", "return pfn - pages;", "a run begins a page early", "off by one"],
]);

const BORROWED: readonly Mutant[] = bugsIn("core/kernel/borrowed_leaf.ts", [
  [
    "BorrowedLeaves.constructor",
    "new BorrowedLeaf(kernel, last - 1)",
    "new BorrowedLeaf(kernel, last)",
    "one leaf is lent twice",
    "copying a table while it is zeroed ends in the wrong page",
  ],
  [
    "BorrowedLeaves.withWritable",
    "this.#scratch.release();",
    "",
    "a page that was zeroed stays mapped writable",
    "Xen then refuses to make it a table",
  ],
  ["BorrowedLeaves.reach", "ops.tablesMayBeWritable", "true", "a table is shown writable", "Xen refuses that"],
  [
    "BorrowedLeaves.releaseOf",
    "if (this.shownAt(table) === undefined) this.#window.release();",
    "",
    "a lent leaf stays lent while its page is mapped",
    "found by the hunt: a filter saw the borrower's entry",
  ],
  [
    "BorrowedLeaf.release",
    "ops.writeBootLeaf(this.address, entry, this.#hi, this.#lo);",
    "",
    "a leaf is not given back",
    "the page that lent it maps another one for ever",
  ],
  [
    "BorrowedLeaf.map",
    "Math.floor(frame / 0x10_0000)",
    "0",
    "a frame above 4G loses its upper bits",
    "the high word of an entry is forgotten",
  ],
]);

const BOOT_TABLES: readonly Mutant[] = bugsIn("core/kernel/head.ts", [
  [
    "HEAD_FLAGS",
    "P | RW | US",
    "P | RW",
    "head.S's entries are the supervisor's",
    "trap T17: the 486 whose kernel is open to user mode",
  ],
  [
    "buildBootTables",
    "frame < table + beyond",
    "frame < beyond",
    "the tables themselves do not count",
    "the map must cover them",
  ],
  [
    "buildBootTables",
    "memory.write(root, i, lowWord(table, HEAD_FLAGS));",
    "",
    "no identity map",
    "the instruction after CR0.PG is fetched from there",
  ],
  ["buildBootTables", "memory.clearFrame(page)", "", ".bss is not cleared", "swapper_pg_dir may hold anything"],
  [
    "buildBootTables",
    "0x8005_0033",
    "0x8004_0033",
    "CR0.WP is not set",
    "then the supervisor writes everywhere, and no table is safe",
  ],
  [
    "buildBootTables",
    "mappedPages: frame",
    "mappedPages: table",
    "the end of the boot map is that of its tables",
    "table-range looks below it",
  ],
]);

/** From the first instruction to bootmem. */
export const START_MUTANTS: readonly Mutant[] = [...BOOTMEM, ...BORROWED, ...BOOT_TABLES];
