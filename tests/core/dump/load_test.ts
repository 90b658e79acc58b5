import { assert, assertEquals, assertRejects } from "@std/assert";
import { access, audit, CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { loadState, parseStateHeader, type SavedState, saveState } from "@pagetable-init/textbook/dump";
import { MAX_TABLES } from "@pagetable-init/textbook/tables";
import { changed, type Header, smallMachine, smallState } from "./states.ts";

const small = await smallState();

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Changes frames and makes the digest fit them. */
async function forged(
  change: (words: DataView<ArrayBuffer>) => void,
  header?: (fields: Header) => void,
): Promise<SavedState> {
  const frameData = small.frameData.slice();
  change(new DataView(frameData.buffer));
  const frameDataSha256 = await sha256(frameData);
  const text = changed(small, (fields) => {
    header?.(fields);
    fields.frameDataSha256 = frameDataSha256;
  });
  return { header: text, frameData };
}

async function assertRefused({ header, frameData }: SavedState, message: string): Promise<void> {
  const error = await assertRejects(() => loadState(parseStateHeader(header), frameData), RangeError, message);
  assertEquals(error.message.includes("\n"), false);
}

const PMD = 4096;
const PTE = 8192;

Deno.test("a loaded machine translates as the saved one did", async () => {
  const { machine } = await loadState(parseStateHeader(small.header), small.frameData);
  const saved = smallMachine();
  for (const address of [0xc000_0000, 0xc000_1abc, 0xc000_2000, 0xc020_0123, 0x4000_0000]) {
    assertEquals(explain(machine, address).outcome, explain(saved, address).outcome);
  }
  assertEquals([machine.cr0, machine.cr3, machine.cr4, machine.efer], [saved.cr0, saved.cr3, saved.cr4, saved.efer]);
});

Deno.test("a loaded machine holds the tables and zeros elsewhere", async () => {
  const { machine } = await loadState(parseStateHeader(small.header), small.frameData);
  const { memory } = machine;
  assertEquals([memory.frames, memory.read(0x31, 2), memory.read(0x32, 0)], [4096, 0x2_0063, 0]);
});

Deno.test("CR2 is loaded, both words", async () => {
  const json = changed(small, (header) => header.registers.cr2 = "0xffff800012345678");
  const { machine } = await loadState(parseStateHeader(json), small.frameData);
  assertEquals([...machine.cr2].map((word) => word >>> 0), [0xffff_8000, 0x1234_5678]);
});

Deno.test("the A bits that QEMU sets in PDPTEs are cleared, or the CPU would refuse them", async () => {
  const state = await forged((words) => words.setUint32(16 * 4 + 24, 0x2_0021, true));
  const loaded = await loadState(parseStateHeader(state.header), state.frameData);
  assertEquals(access(loaded.machine, 0xc000_0000).ok, true);
  // A CPU loads PDPTEs when CR3 is written, and refuses A there: the mark is gone from memory, so it can be written again.
  assertEquals(loaded.machine.memory.read(0x10, 16 + 6), 0x2_0001);
  assertEquals(loaded.machine.writeCr3(loaded.machine.cr3), undefined);
  assertEquals(audit(loaded).findings.filter(({ id }) => id === "reserved-bits"), []);
});

Deno.test("a PDPTE that no CPU would load is taken as it is: the guest ran with it, and the audit names it", async () => {
  const state = await forged((words) => words.setUint32(16 * 4 + 24, 0x2_0007, true));
  const loaded = await loadState(parseStateHeader(state.header), state.frameData);
  assertEquals(access(loaded.machine, 0xc000_0000).ok, true);
  const odd = audit(loaded).findings.find(({ id }) => id === "reserved-bits");
  assertEquals(odd?.ranges.map(({ linear, entry }) => [linear.lo, entry?.name, entry?.bits.lo]), [[
    0xc000_0000,
    "PDPTE",
    6,
  ]]);
});

Deno.test("frames with another digest are refused", async () => {
  const frameData = small.frameData.slice();
  frameData[5000] = 1;
  await assertRefused({ header: small.header, frameData }, "Expected frames with the SHA-256");
});

Deno.test("frames that are cut short, or one too many, are refused", async () => {
  await assertRefused(
    { ...small, frameData: small.frameData.slice(0, 8192) },
    "Expected 12288 bytes for 3 frames but found 8192",
  );
  await assertRefused({ ...small, frameData: new Uint8Array(16384) }, "but found 16384");
});

Deno.test("a root that is not among the frames is refused", async () => {
  const header = changed(small, (fields) => fields.registers.cr3 = "0x11040");
  await assertRefused({ ...small, header }, "Expected the root table among the frames but found CR3 0x11040");
});

Deno.test("a table that was not saved is a finding, with the entry that points to it, and a walk into it says so", async () => {
  const state = await forged((words) => words.setUint32(PMD + 8 * 5, 0x77_7067, true));
  const loaded = await loadState(parseStateHeader(state.header), state.frameData);
  const missing = audit(loaded).findings.find(({ id }) => id === "missing-table");
  assertEquals([missing?.entries, missing?.pages, missing?.address?.lo], [1, 512, 0xc0a0_0000]);
  assertEquals(missing?.ranges.map(({ frame, entry }) => [frame, entry?.lo]), [[0x777, 0x77_7067]]);
  const { assumed, outcome } = explain(loaded, 0xc0a0_0000);
  assertEquals([assumed, outcome.ok], [["table"], false]);
  assertEquals(explain(loaded, 0xc000_0000).assumed, []);
});

Deno.test("thousands of tables that were not saved are as many findings", async () => {
  const state = await forged((words) => {
    for (let i = 0; i < 512; i++) words.setUint32(PMD + 8 * i, ((0x700 + i) << 12) | 0x67, true);
  });
  const header = changed(state, (fields) => fields.leafCount = 0);
  const loaded = await loadState(parseStateHeader(header), state.frameData);
  assertEquals(audit(loaded).findings.find(({ id }) => id === "missing-table")?.entries, 512);
});

Deno.test("a leaf count that does not fit the tables is refused", async () => {
  const header = changed(small, (fields) => fields.leafCount = 4);
  await assertRefused({ ...small, header }, "Expected 4 leaves, as leafCount has it, but found 3");
});

Deno.test("registers that select another mode are refused", async () => {
  const header = changed(small, (fields) => fields.registers.cr4 = "0x10");
  await assertRefused({ ...small, header }, "Expected pae paging but found registers for two-level paging");
  const off = changed(small, (fields) => fields.registers.cr0 = "0x11");
  await assertRefused({ ...small, header: off }, "Expected pae paging but found registers with paging off");
});

Deno.test("registers that the CPU refuses are refused", async () => {
  const header = changed(small, (fields) => fields.registers.cr4 = "0x1030"); // LA57
  await assertRefused({ ...small, header }, "Expected registers that a CPU takes but found a #GP");
});

Deno.test("tables that refer to each other in loops without end are refused", async () => {
  const machine = new Machine(CPUS.today, new PhysicalMemory(2 ** 24));
  machine.memory.write(0x10, 0, 0x1_0063);
  machine.writeCr4(0x1020);
  machine.writeEfer(0x100);
  machine.writeCr3(0x1_0000);
  machine.writeCr0(0x8001_0011);
  const { header } = await saveState(machine, { name: "loop", description: "one page maps itself" });
  const frameData = new Uint8Array(4096);
  for (let i = 0; i < 4096; i += 8) frameData.set([0x63, 0, 1], i);
  const frameDataSha256 = await sha256(frameData);
  const text = changed({ header, frameData }, (fields) => fields.frameDataSha256 = frameDataSha256);
  await assertRefused(
    { header: text, frameData },
    `Expected at most ${MAX_TABLES} page tables on the ways from the root`,
  );
});

Deno.test("a table that maps itself, as some kernels have it, is loaded", async () => {
  const state = await forged((words) => words.setUint32(PTE + 16, 0x3_1063, true), (fields) => fields.leafCount = 4);
  const { machine } = await loadState(parseStateHeader(state.header), state.frameData);
  const landed = access(machine, 0xc000_2000);
  assert(landed.ok);
  assertEquals(landed.frame, 0x31);
});
