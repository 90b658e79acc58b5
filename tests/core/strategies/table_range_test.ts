import { assertEquals, assertThrows } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { findStrategy, pgtBufOf } from "@pagetable-init/textbook/strategies";

Deno.test("the page-table range of 2.6.39 ends: a table more than there is room for is a stop", () => {
  const { kernel } = boot({ platform: "native-486", strategy: "table-range", memory: "16M" });
  const { end, top } = pgtBufOf(kernel);
  const take = () => findStrategy("table-range").allocTable?.(kernel);
  for (let pfn = end; pfn < top; pfn++) assertEquals(take(), pfn);
  assertThrows(take, Stopped, "the page-table range is used up");
});
