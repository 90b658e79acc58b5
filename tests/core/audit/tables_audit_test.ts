import { assertEquals } from "@std/assert";
import { audit, MODES } from "@pagetable-init/textbook";
import { type FindingId, type FindingRange, MAX_FINDING_RANGES } from "@pagetable-init/textbook/audit";
import { NX, RIGHT_NX, RIGHT_RW, RIGHT_US } from "@pagetable-init/textbook/mmu";
import type { Tables } from "@pagetable-init/textbook/tables";
import { TableBuilder } from "./table_builder.ts";

const UPPER = { hi: 0xffff_8880, lo: 0 };

/** Where a finding is, by its id. */
function rangesOf(id: FindingId, tables: Tables): readonly FindingRange[] {
  return audit(tables).findings.find((finding) => finding.id === id)?.ranges ?? [];
}

Deno.test("pages that can be written and executed are a finding, pages with one of the two are not", () => {
  const builder = new TableBuilder(MODES["4-level"]).map(UPPER, 0x1000, 4, { high: NX });
  builder.map({ ...UPPER, lo: 0x4000 }, 0x1004, 4, { flags: 0x61 }).map({ ...UPPER, lo: 0x8000 }, 0x1008, 3);
  assertEquals(rangesOf("kernel-write-exec", builder.tables), [
    { linear: { ...UPPER, lo: 0x8000 }, pages: 3, frame: 0x1008, rights: RIGHT_RW },
  ]);
});

Deno.test("a page table mapped writable is a finding at every alias", () => {
  const builder = new TableBuilder(MODES["4-level"]).map(UPPER, 0x100, 16, { high: NX });
  builder.map({ ...UPPER, lo: 0x40_0000 }, 0x101, 1, { high: NX }).map({ ...UPPER, lo: 0x40_1000 }, 0x100, 1, {
    flags: 1,
  });
  const tables = builder.frames.length;
  assertEquals(rangesOf("page-table-writable", builder.tables), [
    { linear: UPPER, pages: tables, frame: 0x100, rights: RIGHT_RW | RIGHT_NX },
    { linear: { ...UPPER, lo: 0x40_0000 }, pages: 1, frame: 0x101, rights: RIGHT_RW | RIGHT_NX },
  ]);
});

Deno.test("user pages are a finding in the upper half only", () => {
  const builder = new TableBuilder(MODES["4-level"]).map(UPPER, 0x1000, 4, { flags: 0x65 });
  builder.map({ hi: 0x7fff, lo: 0xffff_0000 }, 0x2000, 4, { flags: 0x65 });
  assertEquals(rangesOf("kernel-user-accessible", builder.tables), [
    { linear: UPPER, pages: 4, frame: 0x1000, rights: RIGHT_US },
  ]);
});

Deno.test("in 32-bit modes the kernel has the top gigabyte, unless told otherwise", () => {
  const { tables } = new TableBuilder(MODES.pae).map({ hi: 0, lo: 0xbfff_f000 }, 8, 2, { flags: 0x67 });
  const from = (kernelHalf?: number) => {
    const { findings } = audit(tables, kernelHalf === undefined ? {} : { kernelHalf });
    const { ranges = [] } = findings.find(({ id }) => id === "kernel-user-accessible") ?? {};
    return ranges.map(({ linear, pages, frame }) => [linear.lo, pages, frame]);
  };
  assertEquals(from(), [[0xc000_0000, 1, 9]]);
  assertEquals(from(0x8000_0000), [[0xbfff_f000, 2, 8]]);
});

Deno.test("a large page at the distance of a direct map is none without a page of low memory", () => {
  const builder = new TableBuilder(MODES.pae).map({ hi: 0, lo: 0xc020_0000 }, 0x600, 1, { shift: 21, high: NX });
  assertEquals(audit(builder.tables).kernelHalf, { linear: { hi: 0, lo: 0xc000_0000 }, by: "default" });
  builder.map({ hi: 0, lo: 0xbfc0_0000 }, 0, 1, { high: NX });
  assertEquals(audit(builder.tables).kernelHalf, { linear: { hi: 0, lo: 0xbfc0_0000 }, by: "direct-map" });
});

Deno.test("without NX nothing is kept from being executed, and the audit says so", () => {
  const two = new TableBuilder(MODES["two-level"]).map({ hi: 0, lo: 0xc000_0000 }, 8, 2);
  const pae = new TableBuilder(MODES.pae, { efer: 0 });
  assertEquals([two, pae, new TableBuilder(MODES.pae)].map(({ tables }) => audit(tables).nx), [false, false, true]);
  assertEquals(rangesOf("kernel-write-exec", two.tables).map(({ pages }) => pages), [2]);
});

Deno.test("ranges at equal distances that map the same frames are one row of the map", () => {
  const builder = new TableBuilder(MODES["4-level"]);
  for (let i = 0; i < 100; i++) builder.map({ hi: 0xffff_ff66, lo: 0xf000 + i * 0x1_0000 }, 0x4856, 1, { flags: 1 });
  builder.map({ hi: 0xffff_ff67, lo: 0 }, 0x4856).map({ hi: 0xffff_ff67, lo: 0x2000 }, 0x4856);
  const { map, leaves } = audit(builder.tables);
  assertEquals(map.map(({ times, stride }) => [times, stride]), [[100, 16], [1, 0], [1, 0]]);
  assertEquals(leaves, 102);
});

Deno.test("a frame that serves at two levels is two uses of one table", () => {
  const { tables } = new TableBuilder(MODES["4-level"]).map({ hi: 0, lo: 0 }, 0x77);
  tables.memory.write(0x100, 2 * 300, 0x10_0063);
  const uses = audit(tables).tables.filter(({ frame }) => frame === 0x100);
  assertEquals(uses.map(({ level }) => level.entry), ["PML4E", "PDPTE", "PDE", "PTE"]);
  assertEquals(uses.map(({ parent, index }) => [parent, index]), [[-1, -1], [0x100, 300], [0x100, 300], [0x100, 300]]);
});

Deno.test("of places without end one finding lists many, and counts all", () => {
  const { tables } = new TableBuilder(MODES["4-level"]);
  for (let i = 0; i < 512; i += 2) { // by turns a page of 1G that holds all tables, and a table, in every other frame
    tables.memory.write(0x200, 2 * i, 0xe3);
    tables.memory.write(0x200, 2 * (i + 1), ((0x202 + i) << 12) | 0x67);
  }
  for (let i = 0; i < 64; i++) tables.memory.write(0x100, 2 * i, 0x20_0067);
  const finding = audit(tables).findings.find(({ id }) => id === "page-table-writable");
  assertEquals([finding?.pages, finding?.ranges.length], [64 * 256 * (256 + 2), MAX_FINDING_RANGES]);
});
