import { assert, assertEquals } from "@std/assert";
import { CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { walk } from "./exercise.ts";

const hex = (value: unknown) =>
  typeof value === "number" ? `0x${value.toString(16)}` : `${value}`;

/**
 * A directory in frame 1, tables in frames 2 and 3, pages here and there, one of them
 * high.
 */
function machine(): Machine {
  const it = new Machine(CPUS.i486, new PhysicalMemory(2 ** 32));
  it.memory.write(0x1, 768, 0x00002067);
  it.memory.write(0x1, 1, 0x00003007);
  it.memory.write(0x2, 256, 0x00300163);
  it.memory.write(0x2, 257, 0x00300162); // all but present
  it.memory.write(0x1, 4, 0x00003006); // a PDE that is all but present
  it.memory.write(0x3, 5, 0xfee00 * 4096 + 0x01b); // frame 0xfee00
  it.writeCr3(0x1018); // with flags of its own
  it.writeCr0(0x80000001);
  return it;
}

Deno.test("a page is found through both tables", () => {
  const { memory, cr3 } = machine();
  const end = walk(memory, cr3, 0xc0100abc);
  assert(
    end !== 0xc0100abc,
    "The address came back as it went in: that is a machine without paging",
  );
  assert(
    end !== 0x00300000,
    "The page is right but the place in it is lost: add the offset",
  );
  assert(
    end !== 0x00300163abc,
    "The whole entry was taken for a frame number: its lower twelve bits are flags",
  );
  assert(
    end !== 0x00300163 + 0xabc,
    "The flags of the entry went into the address: cut them off first",
  );
  assertEquals(
    hex(end),
    "0x300abc",
    "PDE 768 leads to frame 2, PTE 256 there to frame 0x300",
  );
});

Deno.test("an absent entry ends the walk, whatever else it holds", () => {
  const { memory, cr3 } = machine();
  assertEquals(
    walk(memory, cr3, 0xc0101000),
    "no PTE",
    "PTE 257 has a frame and flags but not the present bit: it counts for nothing",
  );
  assertEquals(
    hex(walk(memory, cr3, 0x01005000)),
    "no PDE",
    "PDE 4 has a frame but not the present bit: its table must not be read",
  );
  assertEquals(
    walk(memory, cr3, 0xc0400000),
    "no PDE",
    "PDE 769 is zero: there is no table to read",
  );
});

Deno.test("a frame in the upper half of memory has a positive address", () => {
  const { memory, cr3 } = machine();
  const end = walk(memory, cr3, 0x00405fff);
  assert(
    typeof end !== "number" || end > 0,
    "The word of an entry is signed: >>, & and | give negative numbers, >>> does not",
  );
  assertEquals(
    hex(end),
    "0xfee00fff",
    "PDE 1 leads to frame 3, PTE 5 there to frame 0xfee00",
  );
});

Deno.test("the walk agrees with the library wherever it goes", () => {
  const it = machine();
  for (let address = 0; address < 2 ** 32; address += 0x00101230) {
    const { outcome, steps } = explain(it, address);
    const expected = outcome.ok
      ? outcome.physical
      : steps.length === 1
      ? "no PDE"
      : "no PTE";
    assertEquals(
      hex(walk(it.memory, it.cr3, address)),
      hex(expected),
      `The walk of ${hex(address)} ends elsewhere: go back over its two reads`,
    );
  }
});

/** A walk in words, also where it ends in a read of a frame that does not exist. */
function endOf(memory: PhysicalMemory, cr3: number, address: number): string {
  try {
    return hex(walk(memory, cr3, address));
  } catch (error) {
    return `${error}`;
  }
}

Deno.test("tables in the upper half of memory are found", () => {
  const memory = new PhysicalMemory(2 ** 32);
  memory.write(0x1, 2, 0x80004067);
  memory.write(0x80004, 7, 0x00301063);
  assertEquals(
    endOf(memory, 0x1000, 0x00807abc),
    "0x301abc",
    "PDE 2 leads to frame 0x80004: >> makes a negative frame of it, >>> does not",
  );
  memory.write(0x90001, 2, 0x80004067);
  assertEquals(
    endOf(memory, 0x90001018, 0x00807abc),
    "0x301abc",
    "CR3 leads to frame 0x90001: it needs >>> as much as an entry does",
  );
});

Deno.test("what an absent entry holds is not followed", () => {
  const asked: string[] = [];
  class Noting extends PhysicalMemory {
    override read(pfn: number, word: number): number {
      asked.push(hex(pfn));
      return super.read(pfn, word);
    }
  }
  const memory = new Noting(2 ** 24);
  memory.write(0x1, 4, 0x00003006);
  asked.length = 0;
  walk(memory, 0x1000, 0x01005000);
  assertEquals(
    asked,
    ["0x1"],
    "PDE 4 is absent: a walk reads no word of the frame in it, which may be anything",
  );
});
