import { assertEquals, assertThrows } from "@std/assert";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { boot } from "../../../mod.ts";

Deno.test("under VMI an entry is set only in a page that was announced, as a table of its level", () => {
  const { kernel } = boot({ platform: "vmi", strategy: "write-always", memory: "16M" });
  const { ops, bus } = kernel;
  const [table, directory, neither] = [0x600, 0x601, 0x602].map((pfn) => kernel.va(pfn));
  ops.allocPt(0x600);
  ops.allocPd(0x601);
  ops.setPte?.(table ?? 0, 0, 0x0070_0063);
  ops.setPmd(directory ?? 0, 0, 0x0060_0067);
  assertEquals([bus.load(table ?? 0), bus.load(directory ?? 0)], [0x0070_0063, 0x0060_0067]);
  ops.pteClear(table ?? 0, 0, 0);
  assertEquals(bus.load(table ?? 0), 0);
  const killed = [
    () => ops.setPmd(table ?? 0, 0, 0x0060_0067),
    () => ops.setPte?.(directory ?? 0, 0, 0x0070_0063),
    () => ops.setPte?.(neither ?? 0, 0, 0x0070_0063),
    () => ops.pteClear(neither ?? 0, 0, 0),
  ];
  for (const act of killed) {
    assertEquals(assertThrows(act, Stopped, "which was never announced as L").reason.kind, "killed-by-host");
  }
});
