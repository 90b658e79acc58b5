import { assertEquals, assertThrows } from "@std/assert";
import { MODES, NX, RIGHT_NX, RIGHT_RW, RIGHT_US, survey } from "@pagetable-init/textbook";
import { TableBuilder } from "./table_builder.ts";

const UPPER = { hi: 0xffff_8880, lo: 0 };

Deno.test("pages that can be written and executed are a worry, pages with one of the two are not", () => {
  const builder = new TableBuilder(MODES["4-level"]).map(UPPER, 0x1000, 4, { high: NX });
  builder.map({ ...UPPER, lo: 0x4000 }, 0x1004, 4, { flags: 0x61 }).map({ ...UPPER, lo: 0x8000 }, 0x1008, 3);
  assertEquals(survey(builder.tables).worries.writableExecutable, [
    { linear: { ...UPPER, lo: 0x8000 }, pages: 3, pfn: 0x1008, rights: RIGHT_RW },
  ]);
});

Deno.test("a page table mapped writable is a worry at every alias", () => {
  const builder = new TableBuilder(MODES["4-level"]).map(UPPER, 0x100, 16, { high: NX });
  builder.map({ ...UPPER, lo: 0x40_0000 }, 0x101, 1, { high: NX }).map({ ...UPPER, lo: 0x40_1000 }, 0x100, 1, {
    flags: 1,
  });
  const tables = builder.frames.length;
  assertEquals(survey(builder.tables).worries.writablePageTable, [
    { linear: UPPER, pages: tables, pfn: 0x100, rights: RIGHT_RW | RIGHT_NX },
    { linear: { ...UPPER, lo: 0x40_0000 }, pages: 1, pfn: 0x101, rights: RIGHT_RW | RIGHT_NX },
  ]);
});

Deno.test("user pages are a worry in the upper half only", () => {
  const builder = new TableBuilder(MODES["4-level"]).map(UPPER, 0x1000, 4, { flags: 0x65 });
  builder.map({ hi: 0x7fff, lo: 0xffff_0000 }, 0x2000, 4, { flags: 0x65 });
  assertEquals(survey(builder.tables).worries.userInKernelHalf, [
    { linear: UPPER, pages: 4, pfn: 0x1000, rights: RIGHT_US },
  ]);
});

Deno.test("in 32-bit modes the kernel has the top gigabyte, unless told otherwise", () => {
  const { tables } = new TableBuilder(MODES.pae).map({ hi: 0, lo: 0xbfff_f000 }, 8, 2, { flags: 0x67 });
  const from = (kernelHalf?: number) => {
    const { worries } = survey(tables, kernelHalf === undefined ? undefined : { hi: 0, lo: kernelHalf });
    return worries.userInKernelHalf.map(({ linear, pages, pfn }) => [linear.lo, pages, pfn]);
  };
  assertEquals(from(), [[0xc000_0000, 1, 9]]);
  assertEquals(from(0x8000_0000), [[0xbfff_f000, 2, 8]]);
});

Deno.test("without NX nothing is kept from being executed, and the survey says so", () => {
  const two = new TableBuilder(MODES["two-level"]).map({ hi: 0, lo: 0xc000_0000 }, 8, 2);
  const pae = new TableBuilder(MODES.pae, { efer: 0 });
  assertEquals([two, pae, new TableBuilder(MODES.pae)].map(({ tables }) => survey(tables).nx), [false, false, true]);
  assertEquals(survey(two.tables).worries.writableExecutable.map(({ pages }) => pages), [2]);
});

Deno.test("runs at equal distances that map the same frames are one row of the map", () => {
  const builder = new TableBuilder(MODES["4-level"]);
  for (let i = 0; i < 100; i++) builder.map({ hi: 0xffff_ff66, lo: 0xf000 + i * 0x1_0000 }, 0x4856, 1, { flags: 1 });
  builder.map({ hi: 0xffff_ff67, lo: 0 }, 0x4856).map({ hi: 0xffff_ff67, lo: 0x2000 }, 0x4856);
  const { map, leaves } = survey(builder.tables);
  assertEquals(map.map(({ times, stride }) => [times, stride]), [[100, 16], [1, 0], [1, 0]]);
  assertEquals(leaves, 102);
});

Deno.test("a frame that serves at two levels is two uses of one table", () => {
  const { tables } = new TableBuilder(MODES["4-level"]).map({ hi: 0, lo: 0 }, 0x77);
  tables.memory.write(0x100, 2 * 300, 0x10_0063);
  const uses = survey(tables).tables.filter(({ frame }) => frame === 0x100);
  assertEquals(uses.map(({ level }) => level.entry), ["PML4E", "PDPTE", "PDE", "PTE"]);
  assertEquals(uses.map(({ parent, index }) => [parent, index]), [[-1, -1], [0x100, 300], [0x100, 300], [0x100, 300]]);
});

Deno.test("more places with one error than can be kept are refused", () => {
  const { tables } = new TableBuilder(MODES["4-level"]);
  for (let i = 0; i < 512; i += 2) { // by turns a page of 1G that holds all tables, and a table, in every other frame
    tables.memory.write(0x200, 2 * i, 0xe3);
    tables.memory.write(0x200, 2 * (i + 1), ((0x202 + i) << 12) | 0x67);
  }
  for (let i = 0; i < 512; i++) tables.memory.write(0x100, 2 * i, 0x20_0067);
  assertThrows(() => survey(tables), RangeError, "Expected at most 262144 runs with one error");
});
