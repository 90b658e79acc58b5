import { assertEquals, assertThrows } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { Bootmem } from "../../../core/kernel/bootmem.ts";

const { kernel: { bus, layout } } = boot({ platform: "native-486", strategy: "panic-on-remap", memory: "16M" });
const END = layout.maxLowPfn;

for (const order of ["lowest-first", "highest-first"] as const) {
  Deno.test(`${order}: a page is handed out until none is left, and then the kernel stops`, () => {
    const bootmem = new Bootmem(bus, layout, 0x503, order);
    bootmem.reserve(0, END);
    bootmem.free(0x800, 0x803);
    const taken = [bootmem.take(), bootmem.take(), bootmem.take()];
    assertEquals(taken.toSorted(), [0x800, 0x801, 0x802]);
    assertEquals(taken[0], order === "lowest-first" ? 0x800 : 0x802);
    assertThrows(() => bootmem.take(), Stopped, "no free page left for a page table");
    assertThrows(() => bootmem.takeRun(1), Stopped, "no 1 free pages in a row");
  });

  Deno.test(`${order}: a page that is free and does not fit is passed over, and stays free`, () => {
    const bootmem = new Bootmem(bus, layout, 0x503, order);
    bootmem.reserve(0, END);
    bootmem.free(0x800, 0x803);
    assertEquals(bootmem.take((pfn) => pfn === 0x801), 0x801);
    assertEquals([0x800, 0x801, 0x802].map((pfn) => bootmem.isFree(pfn)), [true, false, true]);
    assertThrows(() => bootmem.take((pfn) => pfn > 0x900), Stopped, "no free page left");
    bootmem.free(0x801, 0x802); // whatever was given back is found again
    const again = [bootmem.take(), bootmem.take(), bootmem.take()];
    assertEquals(again.toSorted(), [0x800, 0x801, 0x802]);
  });

  Deno.test(`${order}: a run has no hole, and one that is too long is none`, () => {
    const bootmem = new Bootmem(bus, layout, 0x503, order);
    bootmem.reserve(0, END);
    bootmem.free(0x800, 0x803);
    bootmem.free(0x804, 0x809);
    assertEquals([bootmem.takeRunFrom(0, 6), bootmem.takeRunBelow(6, END)], [undefined, undefined]);
    assertEquals(bootmem.takeRunBelow(3, 0x807), 0x804);
    assertEquals(bootmem.takeRunFrom(0x801, 2), 0x801);
    assertThrows(() => bootmem.takeRun(3), Stopped, "no 3 free pages in a row");
    assertEquals(bootmem.takeRun(2), 0x807);
  });
}

Deno.test("bootmem writes its bitmap, a bit a page, through the linear map: a boot map that ends before it faults", () => {
  const at = layout.pageOffset + 0x600 * 4096;
  bus.clearPage(at);
  new Bootmem(bus, layout, 0x600, "lowest-first");
  const bytes = END / 8;
  const words = Array.from({ length: 1024 }, (_, i) => bus.load(at + 4 * i) >>> 0);
  assertEquals(words.map((word) => word === 0xffff_ffff), words.map((_, i) => 4 * i < bytes));
  assertThrows(() => new Bootmem(bus, layout, 0x8000, "lowest-first"), Stopped, "#PF");
});
