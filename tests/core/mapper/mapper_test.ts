import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  FramePool,
  type MapErrorKind,
  mapPage,
  type Page,
  protect,
  readEntry,
  tableMode,
  unmapPage,
  writeEntry,
} from "../../../core/mapper/mod.ts";
import {
  A,
  CPUS,
  D,
  explain,
  G,
  Machine,
  makeEntry,
  NX,
  P,
  PAT_LARGE,
  PhysicalMemory,
  PS,
  RW,
  US,
} from "../../../core/mmu/mod.ts";
import { machineIn, MODE_IDS, outcome, ROOT } from "../mmu/machines.ts";

const FIRST = 0x100;
const AT = 0x4000_0000;
const SMALL: Page = { frame: 0x55, flags: P | RW | US };

/** A machine in a mode whose root is empty but for the path of address 0, and a pool. */
function empty(...args: Parameters<typeof machineIn>): { machine: Machine; pool: FramePool } {
  return { machine: machineIn(...args), pool: new FramePool(FIRST, FIRST + 16) };
}

/** The frames that were ever written and are not all zeros, as one text: quick to compare. */
function words({ memory }: Machine): string {
  const used = memory.words.subarray(0, memory.committedBytes / 4 + 1024);
  return used.subarray(0, used.findLastIndex((word) => word !== 0) + 1).join();
}

for (const id of MODE_IDS) {
  Deno.test(`${id}: a page is mapped before paging is on, in the mode that the registers will select`, () => {
    const { cr3, cr4, efer } = machineIn(id);
    const machine = new Machine(CPUS.today, new PhysicalMemory(2 ** 24));
    machine.writeCr4(cr4);
    machine.writeEfer(efer & ~0x400);
    machine.writeCr3(cr3);
    assertEquals([machine.mode, tableMode(machine).id], [undefined, id]);
    const done = mapPage(machine, AT, SMALL, new FramePool(FIRST, FIRST + 16));
    assertEquals(done.ok && done.due.kind, "nothing");
    machine.writeCr0(0x8001_0011);
    assertEquals(outcome(machine, AT + 0x123, "write", true), "frame 55");
  });
}

/** What must be refused, in which mode, and that nothing has changed then. */
const REFUSED: readonly (readonly [
  kind: MapErrorKind,
  what: string,
  setting: Parameters<typeof machineIn>,
  address: string | number,
  page: Page,
  before?: (machine: Machine) => void,
])[] = [
  ["not-canonical", "an address in the hole", ["4-level"], "0000800000000000", SMALL],
  ["not-canonical", "an address above 32 bits", ["pae"], 2 ** 32, SMALL],
  ["size-unavailable", "4M pages in PAE", ["pae"], AT, { ...SMALL, pageBytes: 2 ** 22, frame: 0 }],
  ["size-unavailable", "4M pages with CR4.PSE clear", ["two-level"], AT, { ...SMALL, pageBytes: 2 ** 22, frame: 0 }],
  ["size-unavailable", "1G pages on a K8", ["4-level", { cpu: CPUS.k8 }], AT, {
    ...SMALL,
    pageBytes: 2 ** 30,
    frame: 0,
  }],
  ["size-unavailable", "1G pages in PAE", ["pae"], AT, { ...SMALL, pageBytes: 2 ** 30, frame: 0 }],
  ["address-unaligned", "an address in the middle of a page", ["pae"], AT + 1, SMALL],
  ["address-unaligned", "a large page at a small one's address", ["pae"], AT + 0x1000, {
    ...SMALL,
    pageBytes: 2 ** 21,
    frame: 0,
  }],
  ["frame-unaligned", "a large page at a small one's frame", ["pae"], AT, { ...SMALL, pageBytes: 2 ** 21, frame: 1 }],
  ["frame-too-wide", "a frame above 4 GiB in two-level paging", ["two-level"], AT, { ...SMALL, frame: 2 ** 20 }],
  ["frame-too-wide", "the same as 4M page without PSE-36", ["two-level", { cpu: CPUS.pentium, cr4: 0x10 }], AT, {
    ...SMALL,
    pageBytes: 2 ** 22,
    frame: 2 ** 20,
  }],
  ["frame-too-wide", "37 bits on a CPU of 36", ["pae", { cpu: CPUS.p6 }], AT, { ...SMALL, frame: 2 ** 24 }],
  ["reserved-bits", "NX without EFER.NXE", ["pae"], AT, { ...SMALL, flags: P | NX }],
  ["reserved-bits", "NX in two-level paging", ["two-level"], AT, { ...SMALL, flags: P | NX }],
  ["reserved-bits", "a protection key in PAE", ["pae"], AT, { ...SMALL, flags: P | 1 << 27 }],
  ["reserved-bits", "PAT on a CPU without one", ["two-level", { cpu: CPUS.pentium, cr4: 0x10 }], AT, {
    flags: P | PAT_LARGE,
    pageBytes: 2 ** 22,
    frame: 0,
  }],
  ["already-mapped", "a page that is mapped", ["4-level"], AT, SMALL, (machine) => {
    mapPage(machine, AT, { frame: 1, flags: P }, new FramePool(0x200, 0x210));
  }],
  ["parent-is-large", "a small page in a large one", ["4-level"], AT + 0x1000, SMALL, (machine) => {
    mapPage(machine, AT, { frame: 0, flags: P | RW | US, pageBytes: 2 ** 21 }, new FramePool(0x200, 0x210));
  }],
  [
    "table-present",
    "a large page where a table is",
    ["4-level"],
    AT,
    { ...SMALL, pageBytes: 2 ** 21, frame: 0 },
    (m) => {
      mapPage(m, AT + 0x1000, SMALL, new FramePool(0x200, 0x210));
    },
  ],
  ["parent-denies", "a writable page below a read-only table", ["4-level"], 0x1000, SMALL, (machine) => {
    writeEntry(machine, ROOT + 1, 0, makeEntry(ROOT + 2, P | US));
  }],
  ["parent-denies", "a user page below a supervisor's table", ["two-level"], 0x1000, SMALL, (machine) => {
    writeEntry(machine, ROOT, 0, makeEntry(ROOT + 1, P | RW));
  }],
  ["parent-denies", "code below a table with NX", ["4-level", { efer: 0x800 }], 0x1000, SMALL, (machine) => {
    writeEntry(machine, ROOT, 0, makeEntry(ROOT + 1, P | RW | US | NX));
  }],
  ["reserved-bits", "a page below a table with PS where no page can be", ["4-level"], 0x1000, SMALL, (machine) => {
    writeEntry(machine, ROOT, 0, makeEntry(ROOT + 1, P | RW | US | PS));
  }],
  ["no-memory", "a page below a table beyond memory", ["4-level"], 0x1000, SMALL, (machine) => {
    writeEntry(machine, ROOT + 2, 0, makeEntry(0x5000, P | RW | US));
  }],
];

for (const [kind, what, setting, address, page, before] of REFUSED) {
  Deno.test(`${what}: ${kind}, and nothing is changed`, () => {
    const { machine, pool } = empty(...setting);
    before?.(machine);
    const [memory, free] = [words(machine), pool.free];
    const refused = mapPage(machine, address, page, pool);
    assertEquals(refused.ok ? "mapped" : refused.kind, kind);
    assert(!refused.ok && refused.message !== "");
    assertEquals(pool.free, free);
    assertEquals(words(machine), memory);
  });
}

Deno.test("without a frame for every missing table none is taken", () => {
  const machine = machineIn("5-level");
  const pool = new FramePool(FIRST, FIRST + 3);
  const refused = mapPage(machine, "ff00000000000000", SMALL, pool);
  assertEquals(refused.ok || refused.kind, "out-of-frames");
  assertEquals([pool.free, pool.allocate()], [3, FIRST]);
});

Deno.test("a table in a frame that an entry cannot name is given back", () => {
  const machine = machineIn("two-level", { memoryBytes: 2 ** 34 });
  const pool = new FramePool(2 ** 20, 2 ** 20 + 1);
  const refused = mapPage(machine, AT, SMALL, pool);
  assertEquals([refused.ok || refused.kind, pool.free], ["frame-too-wide", 1]);
});

Deno.test("a frame that is no memory is the allocator's mistake", () => {
  const machine = machineIn("two-level");
  const pool = new FramePool(2 ** 19, 2 ** 19 + 1);
  assertThrows(
    () => mapPage(machine, AT, SMALL, pool),
    RangeError,
    "Expected the frame for a pte to be",
  );
});

Deno.test("a table is cleared before it is used, whatever the frame held", () => {
  const { machine, pool } = empty("two-level");
  for (let word = 0; word < 1024; word++) machine.memory.write(FIRST, word, -1);
  assert(mapPage(machine, AT, SMALL, pool).ok);
  assertEquals(outcome(machine, AT + 0x1000), "#PF 0");
});

Deno.test("new tables take no right away; a PDPTE of PAE has P alone", () => {
  for (const id of MODE_IDS) {
    const { machine, pool } = empty(id);
    const done = mapPage(machine, "80000000", SMALL, pool);
    assert(done.ok);
    assertEquals(done.due.flush(), undefined);
    const { steps } = explain(machine, "80000000");
    assertEquals(steps.flatMap(({ revoked }) => revoked), [], id);
    if (id === "pae") assertEquals(steps[0]?.lo, FIRST * 4096 + P);
  }
});

Deno.test("the PDPTEs of PAE lie where CR3 says, and count when they are loaded", () => {
  const machine = machineIn("pae");
  machine.writeCr3(0x20 * 4096 + 96);
  const done = mapPage(machine, 0xc000_0000, SMALL, new FramePool(FIRST, FIRST + 4));
  assertEquals(readEntry(machine, 0x20, 12 + 3), { lo: FIRST * 4096 + P, hi: 0 });
  assertEquals(outcome(machine, 0xc000_0000), "#PF 0");
  assert(done.ok);
  assertEquals(done.due.kind, "everything");
  done.due.flush();
  assertEquals(outcome(machine, 0xc000_0000), "frame 55");
});

Deno.test("a flush that cannot be done is a #GP: another PDPTE has a reserved bit", () => {
  const { machine, pool } = empty("pae");
  writeEntry(machine, ROOT, 3, makeEntry(0x20, P | RW));
  const done = mapPage(machine, AT, SMALL, pool);
  assertEquals(done.ok && done.due.flush()?.vector, 13);
});

Deno.test("a page stays in the TLB until the due flush is done, a global and a large one too", () => {
  const PGE = 0x80;
  for (
    const [id, pageBytes] of [["two-level", 4096], ["pae", 4096], ["4-level", 2 ** 21], ["5-level", 2 ** 30]] as const
  ) {
    const { machine, pool } = empty(id, { cr4: PGE });
    const mapped = mapPage(machine, AT, { frame: 0, flags: P | RW | US | G, pageBytes }, pool);
    if (mapped.ok) mapped.due.flush();
    assertEquals(outcome(machine, AT + 0x123, "write"), "frame 0");
    const limited = protect(machine, AT, P | US | G, { pageBytes });
    assert(limited.ok);
    assertEquals([limited.before, limited.due.kind], [P | RW | US | G | A | D, "page"]);
    assertEquals(outcome(machine, AT + 0x123, "write"), "frame 0");
    limited.due.flush();
    assertEquals(outcome(machine, AT + 0x123, "write"), "#PF 3");
    assertEquals(outcome(machine, AT + 0x123), "frame 0");
    const gone = unmapPage(machine, AT, { pageBytes });
    assert(gone.ok);
    assertEquals(gone.page, { frame: 0, flags: P | US | G | A | D, pageBytes });
    assertEquals(outcome(machine, AT + 0x123), "frame 0");
    gone.due.flush();
    assertEquals(outcome(machine, AT + 0x123), "#PF 0");
  }
});

Deno.test("an entry written over may serve many addresses: everything has to be forgotten, global pages too", () => {
  for (const cr4 of [0, 0x80]) {
    const { machine } = empty("4-level", { cr4 });
    writeEntry(machine, ROOT + 3, 1, makeEntry(5, P | G));
    assertEquals(outcome(machine, 0x1000), "frame 5");
    const due = writeEntry(machine, ROOT + 3, 1, makeEntry(6, P | G));
    assertEquals([due.kind, outcome(machine, 0x1000)], ["everything", "frame 5"]);
    due.flush();
    assertEquals(outcome(machine, 0x1000), "frame 6");
  }
});

Deno.test("protect keeps A and D and says that nothing is due if nothing changes", () => {
  const { machine, pool } = empty("two-level");
  mapPage(machine, AT, SMALL, pool);
  outcome(machine, AT, "write");
  const done = protect(machine, AT, SMALL.flags);
  assertEquals(done.ok && [done.before, done.due.kind], [SMALL.flags | A | D, "nothing"]);
});

Deno.test("empty tables go back, up to the root, which stays", () => {
  const { machine, pool } = empty("4-level");
  const before = words(machine);
  mapPage(machine, "ffff888000000000", SMALL, pool);
  mapPage(machine, "ffff888000001000", SMALL, pool);
  assertEquals(pool.free, 13);
  const first = unmapPage(machine, "ffff888000000000", { allocator: pool });
  const second = unmapPage(machine, "ffff888000001000", { allocator: pool });
  assertEquals([first.ok && first.tables, second.ok && second.tables], [[], [FIRST + 2, FIRST + 1, FIRST]]);
  assertEquals(pool.free, 16);
  assertEquals(words(machine), before);
});

Deno.test("what is not mapped can neither be unmapped nor protected", () => {
  const { machine, pool } = empty("4-level");
  mapPage(machine, AT, { frame: 0, flags: P, pageBytes: 2 ** 21 }, pool);
  for (const attempt of [unmapPage, (m: Machine, at: number) => protect(m, at, P)]) {
    const [absent, inLarge] = [attempt(machine, 2 * AT), attempt(machine, AT)];
    assertEquals([absent.ok || absent.kind, inLarge.ok || inLarge.kind], ["not-mapped", "parent-is-large"]);
  }
});

Deno.test("a page with the PAT bit keeps it through unmap and map, and has no bit 7 for its size", () => {
  const { machine, pool } = empty("pae");
  const page = { frame: 0x200, flags: P | PAT_LARGE, pageBytes: 2 ** 21 };
  mapPage(machine, AT, page, pool);
  const gone = unmapPage(machine, AT, { pageBytes: 2 ** 21 });
  assertEquals(gone.ok && gone.page, page);
});

Deno.test("a caller's mistakes throw, and say what was expected and found", () => {
  const { machine, pool } = empty("two-level");
  const anything = (value: unknown) => value as never; // plain JavaScript
  const range = (call: () => unknown, said: string) => assertThrows(call, RangeError, said);
  const kind = (call: () => unknown, said: string) => assertThrows(call, TypeError, said);
  range(() => readEntry(machine, 0x1000, 0), "Expected frame to be an integer from 0 to 4095 but found 4096");
  range(() => readEntry(machine, 1, 1024), "Expected index to be an integer from 0 to 1023 but found 1024");
  range(() => writeEntry(machine, 1, -1, makeEntry(1, P)), "Expected index to be an integer from 0 to 1023");
  range(() => writeEntry(machine, 1, 0, makeEntry(1, NX)), "Expected an entry of one word");
  range(() => writeEntry(machine, 1, 0, { lo: NaN, hi: 0 }), "Expected entry.lo to be");
  range(() => mapPage(machine, AT, { frame: 1, flags: RW }, pool), "Expected flags with P but found 0x2");
  range(() => mapPage(machine, AT, { frame: 1, flags: NaN }, pool), "Expected flags to be");
  range(() => mapPage(machine, AT, { frame: NaN, flags: P }, pool), "Expected frame to be");
  range(() => mapPage(machine, AT, { frame: 1, flags: P | 1 << 16 }, pool), "Expected flags in bits");
  range(
    () => mapPage(machine, AT, { ...SMALL, pageBytes: 8192 }, pool),
    "Expected pageBytes to be one of 4096, 2097152",
  );
  range(() => unmapPage(machine, AT, { pageBytes: NaN }), "Expected pageBytes to be one of");
  range(() => protect(machine, AT, 2 ** 32), "Expected flags to be");
  range(() => new FramePool(2, 1), "Expected end to be");
  range(() => new FramePool(0.5, 1), "Expected first to be");
  kind(() => mapPage(anything({}), AT, SMALL, pool), "Expected machine to be a machine but found an object");
  kind(() => mapPage(machine, AT, SMALL, anything(undefined)), "Expected allocator to be an allocator of frames");
  kind(() => mapPage(machine, AT, anything({ ...SMALL, pageByte: 1 }), pool), "did you mean pageBytes?");
  kind(() => mapPage(machine, AT, anything({ flags: P }), pool), "Expected frame to be an integer");
  kind(() => unmapPage(machine, AT, anything({ alocator: pool })), "did you mean allocator?");
  kind(() => protect(machine, AT, anything("RW")), "Expected flags to be");
  kind(() => tableMode(anything(undefined)), "Expected machine to be a machine but found nothing");
  kind(() => readEntry(machine, anything("1"), 0), "Expected frame to be an integer");
});
