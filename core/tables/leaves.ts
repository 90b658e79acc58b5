/**
 * Prints every leaf as a line in the format of QEMU's monitor command `info tlb`.
 *
 * @module
 */

import { callable, checkArguments } from "../check.ts";
import { frameOfLeaf } from "../mmu/entry.ts";
import { type Entry, P, PS } from "../mmu/mod.ts";
import { LeafText, LINE } from "./leaf_text.ts";
import { linearOf } from "./range_list.ts";
import { nextPresent, scanLeaves } from "./scan.ts";
import { type TableLevel, type Tables, tablesShape } from "./tables.ts";

/**
 * Leaves that `printLeaves` and `printLeafText` print at most.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MAX_LEAVES } from "@pagetable-init/textbook/tables";
 *
 * assertEquals(MAX_LEAVES * 4096 / 2 ** 30, 64); // GiB of 4K pages
 * ```
 */
export const MAX_LEAVES: number = 2 ** 24;

/** Entries of the largest table. */
const MAX_ENTRIES = 1024;
const PRINTED = { tables: tablesShape, print: callable };

/**
 * Counts the leaves below a root, without those that a reserved bit makes invalid.
 *
 * @param tables The tables.
 * @returns Number of leaves, one for each page, small or large.
 * @throws {RangeError} If the tables refer to each other in loops (`MAX_TABLES`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { countLeaves, tablesOf } from "@pagetable-init/textbook/tables";
 *
 * const { machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * assertEquals(countLeaves(tablesOf(machine)), 16); // 64M in pages of 4M
 * ```
 */
export function countLeaves(tables: Tables): number {
  tablesShape(tables, "tables");
  const stride = tables.mode.entryWords;
  const counted = new Map<TableLevel, Map<number, number>>(); // tables in a loop are met up to MAX_TABLES times, and counted once
  let leaves = 0;
  scanLeaves(tables, (level, words, first, count) => {
    const known = counted.get(level) ?? new Map<number, number>();
    counted.set(level, known);
    const stretch = first * MAX_ENTRIES + count - 1;
    let found = known.get(stretch);
    if (found === undefined) {
      found = countStretch(level.leafReserved, words, first, count, stride);
      known.set(stretch, found);
    }
    leaves += found;
  });
  return leaves;
}

/** Refuses tables with over `MAX_LEAVES` leaves. They are counted only if they have as many entries. */
function refuseTooMany(tables: Tables): void {
  let entries = 0;
  scanLeaves(tables, (_level, _words, _first, count) => entries += count);
  const leaves = entries > MAX_LEAVES ? countLeaves(tables) : 0;
  if (leaves > MAX_LEAVES) throw new RangeError(`Expected at most ${MAX_LEAVES} leaves but found ${leaves}`);
}

function countStretch(reserved: Entry, words: Int32Array, first: number, count: number, stride: number): number {
  let leaves = 0;
  for (let i = 0; i < count; i++) {
    const lo = words[first + i * stride] ?? 0;
    const hi = stride === 2 ? words[first + i * stride + 1] ?? 0 : 0;
    if ((lo & P) !== 0 && ((lo & reserved.lo) | (hi & reserved.hi)) === 0) leaves++;
  }
  return leaves;
}

/**
 * Prints every leaf below a root, in the order of linear addresses.
 *
 * A line has the linear address, the physical address of the page (both 16 hexadecimal digits) and nine flags of the leaf itself, not
 * the rights that the levels above leave: X (NX), G, P (a large page), D, A, C (PCD), T (PWT), U, W, each `-` where it is clear.
 * Leaves behind or with a reserved bit, which map nothing, are left out.
 *
 * @param tables The tables.
 * @param print Called with each line, without a line feed.
 * @throws {RangeError} Before the first line, if the tables refer to each other in loops (`MAX_TABLES`) or have over `MAX_LEAVES` leaves.
 *
 * Source: the output of QEMU 7.2 for the recorded states, whose physical addresses keep bit 63 of the entry; these do not.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";
 * import { printLeaves } from "@pagetable-init/textbook/tables";
 *
 * const memory = new PhysicalMemory(1 << 24);
 * memory.write(0x1, 768, 0x00e3); // a 4M page
 * const lines: string[] = [];
 * const tables = { memory, cpu: CPUS.p6, mode: MODES["two-level"], root: 0x1000, cr4: 0x10, efer: 0 };
 * printLeaves(tables, (line) => lines.push(line));
 * assertEquals(lines, ["00000000c0000000: 0000000000000000 --PDA---W"]);
 * ```
 */
export function printLeaves(tables: Tables, print: (line: string) => void): void {
  checkArguments(PRINTED, [tables, print]);
  printLeafText(tables, (text) => {
    for (let at = 0; at < text.length; at += LINE) print(text.slice(at, at + LINE - 1));
  });
}

/**
 * Prints the lines of `printLeaves` as text, many lines at a time: the fastest way to a file or a terminal.
 *
 * @param tables The tables.
 * @param print Called with each piece of text: whole lines, each with its line feed.
 * @throws {RangeError} As `printLeaves` does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { printLeafText, tablesOf } from "@pagetable-init/textbook/tables";
 *
 * const { machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * let listing = "";
 * printLeafText(tablesOf(machine), (text) => listing += text);
 * const [first, second] = listing.split("\n");
 * assertEquals(first, "00000000c0000000: 0000000000000000 -GPDA---W");
 * assertEquals(second, "00000000c0400000: 0000000000400000 -GPDA---W");
 * ```
 */
export function printLeafText(tables: Tables, print: (text: string) => void): void {
  checkArguments(PRINTED, [tables, print]);
  refuseTooMany(tables);
  const { mode, cpu } = tables;
  const stride = mode.entryWords;
  const text = new LeafText(print);
  scanLeaves(tables, ({ level, pages, leafReserved }, words, first, count, page) => {
    const shown = level.shift === 12 ? ~PS : -1; // bit 7 of a 4K leaf is its PAT bit
    for (let i = 0; (i = nextPresent(words, first, stride, i, count)) < count; i++) {
      const lo = words[first + i * stride] ?? 0;
      const hi = stride === 2 ? words[first + i * stride + 1] ?? 0 : 0;
      if (((lo & leafReserved.lo) | (hi & leafReserved.hi)) !== 0) continue;
      const linear = linearOf(page + i * pages, mode.linearBits);
      text.add(linear.hi | 0, linear.lo | 0, frameOfLeaf(mode, level, hi, lo, cpu), hi, lo & shown);
    }
  });
  text.flush();
}
