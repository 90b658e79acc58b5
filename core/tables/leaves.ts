/**
 * Prints every leaf as a line in the format of QEMU's monitor command `info tlb`.
 *
 * @module
 */

import { callable, checkArguments } from "../check.ts";
import { A, D, type Entry, G, leafFrame, NX, P, PCD, PS, PWT, RW, US } from "../mmu/mod.ts";
import { linearOf } from "./range_list.ts";
import { scanLeaves } from "./scan.ts";
import { type TableLevel, type Tables, tablesShape } from "./tables.ts";

/** The low-word flags of a line, from the left, behind X for NX. */
const LETTERS: readonly (readonly [number, string])[] = [
  [G, "G"],
  [PS, "P"],
  [D, "D"],
  [A, "A"],
  [PCD, "C"],
  [PWT, "T"],
  [US, "U"],
  [RW, "W"],
];

/**
 * Leaves that `printLeaves` prints at most.
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
  checkArguments({ tables: tablesShape, print: callable }, [tables, print]);
  const leaves = countLeaves(tables);
  if (leaves > MAX_LEAVES) throw new RangeError(`Expected at most ${MAX_LEAVES} leaves but found ${leaves}`);
  const { mode, cpu } = tables;
  const stride = mode.entryWords;
  const linear = new PageDigits();
  const physical = new PageDigits();
  scanLeaves(tables, ({ level, pages, leafReserved }, words, first, count, page) => {
    for (let i = 0; i < count; i++) {
      const lo = words[first + i * stride] ?? 0;
      const hi = stride === 2 ? words[first + i * stride + 1] ?? 0 : 0;
      if ((lo & P) === 0 || ((lo & leafReserved.lo) | (hi & leafReserved.hi)) !== 0) continue;
      const at = linearOf(page + i * pages, mode.linearBits);
      const from = linear.text(at.hi * 0x10_0000 + (at.lo >>> 12));
      print(`${from}: ${physical.text(leafFrame(mode, level, hi, lo, cpu))} ${flagsText(level, hi, lo)}`);
    }
  });
}

/** The last six digits of a page's address, by the last 12 bits of its number; made at their first use. */
let lastDigits: readonly string[] | undefined;

/** Addresses of pages as 16 hexadecimal digits. Pages that follow each other share the first ten, which are made once. */
class PageDigits {
  readonly #last = lastDigits ??= Array.from({ length: 4096 }, (_, page) => `${page.toString(16).padStart(3, "0")}000`);
  #upper = -1;
  #digits = "";

  text(page: number): string {
    const upper = Math.floor(page / 4096);
    if (upper !== this.#upper) {
      this.#upper = upper;
      this.#digits = upper.toString(16).padStart(10, "0");
    }
    return `${this.#digits}${this.#last[page - upper * 4096]}`;
  }
}

/** The flags of leaves, by those of their bits that are shown: a machine has few of them. */
const FLAGS = new Map<number, string>();
const SHOWN = LETTERS.reduce((all, [bit]) => all | bit, 0);

/** Bit 7 of a 4K leaf is its PAT bit, not P. */
function flagsText({ shift }: TableLevel["level"], hi: number, lo: number): string {
  const shown = (shift === 12 ? lo & ~PS : lo) & SHOWN;
  const key = shown * 2 + ((hi & NX) === 0 ? 0 : 1);
  const known = FLAGS.get(key);
  if (known !== undefined) return known;
  const letters = LETTERS.map(([bit, letter]) => (shown & bit) !== 0 ? letter : "-");
  const text = ((hi & NX) === 0 ? "-" : "X") + letters.join("");
  FLAGS.set(key, text);
  return text;
}
