/**
 * Unmaps a page.
 *
 * @module
 */

import { checkArguments } from "../check.ts";
import { type Address, frameOf, leafFrame, type Machine, P } from "../mmu/mod.ts";
import { UNMAP } from "./checks.ts";
import { isPdpte, storeEntry } from "./entries.ts";
import { everythingDue, type FlushDue, pageDue } from "./flush.ts";
import type { FrameAllocator } from "./frames.ts";
import { type EntryPlace, type MapError, mapError, placeName } from "./map_error.ts";
import type { Page } from "./map_page.ts";
import { lastOf, leads, pageFlags, type Way, wayTo } from "./way.ts";

const FRAME_WORDS = 1024;
const ABSENT = { lo: 0, hi: 0 } as const;

/** A page was unmapped. */
export interface UnmappedPage {
  /** True. */
  readonly ok: true;
  /** The page that was mapped, with the flags that the CPU has set since. `mapPage` takes it. */
  readonly page: Required<Page>;
  /** Frames that were tables and went back to the allocator, lowest level first. */
  readonly tables: readonly number[];
  /** The flush that is due. */
  readonly due: FlushDue;
}

/**
 * Unmaps a page of the tables at CR3: its entry becomes 0.
 *
 * Tables that have become empty stay where they are, as in most kernels; with an allocator they go back to it, except the root. Do not
 * pass one for tables that are linked from more than one place, because the other links would remain.
 *
 * @param machine The machine.
 * @param address First linear address of the page.
 * @param options `pageBytes`: its size, 4096 unless said otherwise. `allocator`: takes tables that have become empty.
 * @returns The page that was mapped and the flush that is due; or why nothing was changed.
 * @throws {RangeError} If the address or the page size is invalid.
 * @throws {TypeError} If an argument is of another kind.
 *
 * Source: Intel SDM vol. 3A, section 4.10.4.2 for the flush.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FramePool, mapPage, unmapPage } from "@pagetable-init/textbook/mapper";
 * import { access, A, CPUS, Machine, P, PhysicalMemory, RW } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * machine.writeCr3(0x1000);
 * mapPage(machine, 0xc0100000, { frame: 0x300, flags: P | RW }, new FramePool(0x2, 0x10));
 * machine.writeCr0(0x8001_0001);
 * assertEquals(access(machine, 0xc0100000).ok, true);
 *
 * const unmapped = unmapPage(machine, 0xc0100000);
 * assertEquals(unmapped.ok && unmapped.page, { frame: 0x300, flags: P | RW | A, pageBytes: 4096 });
 * assertEquals(access(machine, 0xc0100000).ok, true); // the TLB still has it
 * if (unmapped.ok) unmapped.due.flush();
 * assertEquals(access(machine, 0xc0100000).ok, false);
 * ```
 */
export function unmapPage(
  machine: Machine,
  address: Address,
  options: { readonly pageBytes?: number; readonly allocator?: FrameAllocator } = {},
): UnmappedPage | MapError {
  checkArguments(UNMAP, arguments);
  const { pageBytes = 4096, allocator } = options;
  const way = leafAt(machine, address, pageBytes);
  if (!way.ok) return way;
  const { mode, level, linear } = way;
  const { frame, index, lo, hi } = lastOf(way);
  const page = { frame: leafFrame(mode, level, hi, lo, machine.cpu), flags: pageFlags(lastOf(way)), pageBytes };
  storeEntry(machine, frame, index, ABSENT);
  const emptied = allocator === undefined ? [] : unlinkEmpty(machine, way, allocator);
  const due = emptied.some((entry) => isPdpte(machine, entry.frame, entry.index))
    ? everythingDue(machine, "the PDPTEs of PAE are loaded with CR3")
    : pageDue(machine, linear);
  return { ok: true, page, tables: emptied.map(({ lo, hi }) => frameOf(hi, lo)), due };
}

/**
 * The way to the leaf of a page that is mapped.
 *
 * @param machine The machine.
 * @param address First linear address of the page.
 * @param pageBytes Bytes of the page.
 * @returns The way, its last entry a leaf; or the error.
 * @throws {RangeError} As `wayTo`.
 */
export function leafAt(machine: Machine, address: Address, pageBytes: number): Way | MapError {
  const way = wayTo(machine, address, pageBytes);
  if (!way.ok) return way;
  const last = lastOf(way);
  if ((last.lo & P) === 0) {
    return mapError(
      "not-mapped",
      `Expected a page that is mapped but found that ${placeName(last)} is not present`,
      last,
    );
  }
  if (leads(machine, last) === "table") {
    return mapError("table-present", `Expected a page of ${pageBytes} bytes but found ${placeName(last)}`, last);
  }
  return way;
}

/** Clears the entries, from the lowest up, that point to a table of zeros, and releases the tables. */
function unlinkEmpty(machine: Machine, { entries }: Way, allocator: FrameAllocator): EntryPlace[] {
  const cleared: EntryPlace[] = [];
  for (let depth = entries.length - 1; depth > 0; depth--) {
    const [above, here] = [entries[depth - 1] as EntryPlace, entries[depth] as EntryPlace];
    if (!isEmpty(machine, here.frame)) break;
    storeEntry(machine, above.frame, above.index, ABSENT);
    allocator.release(here.frame);
    cleared.push(above);
  }
  return cleared;
}

function isEmpty({ memory }: Machine, frame: number): boolean {
  for (let word = 0; word < FRAME_WORDS; word++) if (memory.read(frame, word) !== 0) return false;
  return true;
}
