/** The page of the docs about findings has each of them, and nothing else. */
import { assertEquals } from "@std/assert";
import { CPUS, FINDINGS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { saveState } from "@pagetable-init/textbook/dump";

Deno.test("every finding has its place in the docs", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/findings.md", import.meta.url));
  const told = [...page.matchAll(/^## (.+)$/gm)].flatMap(([, ids = ""]) => ids.split(", "));
  assertEquals(told.toSorted(), Object.keys(FINDINGS).toSorted());
});

Deno.test("the table of a state's fields has every field that is written, and its registers", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/states.md", import.meta.url));
  const told = [...page.matchAll(/^\| `([\w.]+)` /gm)].map(([, name = ""]) => name);
  const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
  machine.writeCr3(0x1000);
  machine.writeCr0(0x8001_0011);
  const fields = JSON.parse((await saveState(machine, { name: "x", description: "x" })).header);
  const written = Object.keys(fields).flatMap((name) =>
    name === "registers" ? Object.keys(fields.registers).map((register) => `registers.${register}`) : [name]
  );
  assertEquals(told.toSorted(), [...written, "registers.ip"].toSorted());
});
