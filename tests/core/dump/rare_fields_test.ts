import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CPUS } from "@pagetable-init/textbook";
import { loadState, parseStateHeader, saveState } from "@pagetable-init/textbook/dump";
import { changed, smallMachine, smallState } from "./states.ts";

const NAME = { name: "small", description: "a small machine" };

Deno.test("frames in shared memory are read as others are", async () => {
  const saved = await smallState();
  const shared = new Uint8Array(new SharedArrayBuffer(saved.frameData.length));
  shared.set(saved.frameData);
  const header = parseStateHeader(saved.header);
  const [a, b] = [await loadState(header, saved.frameData), await loadState(header, shared)];
  assertEquals(a.machine.memory.words, b.machine.memory.words);
  shared[8] = (shared[8] ?? 0) ^ 1;
  await assertRejects(() => loadState(header, shared), RangeError, "SHA-256");
});

Deno.test("a CPU keeps PCID through a file if it says whether it has it, and no field is invented if it does not", async () => {
  const saved = await smallState();
  const { pcid: _, ...own } = { ...CPUS.p6, id: "own", pcid: undefined };
  const pcidOf = (cpu: { readonly pcid?: boolean }) =>
    parseStateHeader(changed(saved, (fields) => void (fields["cpu"] = { ...own, ...cpu }))).cpu;
  assertEquals([pcidOf({ pcid: true }).pcid, pcidOf({ pcid: false }).pcid], [true, false]);
  assertEquals(Object.hasOwn(pcidOf({}), "pcid"), false);
});

Deno.test("EFLAGS.AC that nobody knew is not known after another save", async () => {
  const saved = await saveState(smallMachine(), NAME);
  const header = changed(saved, (fields) => {
    fields.registers["ac"] = null;
  });
  const { machine } = await loadState(parseStateHeader(header), saved.frameData);
  const again = JSON.parse((await saveState(machine, NAME)).header);
  assertEquals([again.registers.ac, typeof again.registers.cr0], [null, "string"]);
});

Deno.test("a root beyond the frames that were kept is refused, and so is a file without frames", async () => {
  const saved = await smallState();
  const header = parseStateHeader(changed(saved, (fields) => {
    fields.registers["cr3"] = "0x40000";
  }));
  await assertRejects(() => loadState(header, saved.frameData), RangeError, "root table among the frames");
  assertThrows(() => parseStateHeader(changed(saved, (fields) => fields.frames.splice(0))), RangeError, "frames");
});
