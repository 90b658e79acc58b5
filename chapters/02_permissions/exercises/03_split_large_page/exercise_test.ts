import { assert, assertEquals } from "@std/assert";
import { CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { splitLargePage } from "./exercise.ts";

const ADDRESS = 0xc0400000;
const OFFSETS = [0, 0xabc, 0x1000, 0x12345, 0x200000, 0x3fffff];

/** A machine whose memory types 0 to 3 differ from 4 to 7. */
function machineWith(entry: number): Machine {
  const machine = new Machine(CPUS.p6, new PhysicalMemory(1 << 26));
  machine.writePat([6, 4, 7, 0, 1, 5, 4, 6]);
  machine.memory.write(0x1, 769, entry);
  machine.writeCr3(0x1000);
  machine.writeCr4(0x90);
  machine.writeCr0(0x80010001);
  return machine;
}

const rightsIn = (rights: number) =>
  ["RW", "US", "NX", "D"].filter((_, bit) => (rights >> bit & 1) !== 0).join(" ");

/** What an offset in the 4 MiB means on a machine, in words. */
function meanings(machine: Machine): string[] {
  return OFFSETS.map((offset) => {
    const { outcome } = explain(machine, ADDRESS + offset);
    if (!outcome.ok) return `0x${offset.toString(16)} faults`;
    const { physical, rights, global, memoryType } = outcome;
    return `0x${offset.toString(16)} leads to 0x${physical.toString(16)}, flags ${
      rightsIn(rights)
    }, ` +
      `global ${global}, memory type ${memoryType}`;
  });
}

function split(large: number): { readonly before: string[]; readonly after: string[] } {
  const before = meanings(machineWith(large));
  const machine = machineWith(0x2067);
  splitLargePage(large).forEach((entry, index) =>
    machine.memory.write(0x2, index, entry)
  );
  return { before, after: meanings(machine) };
}

Deno.test("a split makes 1,024 entries", () => {
  assertEquals(
    splitLargePage(0x00c0_00e3).length,
    1024,
    "4 MiB are 1,024 pages: one entry for each",
  );
});

Deno.test("each page has its own frame", () => {
  const entries = splitLargePage(0x00c0_00e3);
  assertEquals(
    `0x${((entries[1] ?? 0) >>> 12).toString(16)}`,
    "0xc01",
    "The frames follow each other: page 1 is one frame further than page 0",
  );
});

Deno.test("PS is no flag of a small page", () => {
  const [entry = 0] = splitLargePage(0x00c0_00e3);
  assert(
    (entry & 0x80) === 0,
    "Bit 7 says PS in a large entry and chooses a memory type in a small one: drop it",
  );
});

Deno.test("the PAT bit moves", () => {
  const { before, after } = split(0x00c0_10e3);
  const typesOf = (all: string[]) => all.map((it) => it.replace(/ leads.*,/, ":"));
  assertEquals(
    typesOf(after),
    typesOf(before),
    "The memory type has changed: its bit is 12 in a large entry and 7 in a small one",
  );
  const [entry = 0] = splitLargePage(0x00c0_10e3);
  assertEquals(
    entry >>> 12,
    0xc00,
    "Bit 12 is part of the frame number in a small entry",
  );
});

Deno.test("the bits that only the kernel reads are kept", () => {
  const kept = splitLargePage(0x00c0_0ee3).map((entry) => entry & 0xe00);
  assertEquals(
    [...new Set(kept)].map((bits) => `0x${bits.toString(16)}`),
    ["0xe00"],
    "Bits 9 to 11 belong to the kernel: the CPU ignores them, the kernel misses them",
  );
});

Deno.test("the last page has its frame too", () => {
  const last = splitLargePage(0xffc0_00e3).at(-1) ?? 0;
  assertEquals(
    `0x${(last >>> 12).toString(16)}`,
    "0xfffff",
    "A large page at the top of 4 GiB: its last small page is frame 0xfffff",
  );
});

Deno.test("no address changes its meaning", () => {
  for (
    const large of [
      0x00c0_0081,
      0x00c0_0083,
      0x00c0_0087,
      0x00c0_01e3,
      0x00c0_009b,
      0x0040_11e7,
    ]
  ) {
    const { before, after } = split(large);
    assertEquals(
      after,
      before,
      `0x${
        large.toString(16)
      } does not mean the same any more: all other flags stay as they are`,
    );
  }
});
