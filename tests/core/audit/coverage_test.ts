import { assertEquals } from "@std/assert";
import { audit, boot, CPUS, MODES } from "@pagetable-init/textbook";
import { addPart, addWritable, type ErrorRange } from "../../../core/audit/error_ranges.ts";
import { permutation, xenGuest } from "./guest_tables.ts";
import { RIGHT_RW } from "../../../core/mmu/mod.ts";
import { TableBuilder } from "./table_builder.ts";

const LOWMEM = { hi: 0, lo: 0xc000_0000 };
const page = (pfn: number) => ({ hi: 0, lo: 0xc000_0000 + pfn * 4096 });

Deno.test("a machine whose pages map their own frames is covered: mapped, TLB entries and tables are counted", () => {
  const guest = new TableBuilder(MODES["two-level"]).map(LOWMEM, 0, 4096).guest({ lowmemPages: 4096 });
  const { coverage, coverageRanges } = audit({ guest });
  assertEquals(coverage, {
    lowmemPages: 4096,
    mapped: 4096,
    wrongFrame: 0,
    unmapped: 0,
    largePages: 0,
    tlbEntries: 4096,
    tablePages: 5,
  });
  assertEquals(coverageRanges, [{ firstPfn: 0, pages: 4096, kind: "right", large: false }]);
});

Deno.test("holes before, between and after what is mapped count as unmapped", () => {
  const guest = new TableBuilder(MODES.pae).map(page(10), 10, 20).map(page(50), 50, 10).guest({ lowmemPages: 100 });
  const { coverage, coverageRanges } = audit({ guest });
  assertEquals([coverage.mapped, coverage.unmapped], [30, 70]);
  assertEquals(coverageRanges.map(({ firstPfn, pages, kind }) => [firstPfn, pages, kind]), [
    [0, 10, "unmapped"],
    [10, 20, "right"],
    [30, 20, "unmapped"],
    [50, 10, "right"],
    [60, 40, "unmapped"],
  ]);
});

Deno.test("tables that map nothing leave all of lowmem unmapped", () => {
  const guest = new TableBuilder(MODES.pae).guest({ lowmemPages: 64 });
  assertEquals(audit({ guest }).coverageRanges, [{ firstPfn: 0, pages: 64, kind: "unmapped", large: false }]);
});

Deno.test("a page that maps the neighbour's frame is mapped wrongly, not unmapped and not right", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 64).map(page(17), 18);
  const { coverage, coverageRanges } = audit({ guest: builder.guest({ lowmemPages: 64 }) });
  assertEquals([coverage.mapped, coverage.wrongFrame, coverage.unmapped], [63, 1, 0]);
  assertEquals(coverageRanges[1], { firstPfn: 17, pages: 1, kind: "wrong-frame", large: false });
});

Deno.test("under Xen a page is right if it maps the machine frame of its pfn: the pfn itself in the entry is wrong (trap T32)", () => {
  const { guest } = xenGuest(2048, new Set());
  assertEquals(audit({ guest }).coverage.mapped, 2048);
  const { p2m, m2p } = permutation(2048);
  const confused = new TableBuilder(MODES.pae).map(LOWMEM, 0, 2048).guest({ lowmemPages: 2048, p2m, m2p });
  assertEquals(audit({ guest: confused }).coverage.wrongFrame, 2048);
});

Deno.test("of the tables below a Xen guest's root only the guest's own are its expense", () => {
  const { builder, guest } = xenGuest(2048, new Set());
  assertEquals(audit({ guest }).coverage.tablePages, 0); // the builder's frames lie below the guest's
  const m2p = guest.m2p?.slice();
  for (const frame of builder.frames.slice(0, 3)) m2p?.fill(frame, frame, frame + 1);
  assertEquals(audit({ guest: { ...guest, m2p } }).coverage.tablePages, 3);
});

Deno.test("large pages are counted in 4K pages, and take one TLB entry each", () => {
  const builder = new TableBuilder(MODES["two-level"], { cpu: CPUS.p6 }).map(LOWMEM, 0, 3, { shift: 22 });
  const { coverage } = audit({ guest: builder.map(page(3072), 3072, 100).guest({ lowmemPages: 3172 }) });
  assertEquals([coverage.mapped, coverage.largePages, coverage.tlbEntries, coverage.tablePages], [3172, 3072, 103, 2]);
});

Deno.test("what 2M pages map beyond max_low_pfn is no page of lowmem (trap T19)", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 3, { shift: 21 });
  const { coverage, permissionErrors } = audit({ guest: builder.guest({ lowmemPages: 1025 }) });
  assertEquals([coverage.mapped, coverage.largePages, coverage.wrongFrame, coverage.tlbEntries], [1025, 1025, 0, 3]);
  assertEquals(permissionErrors.notWritable.pages, 0);
});

Deno.test("mappings outside lowmem, on either side, are not counted", () => {
  const builder = new TableBuilder(MODES.pae).map({ hi: 0, lo: 0xbfff_f000 }, 7).map(LOWMEM, 0, 64);
  builder.map({ hi: 0, lo: 0xff80_0000 }, 9, 3);
  const { coverage } = audit({ guest: builder.guest({ lowmemPages: 64 }) });
  assertEquals([coverage.mapped, coverage.wrongFrame, coverage.tlbEntries], [64, 0, 64]);
});

Deno.test("lowmem is found at a 64-bit PAGE_OFFSET", () => {
  const pageOffset = { hi: 0xffff_8880, lo: 0 };
  const guest = new TableBuilder(MODES["4-level"]).map(pageOffset, 0, 700).guest({ lowmemPages: 700, pageOffset });
  assertEquals(audit({ guest }).coverage.mapped, 700);
});

Deno.test("coverage tells small pages from large ones, though both are right", () => {
  const { coverageRanges } = audit(
    boot({ platform: "native-pentium", strategy: "keep-template", memory: "16M" }).machine,
  );
  assertEquals(coverageRanges.map(({ firstPfn, pages, large }) => [firstPfn, pages, large]), [
    [0, 3072, false],
    [3072, 1024, true],
  ]);
});

Deno.test("a part of a range that the guest does not own has no pfn either", () => {
  const shared = { linear: { hi: 0, lo: 0xc000_0000 }, pages: 4, pageShift: 12, rights: 0, global: false, patIndex: 0 };
  const list: ErrorRange[] = [];
  addPart(list, { ...shared, pfn: -1 }, 2);
  addPart(list, { ...shared, linear: { hi: 0, lo: 0xc000_4000 }, pfn: -1 }, 0);
  assertEquals(list.map(({ linear, pages, pfn }) => [linear.lo, pages, pfn]), [[0xc000_2000, 6, -1]]);
});

Deno.test("of tables that a writable range maps only those within it count", () => {
  const range = {
    linear: { hi: 0, lo: 0xc000_c000 },
    pages: 4,
    pageShift: 12,
    rights: RIGHT_RW,
    global: false,
    patIndex: 0,
  };
  const tables = Int32Array.from({ length: 10 }, (_, at) => 10 + at);
  const list: ErrorRange[] = [];
  addWritable(list, tables, [{ ...range, pfn: 12 }]);
  assertEquals(list.map(({ linear, pages, pfn }) => [linear.lo, pages, pfn]), [[0xc000_c000, 4, 12]]);
});
