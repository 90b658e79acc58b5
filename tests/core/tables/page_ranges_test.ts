import { assertEquals, assertThrows } from "@std/assert";
import { CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";
import { NX, RIGHT_NX, RIGHT_RW, RIGHT_US } from "@pagetable-init/textbook/mmu";
import { countLeaves, guestRanges, MAX_LEAVES, pageRanges, printLeaves } from "@pagetable-init/textbook/tables";
import { TableBuilder } from "../audit/table_builder.ts";

const LOWMEM = { hi: 0, lo: 0xc000_0000 };

Deno.test("pages that follow each other to frames that follow each other are one range, over tables too", () => {
  const { tables } = new TableBuilder(MODES["two-level"]).map(LOWMEM, 0x400, 3000);
  const [range, ...others] = pageRanges(tables);
  assertEquals(others, []);
  assertEquals(range, {
    linear: LOWMEM,
    pages: 3000,
    pageShift: 12,
    frame: 0x400,
    rights: RIGHT_RW,
    global: false,
    patIndex: 0,
  });
});

Deno.test("accessed, dirty and software bits do not end a range", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 1, { flags: 0x003 });
  builder.map({ hi: 0, lo: 0xc000_1000 }, 1, 1, { flags: 0xe63 }).map({ hi: 0, lo: 0xc000_2000 }, 2, 1, {
    flags: 0x223,
  });
  assertEquals(pageRanges(builder.tables).map(({ pages }) => pages), [3]);
});

Deno.test("a gap, another frame, another right, another flag or another page size ends a range", () => {
  const at = (mib: number) => ({ hi: 0, lo: 0xc000_0000 + mib * 0x10_0000 });
  const builder = new TableBuilder(MODES.pae);
  builder.map(at(0), 0, 256).map(at(1), 0x200, 128).map(at(1.5), 0x280, 64).map(at(1.75), 0x2c0, 64, { flags: 0x61 });
  builder.map(at(2), 0x400, 1, { flags: 0x61, shift: 21 }).map(at(6), 0x800, 512).map(at(8), 0xa00, 1, {
    flags: 0x163,
  });
  builder.map({ hi: 0, lo: at(8).lo + 0x1000 }, 0xa01, 1, { flags: 0x173 });
  assertEquals(pageRanges(builder.tables).map(({ pages, pageShift }) => [pages, pageShift]), [
    [256, 12],
    [192, 12],
    [64, 12],
    [512, 21],
    [512, 12],
    [1, 12],
    [1, 12],
  ]);
});

Deno.test("RW and US count only if every level grants them, NX if any level sets it", () => {
  const above = (flags: number) => {
    const { tables } = new TableBuilder(MODES["4-level"]).map(LOWMEM, 0, 1, { flags: 0x67, above: flags });
    return pageRanges(tables)[0]?.rights;
  };
  assertEquals(above(0x67), RIGHT_RW | RIGHT_US);
  assertEquals(above(0x65), RIGHT_US);
  assertEquals(above(0x63), RIGHT_RW);
  const { tables } = new TableBuilder(MODES["4-level"]).map(LOWMEM, 0, 1, { flags: 0x65 });
  tables.memory.write(0x101, 1, NX);
  tables.memory.write(0x101, 7, NX); // the pud entry for 3G
  assertEquals(pageRanges(tables)[0]?.rights, RIGHT_US | RIGHT_NX);
});

Deno.test("the PDPTEs of PAE take no right away", () => {
  const { tables } = new TableBuilder(MODES.pae).map(LOWMEM, 0, 1, { flags: 0x67 });
  assertEquals(tables.memory.read(0x100, 6), 0x10_1001);
  assertEquals(pageRanges(tables)[0]?.rights, RIGHT_RW | RIGHT_US);
});

Deno.test("a PDPT is found inside its frame: CR3 has 32-byte steps in PAE", () => {
  const { tables } = new TableBuilder(MODES.pae).map(LOWMEM, 7);
  const root = tables.root + 0xae0;
  for (let word = 0; word < 8; word++) tables.memory.write(0x100, 0xae0 / 4 + word, tables.memory.read(0x100, word));
  tables.memory.clearFrame(0x101);
  assertEquals(pageRanges({ ...tables, root }).length, pageRanges(tables).length);
  const moved = new TableBuilder(MODES.pae).map(LOWMEM, 7).tables;
  moved.memory.write(0x100, 0xae0 / 4 + 6, moved.memory.read(0x100, 6));
  moved.memory.write(0x100, 6, 0);
  assertEquals(pageRanges(moved), []);
  assertEquals(pageRanges({ ...moved, root: moved.root + 0xae0 + 0x18 }).map(({ frame }) => frame), [7]);
});

Deno.test("a range goes on where the frame number carries into the high word", () => {
  const { tables } = new TableBuilder(MODES["4-level"]).map(LOWMEM, 0xf_ff00, 512);
  assertEquals(pageRanges(tables).map(({ frame, pages }) => [frame, pages]), [[0xf_ff00, 512]]);
});

Deno.test("a frame number that begins again at 0 below 4 GiB does not continue a range", () => {
  const builder = new TableBuilder(MODES["4-level"]).map(LOWMEM, 0xf_ffff);
  builder.map({ hi: 0, lo: 0xc000_1000 }, 0);
  assertEquals(pageRanges(builder.tables).map(({ frame }) => frame), [0xf_ffff, 0]);
});

Deno.test("no range crosses the hole between the two halves of a 64-bit address space", () => {
  const builder = new TableBuilder(MODES["4-level"]).map({ hi: 0x7fff, lo: 0xffff_f000 }, 5);
  builder.map({ hi: 0xffff_8000, lo: 0 }, 6);
  assertEquals(pageRanges(builder.tables).map(({ linear }) => linear), [
    { hi: 0x7fff, lo: 0xffff_f000 },
    { hi: 0xffff_8000, lo: 0 },
  ]);
});

Deno.test("4M pages with PSE-36 frames above 4 GiB are found where the CPU finds them", () => {
  const { tables } = new TableBuilder(MODES["two-level"], { cpu: CPUS.p6 });
  tables.memory.write(0x100, 768, 0x0040_20e3); // bit 13 is physical bit 32
  tables.memory.write(0x100, 769, 0x0080_20e3);
  assertEquals(pageRanges(tables).map(({ frame, pages }) => [frame, pages]), [[0x10_0400, 2048]]);
});

Deno.test("a leaf with a reserved bit is no leaf, and a table behind one is not visited", () => {
  const builder = new TableBuilder(MODES.pae, { efer: 0 }).map(LOWMEM, 0, 4);
  builder.tables.memory.write(0x102, 5, NX); // page 2, while NX is off
  assertEquals(pageRanges(builder.tables).map(({ pages }) => pages), [2, 1]);
  builder.tables.memory.write(0x101, 1, NX);
  assertEquals(pageRanges(builder.tables), []);
});

Deno.test("with an m2p, frames come as pfns and scattered machine frames are one range", () => {
  const pages = 1024;
  const m2p = new Int32Array(2 ** 18).fill(-1);
  const builder = new TableBuilder(MODES.pae);
  for (let pfn = 0; pfn < pages; pfn++) {
    const mfn = 0x1000 + (pfn * 379) % pages;
    m2p[mfn] = pfn;
    builder.map({ hi: 0, lo: 0xc000_0000 + pfn * 4096 }, mfn);
  }
  assertEquals(guestRanges(builder.tables, m2p).map(({ pfn, pages }) => [pfn, pages]), [[0, pages]]);
  assertEquals(pageRanges(builder.tables).length > pages / 2, true);
});

Deno.test("machine frames that are not the guest's come as ranges of pfn -1", () => {
  const m2p = new Int32Array(64).fill(-1);
  m2p[9] = 3;
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 8, 1).map({ hi: 0, lo: 0xc000_1000 }, 9);
  builder.map({ hi: 0, lo: 0xc000_2000 }, 0x1_0000, 2).map({ hi: 0, lo: 0xc000_4000 }, 11, 1);
  assertEquals(guestRanges(builder.tables, m2p).map(({ pfn, pages }) => [pfn, pages]), [[-1, 1], [3, 1], [-1, 3]]);
});

Deno.test("a large page over scattered pfns comes as the 4K pages that it covers", () => {
  const m2p = Int32Array.from({ length: 1024 }, (_, mfn) => mfn < 600 ? mfn + 1 : -1);
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 2, { shift: 21 });
  assertEquals(guestRanges(builder.tables, m2p).map(({ pfn, pages, pageShift }) => [pfn, pages, pageShift]), [
    [1, 512, 21],
    [513, 88, 12],
    [-1, 424, 12],
  ]);
});

Deno.test("a table that maps itself is enumerated, one level less deep each time", () => {
  const { tables } = new TableBuilder(MODES["4-level"]).map(LOWMEM, 0x77);
  tables.memory.write(0x100, 2 * 300, 0x10_0063);
  const frames = pageRanges(tables).map(({ frame }) => frame);
  assertEquals(frames, [0x77, 0x103, 0x102, 0x101, 0x100]);
});

Deno.test("more ranges than can be kept are refused", () => {
  const { tables } = new TableBuilder(MODES["4-level"]).map({ hi: 0, lo: 0 }, 5);
  for (let i = 0; i < 512; i++) {
    tables.memory.write(0x103, 2 * i, 0x5063); // every page the same frame
    tables.memory.write(0x102, 2 * i, 0x10_3067);
    tables.memory.write(0x101, 2 * i, 0x10_2067);
  }
  assertThrows(() => pageRanges(tables), RangeError, "at most 1048576 ranges");
});

Deno.test("a root beyond the end of memory reads all ones, as for the CPU", () => {
  const memory = new PhysicalMemory(2 ** 24);
  const tables = { memory, cpu: CPUS.i486, mode: MODES["two-level"], root: 0x2000_0000, cr4: 0, efer: 0 };
  assertEquals(countLeaves(tables), 2 ** 20);
  let last = "";
  printLeaves(tables, (line) => last = line);
  assertEquals(last, "00000000fffff000: 00000000fffff000 -G-DACTUW");
});

Deno.test("more leaves than can be printed are refused before the first line: tables that are used over and over", () => {
  const { tables } = new TableBuilder(MODES["4-level"]).map({ hi: 0, lo: 0 }, 0);
  const [root, pdpt, pmd, pte] = [0x100, 0x101, 0x102, 0x103];
  const fill = (table: number, entries: number, lo: number) => {
    for (let index = 0; index < entries; index++) tables.memory.write(table, index * 2, lo);
  };
  fill(root, 1, pdpt * 4096 + 0x63);
  fill(pdpt, 65, pmd * 4096 + 0x63);
  fill(pmd, 512, pte * 4096 + 0x63);
  fill(pte, 512, 0x63);
  const refused = () => printLeaves(tables, () => assertEquals("a line", "no line"));
  assertThrows(refused, RangeError, `Expected at most ${MAX_LEAVES} leaves but found ${65 * 512 * 512}`);
});

Deno.test("a large page of frames that are not the guest's is one range, of no pfn", () => {
  const memory = new PhysicalMemory(1 << 24);
  memory.write(1, 768, 0x00e3);
  const tables = { memory, cpu: CPUS.p6, mode: MODES["two-level"], root: 0x1000, cr4: 0x10, efer: 0 };
  const ranges = guestRanges(tables, new Int32Array(4096).fill(-1));
  assertEquals(ranges.map(({ pfn, pages, pageShift }) => [pfn, pages, pageShift]), [[-1, 1024, 22]]);
});
