import { assertEquals } from "@std/assert";
import { boot } from "../../../mod.ts";

Deno.test("an entry that is stored under lguest is the low word, the second of the two", () => {
  const { kernel } = boot({ platform: "lguest", strategy: "write-always", memory: "16M" });
  const page = kernel.va(0x300);
  kernel.bus.storeEntry(page, 0, 0x0012_3067);
  assertEquals(kernel.bus.load(page), 0x0012_3067);
  kernel.ops.writeBootLeaf(kernel.va(0x301), page, 0, 0x0045_6067);
  assertEquals(kernel.bus.load(page), 0x0045_6067);
});
