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

Deno.test("lookup_address finds the entry of a 4K page, and none where a large page or nothing is mapped", () => {
  const found = (platform: string, address: number) => {
    const { kernel } = boot({ platform, strategy: "write-always", memory: "64M" });
    const entry = kernel.lookupAddress(address);
    return entry === undefined ? undefined : kernel.bus.load(entry) >>> 12;
  };
  const page = 0xc080_0000;
  const platforms = ["native-486", "native-p6", "native-k8-pae-4k", "native-k8-pae"];
  assertEquals(platforms.map((platform) => found(platform, page)), [0x800, undefined, 0x800, undefined]);
  assertEquals(platforms.map((platform) => found(platform, 0x40_0000)), platforms.map(() => undefined));
});
