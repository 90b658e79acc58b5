/**
 * Changes the flags of a page.
 *
 * @module
 */

import { checkArguments } from "../check.ts";
import { A, type Address, D, leafFrame, type Machine } from "../mmu/mod.ts";
import { PROTECT } from "./checks.ts";
import { storeEntry } from "./entries.ts";
import { type FlushDue, nothingDue, pageDue } from "./flush.ts";
import type { MapError } from "./map_error.ts";
import { deniedAbove, leafFor } from "./map_page.ts";
import { leafAt } from "./unmap_page.ts";
import { lastOf, pageFlags } from "./way.ts";

/** A page has other flags. */
export interface ProtectedPage {
  /** True. */
  readonly ok: true;
  /** The flags that it had. */
  readonly before: number;
  /** The flush that is due. */
  readonly due: FlushDue;
}

/**
 * Gives a page of the tables at CR3 other flags. A and D are kept if they are set, as `mprotect` keeps them: they are the CPU's.
 *
 * @param machine The machine.
 * @param address First linear address of the page.
 * @param flags Flag set with `P`, as `makeEntry` takes it.
 * @param options `pageBytes`: the page's size, 4096 unless said otherwise.
 * @returns The old flags and the flush that is due; or why nothing was changed.
 * @throws {RangeError} If the address or the page size is invalid, or the flags lack `P`.
 * @throws {TypeError} If an argument is of another kind.
 *
 * Source: Intel SDM vol. 3A, section 4.10.4.2 for the flush.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FramePool, mapPage, protect } from "@pagetable-init/textbook/mapper";
 * import { access, CPUS, Machine, P, PhysicalMemory, RW } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * machine.writeCr3(0x1000);
 * mapPage(machine, 0xc0100000, { frame: 0x300, flags: P | RW }, new FramePool(0x2, 0x10));
 * machine.writeCr0(0x8001_0001); // paging, write protect
 * const done = protect(machine, 0xc0100000, P);
 * assertEquals(done.ok && [done.before, done.due.kind], [P | RW, "page"]);
 * if (done.ok) done.due.flush();
 * assertEquals(access(machine, 0xc0100000, "write").ok, false);
 * ```
 */
export function protect(
  machine: Machine,
  address: Address,
  flags: number,
  options: { readonly pageBytes?: number } = {},
): ProtectedPage | MapError {
  checkArguments(PROTECT, arguments);
  const { pageBytes = 4096 } = options;
  const way = leafAt(machine, address, pageBytes);
  if (!way.ok) return way;
  const { mode, level, linear } = way;
  const { frame, index, lo, hi } = lastOf(way);
  const first = leafFrame(mode, level, hi, lo, machine.cpu);
  const leaf = leafFor(machine, way, first, flags | (lo & (A | D)));
  if ("ok" in leaf) return leaf;
  const denied = deniedAbove(way, flags);
  if (denied !== undefined) return denied;
  storeEntry(machine, frame, index, leaf);
  const same = leaf.lo === lo && leaf.hi === hi;
  const due = same ? nothingDue("the entry is as it was") : pageDue(machine, linear);
  return { ok: true, before: pageFlags(lastOf(way)), due };
}
