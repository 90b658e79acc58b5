import { assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { pmdEntry } from "../../../core/kernel/tables.ts";

Deno.test("a slot that has the zero page keeps it as its pmd, except in 2.6.21, which gave each slot a new one", () => {
  const pmdOf = (strategy: string) => {
    const { kernel } = boot({ platform: "native-p6-pae", strategy, memory: "16M" });
    const { bus, image } = kernel;
    const base = kernel.va(image.swapperPgDir);
    bus.storeEntry(base + 8, 0, image.emptyZeroPage * 4096 + 1);
    const table = kernel.pfnOf(pmdEntry(kernel, base, 0x4000_0000));
    assertEquals(bus.load(base + 8) >>> 12, table);
    assertEquals(kernel.pfnOf(pmdEntry(kernel, base, 0x4000_0000)), table, "the second time it is there");
    return table === image.emptyZeroPage;
  };
  assertEquals([pmdOf("write-always"), pmdOf("linux-2.6.21")], [true, false]);
});
