import { assert, assertEquals } from "@std/assert";
import { CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { pageRanges, tablesOf } from "@pagetable-init/textbook/tables";
import { mapPage } from "./exercise.ts";

const hex = (value: number | undefined) =>
  value === undefined ? "nothing" : `0x${value.toString(16)}`;

/** Memory that looks at a frame when the directory, frame 1, is made to lead to it. */
class Watched extends PhysicalMemory {
  linkedUncleared = 0;
  override write(pfn: number, word: number, value: number): void {
    const isLink = pfn === 0x1 && (value & 1) !== 0;
    const words = isLink ? Array.from({ length: 1024 }, (_, at) => at) : [];
    const old = words.filter((at) => this.read(value >>> 12, at) === 0x00abc007);
    if (old.length > 0) this.linkedUncleared++;
    super.write(pfn, word, value);
  }
}

/**
 * A machine with an empty directory in frame 1, and free frames from 2 on that are full
 * of old words.
 */
function emptyMachine() {
  const memory = new Watched(2 ** 24);
  for (let pfn = 0x2; pfn < 0x10; pfn++) {
    for (let word = 0; word < 1024; word++) memory.write(pfn, word, 0x00abc007);
  }
  const machine = new Machine(CPUS.i486, memory);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x80010001); // paging, and write protection for the supervisor too
  let next = 0x2;
  const map = (address: number, pfn: number) =>
    mapPage(memory, machine.cr3, address, pfn, () => next++);
  return { machine, memory, map, taken: () => next - 0x2 };
}

function frameAt(machine: Machine, address: number): number | undefined {
  const { outcome } = explain(machine, address);
  return outcome.ok ? outcome.frame : undefined;
}

Deno.test("a page in an empty address space gets a table", () => {
  const { machine, map } = emptyMachine();
  map(0xc0100000, 0x300);
  const [pde] = explain(machine, 0xc0100000).steps;
  assert(
    pde !== undefined && (pde.lo & 1) === 1,
    "PDE 768 is not present: a table that the directory does not point to is not there",
  );
  assertEquals(
    frameAt(machine, 0xc0100000),
    0x300,
    "The page leads to another frame than it should",
  );
});

Deno.test("a new table maps one page and nothing else", () => {
  const { machine, map } = emptyMachine();
  map(0xc0100000, 0x300);
  const mapped = pageRanges(tablesOf(machine)).reduce((sum, { pages }) => sum + pages, 0);
  assert(
    mapped <= 1,
    `${mapped} pages are mapped: what the last user left in the frame of the table ` +
      "counts as entries",
  );
  assertEquals(mapped, 1, "The page is not mapped");
});

Deno.test("a neighbour in the same table stays mapped", () => {
  const { machine, map, taken } = emptyMachine();
  map(0xc0100000, 0x300);
  map(0xc0101000, 0x500);
  assertEquals(
    hex(frameAt(machine, 0xc0101000)),
    "0x500",
    "The second page leads to another frame than it should",
  );
  assert(
    frameAt(machine, 0xc0100000) === 0x300,
    "The first page is lost: a table that is there must be kept, not replaced or cleared",
  );
  assertEquals(taken(), 1, "A frame was taken for a table that was there already");
});

Deno.test("the page can be written, and not by user mode", () => {
  const { machine, map } = emptyMachine();
  map(0xc0100000, 0x300);
  assert(
    explain(machine, 0xc0100000, "write").outcome.ok,
    "The page cannot be written: RW must be set in the directory entry as well",
  );
  const user = explain(machine, 0xc0100000, "read", { user: true }).outcome;
  assert(!user.ok, "User mode reaches the page");
});

Deno.test("pages far apart have tables of their own", () => {
  const { machine, map, taken } = emptyMachine();
  const pages = [0x00000000, 0x7ffff000, 0x80000000, 0xfffff000];
  pages.forEach((address, at) => map(address, 0x400 + at));
  pages.forEach((address, at) =>
    assertEquals(
      hex(frameAt(machine, address)),
      hex(0x400 + at),
      `${hex(address)} does not lead to the frame that it was mapped to`,
    )
  );
  assertEquals(
    taken(),
    pages.length,
    "Each of these pages lies in another square of 4 MiB",
  );
});

Deno.test("a table is cleared before the directory leads to it", () => {
  const { memory, map } = emptyMachine();
  map(0xc0100000, 0x300);
  assert(
    memory.linkedUncleared === 0,
    "The directory led to a frame with old words, if only for a moment: a CPU that " +
      "walks just then uses them. Clear first, link second",
  );
});

Deno.test("an entry that is not present leads to no table, whatever it holds", () => {
  const { machine, memory, map, taken } = emptyMachine();
  memory.write(0x1, 768, 0x00abc006); // all but present
  map(0xc0100000, 0x300);
  assertEquals(
    [hex(frameAt(machine, 0xc0100000)), taken()],
    ["0x300", 1],
    "PDE 768 was 0x00abc006, without P: its frame is no table, and a new one is needed",
  );
});

Deno.test("what user mode reaches through a table stays open", () => {
  const { machine, memory, map } = emptyMachine();
  memory.clearFrame(0x9);
  memory.write(0x1, 768, 0x00009067);
  memory.write(0x9, 5, 0x00400067);
  map(0xc0100000, 0x300);
  const { outcome } = explain(machine, 0xc0005000, "write", { user: true });
  assert(
    outcome.ok,
    "PDE 768 had US, and a page below it was user mode's: an entry that is present is " +
      "kept as it is",
  );
});

Deno.test("a table in the upper half of memory is used", () => {
  const memory = new PhysicalMemory(2 ** 32);
  memory.write(0x1, 768, 0x90002067);
  let said = "";
  try {
    mapPage(memory, 0x1000, 0xc0100000, 0x300, () => 0x2);
  } catch (error) {
    said = ` (${error})`;
  }
  assertEquals(
    hex(memory.read(0x90002, 256)),
    "0x300003",
    `PDE 768 leads to frame 0x90002: >> makes a negative frame of it${said}`,
  );
});
