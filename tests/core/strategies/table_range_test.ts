import { assertEquals, assertThrows } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { RW } from "@pagetable-init/textbook/mmu";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { findStrategy, pgtBufOf } from "@pagetable-init/textbook/strategies";

Deno.test("the page-table range of 2.6.39 ends: a table more than there is room for is a stop", () => {
  const { kernel } = boot({ platform: "native-486", strategy: "table-range", memory: "16M" });
  const { end, top } = pgtBufOf(kernel);
  const take = () => findStrategy("table-range").allocTable?.(kernel);
  for (let pfn = end; pfn < top; pfn++) assertEquals(take(), pfn);
  assertThrows(take, Stopped, "the page-table range is used up");
});

Deno.test("the page-table range of 2.6.39 is the highest free run that the boot map reaches, and its unused end is free again", () => {
  const platforms: readonly [string, number][] = [["native-486", 64], ["native-p6-pae", 64], ["xen-pae", 64], [
    "xen-pae",
    896,
  ]];
  for (const [platform, megabytes] of platforms) {
    const { kernel } = boot({ platform, strategy: "table-range", memory: `${megabytes}M` });
    const { end, top } = pgtBufOf(kernel);
    assertEquals(top, kernel.maxPfnMapped, platform);
    assertEquals(kernel.maxPfnMapped < megabytes * 256, true, platform);
    if (end < top) assertEquals(kernel.bootmem.takeRunBelow(top - end, top), end, platform);
  }
});

Deno.test("under Xen the tables of the range are read-only, and its unused end is writable again", () => {
  for (const platform of ["xen-2level", "xen-pae", "xen-4level"]) {
    const { kernel } = boot({ platform, strategy: "table-range", memory: "64M" });
    const { start, end, top } = pgtBufOf(kernel);
    const writable = (pfn: number) => (kernel.bus.load(kernel.lookupAddress(kernel.va(pfn)) ?? 0) & RW) !== 0;
    const pages = Array.from({ length: top - start }, (_, i) => start + i);
    assertEquals(pages.map(writable), pages.map((pfn) => pfn >= end), platform);
    assertEquals(end < top, true);
  }
});
Deno.test("the range of tables has room for all lowmem in 4K pages only where no page is large", () => {
  const roomOn = (platform: string, memory: string) => {
    const { start, top } = pgtBufOf(boot({ platform, strategy: "table-range", memory }).kernel);
    return top - start;
  };
  // The fixmap, the high-memory window and a table a level; 4M of lowmem a leaf table, 2M in PAE.
  for (const memory of ["16M", "64M"]) {
    const megabytes = Number.parseInt(memory);
    assertEquals([roomOn("native-p6", memory), roomOn("native-486", memory)], [4, 4 + megabytes / 4], memory);
    assertEquals([roomOn("native-p6-pae", memory), roomOn("xen-pae", memory)], [5, 5 + megabytes / 2], memory);
  }
});

Deno.test("a range that no mapped run has room for is taken from other memory, and without any the boot ends", () => {
  const { kernel, outcome } = boot({ platform: "xen-4level", strategy: "table-range", memory: "896M" });
  const { top } = pgtBufOf(kernel);
  assertEquals([outcome.ok, top > kernel.maxPfnMapped, top], [true, true, kernel.layout.maxLowPfn]);
  kernel.bootmem.reserve(0, kernel.layout.maxLowPfn);
  assertThrows(() => findStrategy("table-range").prepare?.(kernel), Stopped, "free pages in a row");
});

for (const [strategy, wants] of [["table-range", "was never found"], ["map-from-mapped", "before the strategy was"]]) {
  Deno.test(`${strategy} that was not prepared has no tables to give: that is a bug of the kernel's`, () => {
    const { kernel } = boot({ platform: "native-486", strategy: "write-always", memory: "16M" });
    assertThrows(() => findStrategy(strategy ?? "").allocTable?.(kernel), Stopped, wants);
  });
}
