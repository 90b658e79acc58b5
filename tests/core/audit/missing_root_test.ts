import { assertEquals } from "@std/assert";
import { audit, CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";

Deno.test("tables whose root is not in the saved memory have nothing: no leaf, no table, no finding about isolation", () => {
  const memory = new PhysicalMemory(1 << 24);
  const tables = { memory, cpu: CPUS.p6, mode: MODES["two-level"], root: 0x5000, cr4: 0, efer: 0, sparse: true };
  const { leaves, tables: uses, map, isolation } = audit(tables);
  assertEquals([leaves, uses, map, isolation], [0, [], [], undefined]);
});
