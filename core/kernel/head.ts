/**
 * head.S: the boot page tables of a native kernel, written before paging is on.
 *
 * @module
 */

import { lowWord } from "../mmu/entry.ts";
import { checkArguments, integer, number, shape } from "../check.ts";
import { aMachine } from "../mmu/machine.ts";
import { indexAt, type Level, type Machine, MODES, P, RW, US } from "../mmu/mod.ts";
import type { Layout } from "./layout.ts";
import type { KernelRelease } from "./releases.ts";

/** Attributes of head.S's entries, tables and leaves alike: present, writable, and user-accessible (trap T17). */
export const HEAD_FLAGS: number = P | RW | US;

const ENTRIES = 1024;
const [PDE] = MODES["two-level"].levels as readonly [Level, Level];

/** The result of head.S. */
export interface BootTables {
  /** Page tables built. */
  readonly tables: number;
  /** First page after them: `init_pg_tables_end`, as a pfn. */
  readonly endPfn: number;
  /** Pages mapped, at address 0 and at PAGE_OFFSET. */
  readonly mappedPages: number;
}

/**
 * Clears `.bss`, builds the boot tables and switches paging on. They are two-level for PAE kernels too (trap T3).
 *
 * It fills page tables one after another, beginning in `pg0`, the first page after `_end`. Each is entered in `swapper_pg_dir` twice (identity
 * and PAGE_OFFSET). It ends when the map covers the tables themselves and `INIT_MAP_BEYOND_END` more.
 *
 * @param machine The machine, paging off.
 * @param layout The kernel's layout.
 * @param release Its `initMapBeyondEnd` says how far head.S maps.
 * @param words 2 for a PAE kernel.
 * @returns The end of the boot tables, and the number of pages mapped.
 *
 * Source: Linux 2.6.22 arch/i386/kernel/head.S (Xen and lguest do not run it).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { access, CPUS, Machine, MODES, PhysicalMemory } from "@pagetable-init/textbook";
 * import { ADDRESS_SPACES, buildBootTables, KERNEL_RELEASES, layoutOf } from "@pagetable-init/textbook/kernel";
 *
 * const machine = new Machine(CPUS.pentium, new PhysicalMemory(1 << 26));
 * const layout = layoutOf(ADDRESS_SPACES.native, MODES["two-level"], 1 << 26, 0x500000);
 * const { tables, mappedPages } = buildBootTables(machine, layout, KERNEL_RELEASES["2.6.22"], 1);
 * assertEquals([tables, mappedPages], [3, 3072]); // 12M, open to user mode
 * assertEquals(access(machine, 0xc0100000, "write", { user: true }).ok, true);
 * ```
 */
export function buildBootTables(machine: Machine, layout: Layout, release: KernelRelease, words: 1 | 2): BootTables {
  checkArguments(PARAMETERS, [machine, layout, release, words]);
  const { memory } = machine;
  const root = layout.image.swapperPgDir;
  const pg0 = layout.kernelEnd / 4096;
  const beyond = release.initMapBeyondEnd[words] / 4096;
  for (let page = layout.initEnd / 4096; page < pg0; page++) memory.clearFrame(page);
  let frame = 0;
  let table = pg0;
  for (let i = 0; frame < table + beyond; i++, table++) {
    memory.write(root, i, lowWord(table, HEAD_FLAGS));
    memory.write(root, i + indexAt(PDE, 0, layout.pageOffset), lowWord(table, HEAD_FLAGS));
    for (let entry = 0; entry < ENTRIES; entry++, frame++) memory.write(table, entry, lowWord(frame, HEAD_FLAGS));
  }
  machine.writeCr3(root * 4096);
  machine.writeCr0(0x8005_0033);
  return { tables: table - pg0, endPfn: table, mappedPages: frame };
}

const PARAMETERS = {
  machine: aMachine,
  layout: shape("a layout (layoutOf)", { kernelEnd: number, pageOffset: number }),
  release: shape("a kernel release (KERNEL_RELEASES)", {
    initMapBeyondEnd: shape("bytes by words an entry", { 1: number, 2: number }),
  }),
  words: integer(1, 2),
};
