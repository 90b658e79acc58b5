import { assertEquals, assertThrows } from "@std/assert";
import { PAT, PAT_LARGE, PCD, PS, PWT } from "@pagetable-init/textbook/mmu";
import { type PageProperty, SpecialPages } from "@pagetable-init/textbook/paravirt";

const uncached = (first: number, end: number) => ({ first, end, property: "uncached" }) as const;

Deno.test("ranges that touch are one: pages across the seam are uniform", () => {
  const special = new SpecialPages();
  special.add(uncached(0x200, 0x300));
  special.add(uncached(0x300, 0x400));
  assertEquals(special.uniform(0x200, 512), true);
});

Deno.test("a run is uniform if it is special throughout or not at all", () => {
  const special = new SpecialPages();
  special.add(uncached(0x200, 0x400));
  assertEquals([0, 0x100, 0x200, 0x300, 0x400].map((pfn) => special.uniform(pfn, 512)), [
    true,
    false,
    true,
    false,
    true,
  ]);
});

Deno.test("pages on both sides of a range's ends are told apart", () => {
  const special = new SpecialPages();
  special.add(uncached(0xa0, 0xc0));
  assertEquals([0x9f, 0xa0, 0xbf, 0xc0].map((pfn) => special.at(pfn)), [[], ["uncached"], ["uncached"], []]);
});

Deno.test("an empty range makes nothing special", () => {
  const special = new SpecialPages();
  special.add(uncached(0x10, 0x10));
  assertEquals([special.at(0x10), special.uniform(0, 1024), special.knows("uncached")], [[], true, false]);
});

Deno.test("a range of the first page alone, or of the last, makes a run that is not uniform", () => {
  const special = new SpecialPages();
  special.add(uncached(0x200, 0x201));
  special.add(uncached(0x5ff, 0x600));
  assertEquals([0x200, 0x400, 0x600].map((pfn) => special.uniform(pfn, 512)), [false, false, true]);
});

Deno.test("neighbours with different properties stay two ranges", () => {
  const special = new SpecialPages();
  special.add(uncached(0x200, 0x300));
  special.add({ first: 0x300, end: 0x400, property: "read-only" });
  assertEquals([special.at(0x2ff), special.at(0x300)], [["uncached"], ["read-only"]]);
  assertEquals(special.uniform(0x200, 512), false);
});

Deno.test("a range that ends before it begins is refused", () => {
  assertThrows(() => new SpecialPages().add(uncached(0xc0, 0xa0)), RangeError, "found pages 192 to 160");
});

Deno.test("a page has every property of the ranges that it lies in: uncached does not hide read-only", () => {
  const special = new SpecialPages();
  special.add(uncached(0xa0, 0xc0));
  special.add({ first: 0xb0, end: 0xd0, property: "read-only" });
  special.add({ first: 0xb0, end: 0xb8, property: "read-only" });
  assertEquals(special.at(0xa0), ["uncached"]);
  assertEquals(special.at(0xb4), ["read-only", "uncached"]);
  assertEquals(special.at(0xc0), ["read-only"]);
  assertEquals(special.apply(special.at(0xb4), 0x063), 0x061 | PCD | PWT);
  assertEquals([special.uniform(0xb0, 8), special.uniform(0xb0, 16), special.uniform(0xb0, 17)], [true, true, false]);
});

Deno.test("a page that is no table any more is an ordinary page again, and its neighbours stay what they are", () => {
  const special = new SpecialPages();
  special.add({ first: 0x10, end: 0x13, property: "read-only" });
  special.add(uncached(0x11, 0x12));
  special.remove(0x11, "read-only");
  assertEquals([0x10, 0x11, 0x12].map((pfn) => special.at(pfn)), [["read-only"], ["uncached"], ["read-only"]]);
  special.remove(0x10, "read-only");
  special.remove(0x99, "read-only");
  assertEquals([special.at(0x10), special.knows("read-only")], [[], true]);
});

Deno.test("write-combining is the PAT bit, in its place by the size of the page, and uncached without a PAT", () => {
  const combined: readonly PageProperty[] = ["write-combining"];
  assertEquals(new SpecialPages(true).apply(combined, 0x063), 0x063 | PAT);
  assertEquals(new SpecialPages(true).apply(combined, 0x063 | PS), 0x063 | PS | PAT_LARGE);
  assertEquals(new SpecialPages().apply(combined, 0x063), 0x063 | PCD | PWT);
  assertEquals(new SpecialPages(true).apply(["uncached", "write-combining"], 0x063), 0x063 | PCD | PWT);
});
