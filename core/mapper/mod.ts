/**
 * The mapper: maps, unmaps and protects pages in every paging mode and page size. Errors and due flushes are values.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FramePool, mapPage, unmapPage } from "@pagetable-init/textbook/mapper";
 * import { access, CPUS, Machine, P, PhysicalMemory, RW } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.today, new PhysicalMemory(2 ** 32));
 * machine.writeCr4(0x20); // PAE
 * machine.writeEfer(0x100); // LME: four levels
 * const pool = new FramePool(0x100, 0x200);
 * machine.writeCr3(0x100 * 4096);
 * assertEquals(pool.allocate(), 0x100); // the root
 * mapPage(machine, "ffff888000000000", { frame: 0, flags: P | RW, pageBytes: 2 ** 30 }, pool);
 * machine.writeCr0(0x8001_0001); // paging, write protect
 * const landing = access(machine, "ffff888012345678", "write");
 * assertEquals(landing.ok && landing.physical, 0x12345678);
 *
 * const small = unmapPage(machine, "ffff888012345000");
 * assertEquals(!small.ok && small.kind, "parent-is-large");
 * ```
 *
 * @module
 */

export { readEntry, tableMode, writeEntry } from "./entries.ts";
export type { FlushDue } from "./flush.ts";
export { type FrameAllocator, FramePool } from "./frames.ts";
export type { EntryPlace, MapError, MapErrorKind } from "./map_error.ts";
export { mapPage, type MappedPage, type Page } from "./map_page.ts";
export { protect, type ProtectedPage } from "./protect.ts";
export { unmapPage, type UnmappedPage } from "./unmap_page.ts";
