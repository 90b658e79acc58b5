import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { access, audit, CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { loadState, parseStateHeader, saveState } from "@pagetable-init/textbook/dump";
import { changed, smallMachine } from "./states.ts";

const HEADER = (await saveState(smallMachine(), { name: "saved", description: "" })).header;
const NAME = { name: "saved", description: "a test" };

Deno.test("only page tables are saved, each frame once, in ascending order", async () => {
  const machine = smallMachine();
  machine.memory.write(0x500, 0, 0x1234); // no table
  machine.memory.write(0x20, 4, 0x3_1067); // a second use of the pte table
  const { header, frameData } = await saveState(machine, NAME);
  assertEquals(JSON.parse(header).frames, ["0x10", "0x20", "0x31"]);
  assertEquals(frameData.length, 3 * 4096);
  assertEquals(new DataView(frameData.buffer).getUint32(8192 + 8, true), 0x2_0063);
});

Deno.test("what is saved, loaded and saved again is the same, byte by byte", async () => {
  const first = await saveState(smallMachine(), NAME);
  const { machine } = await loadState(parseStateHeader(first.header), first.frameData);
  assertEquals(await saveState(machine, NAME), first);
});

Deno.test("saving changes nothing in the machine", async () => {
  const machine = smallMachine();
  access(machine, 0xc020_0000, "write");
  const before = explain(machine, 0xc000_0000);
  await saveState(machine, NAME);
  assertEquals(explain(machine, 0xc000_0000), before);
  assertEquals(machine.tlb.entries().length, 1);
});

Deno.test("frame numbers above 4 GiB and addresses above 32 bits survive", async () => {
  const machine = new Machine(CPUS.k8, new PhysicalMemory(2 ** 36));
  const { memory } = machine;
  for (const [table, next] of [[0x1, 0x80_0001], [0x80_0001, 0x80_0002], [0x80_0002, 0x80_0003]] as const) {
    memory.write(table, 1022, ((next & 0xf_ffff) << 12) | 0x63);
    memory.write(table, 1023, next >>> 20);
  }
  memory.write(0x80_0003, 1022, 0x12_3063);
  machine.writeCr4(0x20);
  machine.writeEfer(0x900);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x8001_0011);
  access(machine, { hi: 0xffff_8000, lo: 0 });
  const saved = await saveState(machine, NAME);
  const again = (await loadState(parseStateHeader(saved.header), saved.frameData)).machine;
  assertEquals(explain(again, "ffffffffffffffff").outcome, explain(machine, "ffffffffffffffff").outcome);
  assertEquals([...again.cr2], [...machine.cr2]);
  assertEquals(again.cr2[0], 0xffff_8000);
});

Deno.test("a machine without paging cannot be saved", async () => {
  const bare = new Machine(CPUS.p6, new PhysicalMemory(2 ** 24));
  await assertRejects(() => saveState(bare, NAME), RangeError, "paging is off");
});

Deno.test("a table where no memory is is left out, and missing from the state", async () => {
  const machine = smallMachine();
  machine.memory.write(0x20, 8, 0x0100_0067);
  const { header, frameData } = await saveState(machine, NAME);
  assertEquals(JSON.parse(header).frames, ["0x10", "0x20", "0x31"]);
  const loaded = await loadState(parseStateHeader(header), frameData);
  assertEquals(audit(loaded).findings.find(({ id }) => id === "missing-table")?.ranges.map(({ frame }) => frame), [
    0x1000,
  ]);
});

Deno.test("PKRU, EFLAGS.AC and the PAT come back, and what was not known is still not known", async () => {
  const machine = smallMachine();
  machine.writePkru(0b0100);
  machine.writeAc(true);
  machine.writePat([6, 1, 7, 0, 6, 5, 7, 4]);
  const saved = await saveState(machine, NAME);
  const { pkru, ac, pat } = JSON.parse(saved.header).registers;
  assertEquals([pkru, ac, pat], ["0x4", true, "0x407050600070106"]);
  const first = await loadState(parseStateHeader(saved.header), saved.frameData);
  assertEquals([first.machine.pkru, first.machine.ac, first.machine.pat], [4, true, [6, 1, 7, 0, 6, 5, 7, 4]]);
  assertEquals(first.header.unknown, []);
  const header = changed(
    saved,
    (fields) => Object.assign(fields, { cpu: null, registers: { ...fields.registers, pkru: null, pat: null } }),
  );
  const second = await loadState(parseStateHeader(header), saved.frameData);
  assertEquals(second.header.unknown, ["pkru", "pat", "cpu"]);
  const again = JSON.parse((await saveState(second.machine, NAME)).header);
  assertEquals([again.cpu, again.registers.pkru, again.registers.ac, again.registers.pat], [null, null, true, null]);
});

Deno.test("a name that is a path is refused", async () => {
  for (const name of ["../up", "a/b", "", ".hidden", "with space"]) {
    await assertRejects(() => saveState(smallMachine(), { ...NAME, name }), RangeError, "Expected a name");
  }
});

Deno.test("a state of a CPU of one's own comes back, with all that the CPU has", async () => {
  const cpu = { ...CPUS.k8, id: "wide-k8", name: "K8 with 44 address bits", physicalBits: 44 };
  const known = smallMachine();
  const machine = new Machine(cpu, known.memory);
  machine.writeCr4(known.cr4);
  machine.writeEfer(known.efer);
  machine.writeCr3(known.cr3);
  machine.writeCr0(known.cr0);
  const saved = await saveState(machine, NAME);
  const again = (await loadState(parseStateHeader(saved.header), saved.frameData)).machine;
  assertEquals(again.cpu, cpu);
  assertEquals(await saveState(again, NAME), saved);
  const renamed = { ...CPUS.k8, physicalBits: 44 }; // an id that is taken does not make it that CPU
  const impostor = new Machine(renamed, known.memory);
  for (const copy of [() => impostor.writeCr4(known.cr4), () => impostor.writeEfer(known.efer)]) copy();
  impostor.writeCr3(known.cr3);
  impostor.writeCr0(known.cr0);
  assertEquals(parseStateHeader((await saveState(impostor, NAME)).header).cpu, renamed);
});

Deno.test("a CPU in a header is described whole, or refused in one line", () => {
  const header = (cpu: unknown) => {
    const fields = JSON.parse(HEADER);
    return () => parseStateHeader(JSON.stringify({ ...fields, cpu }));
  };
  const cpu = { ...CPUS.p6, id: "mine" };
  assertEquals(header(cpu)().cpu, cpu);
  assertThrows(header({ ...cpu, nx: 1 }), RangeError, "Expected cpu.nx to be true or false but found 1");
  assertThrows(header({ ...cpu, physicalBits: 64 }), RangeError, "cpu.physicalBits");
  assertThrows(header({ id: "mine" }), RangeError, "cpu.");
  assertThrows(header("i387"), RangeError, "cpu");
  assertThrows(header([]), RangeError, "cpu");
});

Deno.test("without crypto.subtle, as in a page served over plain HTTP, a state says why it cannot be saved", async () => {
  const described = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
  try {
    await assertRejects(() => saveState(smallMachine(), NAME), TypeError, "serve the page over HTTPS");
  } finally {
    if (described !== undefined) Object.defineProperty(globalThis, "crypto", described);
  }
});

Deno.test("what saveState is given is checked", async () => {
  const wrong = [[{}, NAME], [smallMachine(), {}], [smallMachine(), { ...NAME, nme: "x" }], [smallMachine(), null]];
  for (const [machine, name] of wrong) {
    await assertRejects(() => saveState(machine as Machine, name as typeof NAME), TypeError, "but found");
  }
});

Deno.test("a state is the kernel's: its header says CPL 0", async () => {
  const { header } = await saveState(smallMachine(), { name: "small", description: "a small machine" });
  assertEquals(JSON.parse(header).cpl, 0);
});
