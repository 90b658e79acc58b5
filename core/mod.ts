/**
 * The compact core: the emulated MMU, the paravirt operations, the kernel and every strategy. The hypervisors that it can be
 * put on, the platforms, the audit and files of real machines are in the whole library.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   access, ADDRESS_SPACES, bootKernel, Bootmem, buildBootTables, CPUS, findStrategy, Kernel, layoutOf, Machine, MODES, NativeBus,
 *   nativeOps, PhysicalMemory,
 * } from "@pagetable-init/textbook/core";
 *
 * // A Pentium III with a kernel of two-level tables, put together by hand: `boot` does the same.
 * const machine = new Machine(CPUS.p6, new PhysicalMemory(2 ** 26));
 * const mode = MODES["two-level"];
 * const layout = layoutOf(ADDRESS_SPACES.native, mode, 2 ** 26, 0x500000);
 * const strategy = findStrategy("filter-set-pte");
 * const bus = new NativeBus(machine, mode.entryWords);
 * const kernel = new Kernel({
 *   bus,
 *   mode,
 *   bootMode: mode,
 *   layout,
 *   release: strategy.release,
 *   features: { pse: true, pge: true, nx: false },
 *   policy: strategy,
 *   ops: (kernel) => nativeOps(machine, kernel),
 *   peek: (pfn, word) => machine.memory.read(pfn, word),
 *   trace: undefined,
 *   until: Infinity,
 * });
 * const outcome = bootKernel(kernel, () => {
 *   const tables = buildBootTables(machine, layout, kernel.release, mode.entryWords);
 *   kernel.bootmem = new Bootmem(bus, layout, tables.endPfn, "lowest-first");
 * });
 * assertEquals(outcome.ok, true);
 * assertEquals(access(machine, 0xc0000000, "write").ok, true);
 * ```
 *
 * @module
 */

export * from "./kernel/mod.ts";
export * from "./mmu/mod.ts";
export * from "./paravirt/mod.ts";
export * from "./strategies/mod.ts";
