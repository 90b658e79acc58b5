// A capture may lack facts: protection keys, EFLAGS.AC, the CPU. An answer says which of them it took for granted.
import { assertEquals } from "@std/assert";
import { CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { loadState, parseStateHeader, saveState } from "@pagetable-init/textbook/dump";
import { changed } from "./states.ts";

const PKE = 1 << 22;
const SMAP = 1 << 21;

/** A 4-level machine: a user page at 0, a supervisor page at 4K, a page of 1G at 1G, one beyond 64 GiB at 2M. */
function machineWith(cr4: number): Machine {
  const machine = new Machine(CPUS.today, new PhysicalMemory(2 ** 24));
  const { memory } = machine;
  memory.write(0x1, 0, 0x2067);
  memory.write(0x2, 0, 0x3067);
  memory.write(0x2, 2, 0xe3); // 1G
  memory.write(0x3, 0, 0x4067);
  memory.write(0x3, 2, 0xe3);
  memory.write(0x3, 3, 0x10); // frame bits 36 and up
  memory.write(0x4, 0, 0x5067);
  memory.write(0x4, 2, 0x6063);
  machine.writeCr4(0x20 | cr4);
  machine.writeEfer(0x100);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x8001_0011);
  return machine;
}

async function assumed(cr4: number, address: number, kind: "read" | "fetch" = "read", user = false) {
  const saved = await saveState(machineWith(cr4), { name: "facts", description: "a machine of which little is known" });
  const header = changed(saved, (fields) => {
    fields["cpu"] = null;
    Object.assign(fields.registers, { pkru: null, ac: null });
  });
  return explain(await loadState(parseStateHeader(header), saved.frameData), address, kind, { user }).assumed;
}

const has = (facts: readonly string[], fact: string) => facts.includes(fact);

Deno.test("unknown protection keys matter where they are in force, and for user pages that are read or written alone", async () => {
  const pkru = async (...args: Parameters<typeof assumed>) => has(await assumed(...args), "pkru");
  assertEquals(await pkru(PKE, 0), true);
  assertEquals([await pkru(0, 0), await pkru(PKE, 0x1000), await pkru(PKE, 0, "fetch")], [false, false, false]);
});

Deno.test("an unknown EFLAGS.AC matters under SMAP, and for a supervisor's access to a user page alone", async () => {
  const ac = async (...args: Parameters<typeof assumed>) => has(await assumed(...args), "ac");
  assertEquals(await ac(SMAP, 0), true);
  assertEquals([await ac(0, 0), await ac(SMAP, 0x1000), await ac(SMAP, 0, "read", true)], [false, false, false]);
});

Deno.test("an unknown CPU matters for pages of 1G and for addresses that not every CPU has", async () => {
  const cpu = async (...args: Parameters<typeof assumed>) => has(await assumed(...args), "cpu");
  assertEquals([await cpu(0, 2 ** 30), await cpu(0, 2 ** 21)], [true, true]);
  assertEquals([await cpu(0, 0), await cpu(0, 0x2000)], [false, false]);
});
