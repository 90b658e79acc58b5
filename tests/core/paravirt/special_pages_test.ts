import { assertEquals, assertThrows } from "@std/assert";
import { SpecialPages } from "@pagetable-init/textbook";

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
  assertEquals([0x9f, 0xa0, 0xbf, 0xc0].map((pfn) => special.at(pfn)), [undefined, "uncached", "uncached", undefined]);
});

Deno.test("an empty range makes nothing special", () => {
  const special = new SpecialPages();
  special.add(uncached(0x10, 0x10));
  assertEquals([special.at(0x10), special.uniform(0, 1024)], [undefined, true]);
});

Deno.test("a range that ends before it begins is refused", () => {
  assertThrows(() => new SpecialPages().add(uncached(0xc0, 0xa0)), RangeError, "found 192 to 160");
});
