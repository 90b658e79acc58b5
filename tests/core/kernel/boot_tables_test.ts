import { assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { KERNEL_RELEASES, zapLowMappings } from "@pagetable-init/textbook/kernel";
import { buildBootTables } from "../../../core/kernel/head.ts";
import { CPUS, Machine, PhysicalMemory } from "../../../core/mmu/mod.ts";

Deno.test("head.S clears .bss before it builds: what memory held there is neither an entry of the root nor of the zero page", () => {
  const { layout } = boot({ platform: "native-486", strategy: "write-always", memory: "64M" }).kernel;
  const machine = new Machine(CPUS.i486, new PhysicalMemory(2 ** 26));
  const { swapperPgDir, emptyZeroPage } = layout.image;
  for (const pfn of [swapperPgDir, emptyZeroPage, layout.kernelEnd / 4096 - 1]) {
    for (let word = 0; word < 1024; word++) machine.memory.write(pfn, word, 0x1234_5067);
  }
  const { tables, endPfn, mappedPages } = buildBootTables(machine, layout, KERNEL_RELEASES["2.6.22"], 1);
  const entries = Array.from({ length: 1024 }, (_, i) => machine.memory.read(swapperPgDir, i));
  const linked = entries.flatMap((entry, i) => entry === 0 ? [] : [i]);
  const first = layout.kernelEnd / 4096;
  const expected = Array.from({ length: tables }, (_, i) => i);
  assertEquals(linked, [...expected, ...expected.map((i) => i + 768)]);
  assertEquals([endPfn, mappedPages], [first + tables, tables * 1024]);
  assertEquals([emptyZeroPage, first - 1].map((pfn) => machine.memory.read(pfn, 500)), [0, 0]);
});

Deno.test("zap_low_mappings clears every slot below PAGE_OFFSET, to the last, and none of the kernel's", () => {
  const { kernel } = boot({ platform: "native-486", strategy: "write-always", memory: "64M" });
  const slot = (index: number) => kernel.va(kernel.image.swapperPgDir) + index * 4;
  const own = kernel.bus.load(slot(768));
  for (const index of [0, 1, 766, 767]) kernel.bus.store(slot(index), own);
  zapLowMappings(kernel);
  assertEquals([0, 1, 766, 767].map((index) => kernel.bus.load(slot(index))), [0, 0, 0, 0]);
  assertEquals([kernel.bus.load(slot(768)), own & 1], [own, 1]);
});

Deno.test("a table that the kernel makes is linked with _PAGE_TABLE: P, RW, US, A and D; the leaf decides about user mode", () => {
  const { kernel } = boot({ platform: "native-486", strategy: "write-always", memory: "64M" });
  const entry = kernel.bus.load(kernel.va(kernel.image.swapperPgDir) + 780 * 4);
  assertEquals(entry & 0xfff, 0x067);
});
