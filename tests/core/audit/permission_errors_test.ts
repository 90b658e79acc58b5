import { assert, assertEquals } from "@std/assert";
import { audit, boot, KERNEL_RELEASES, MODES } from "@pagetable-init/textbook";
import { type Guest, PERMISSION_ERRORS, type PermissionErrors } from "@pagetable-init/textbook/audit";
import { NX, RIGHT_RW } from "@pagetable-init/textbook/mmu";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { permutation, xenGuest } from "./guest_tables.ts";
import { TableBuilder } from "./table_builder.ts";

const LOWMEM = { hi: 0, lo: 0xc000_0000 };
const page = (pfn: number) => ({ hi: 0, lo: 0xc000_0000 + pfn * 4096 });
const none = { pse: false, pge: false, nx: false };

/** The classes that found something, with their counts. */
function counts(guest: Guest): Partial<Record<keyof PermissionErrors, number>> {
  const { permissionErrors } = audit({ guest });
  const found = PERMISSION_ERRORS.map((name) => [name, permissionErrors[name].pages] as const);
  return Object.fromEntries(found.filter(([, pages]) => pages !== 0));
}

Deno.test("a machine as it should be has no error of any class, with everything that can be asked for", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 2, { shift: 21, flags: 0x163 });
  builder.map(page(1024), 1024, 6, { shift: 21, flags: 0x163, high: NX });
  const features = { pse: true, pge: true, nx: true };
  assertEquals(counts(builder.guest({ lowmemPages: 4096, executablePages: 1024, features })), {});
});

Deno.test("a Xen guest whose page tables are read-only has no error", () => {
  assertEquals(counts(xenGuest(4096, new Set([1, 600, 601, 602])).guest), {});
});

Deno.test("a page table that lowmem maps writable is an error, counted by page, with an example to explain", () => {
  const readOnly = new Set([1, 600, 601, 602]);
  const { guest } = xenGuest(4096, readOnly, (pfn) => pfn === 601 || pfn === 602 ? 0x63 : undefined);
  assertEquals(counts(guest), { writablePageTable: 2 });
  const { writablePageTable } = audit({ guest }).permissionErrors;
  assertEquals(writablePageTable.example, page(601));
  assertEquals(writablePageTable.ranges, [{ linear: page(601), pages: 2, pfn: 601, rights: RIGHT_RW }]);
});

Deno.test("an alias of a page table is an error at any address, each alias by itself", () => {
  const { builder, guest } = xenGuest(4096, new Set([600]));
  const mfn = guest.p2m?.[600] ?? 0;
  builder.map({ hi: 0, lo: 0xff80_0000 }, mfn).map({ hi: 0, lo: 0x0804_8000 }, mfn);
  builder.map({ hi: 0, lo: 0x0804_9000 }, mfn, 1, { flags: 0x61 });
  assertEquals(counts(guest), { writablePageTable: 2 });
  assertEquals(audit({ guest }).permissionErrors.writablePageTable.example, { hi: 0, lo: 0x0804_8000 });
});

Deno.test("a large page that spans a page table makes it writable", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 2, { shift: 21 });
  assertEquals(counts(builder.guest({ lowmemPages: 1024, readOnly: new Set([3, 700]) })), { writablePageTable: 2 });
});

Deno.test("a page table under a read-only pmd entry cannot be written, so is no error of the CPU's kind", () => {
  const builder = new TableBuilder(MODES["4-level"]);
  builder.map(LOWMEM, 0, 64, { above: 0x065 });
  assertEquals(counts(builder.guest({ lowmemPages: 64, readOnly: new Set([5]) })), { notWritable: 63 });
});

Deno.test("page tables may be written where nothing says they must not", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 1024);
  assertEquals(counts(builder.guest({ lowmemPages: 1024 })), {});
});

Deno.test("frames that are not the guest's are nobody's page table", () => {
  const { p2m, m2p } = permutation(64);
  const builder = new TableBuilder(MODES.pae).map({ hi: 0, lo: 0xff80_0000 }, 0x1_0000, 8);
  const guest = builder.guest({ lowmemPages: 64, p2m, m2p, readOnly: new Set([0, 1, 2]) });
  assertEquals(counts(guest), {});
});

Deno.test("a lowmem page open to user mode is an error only if every level opens it", () => {
  const open = new TableBuilder(MODES["two-level"]).map(LOWMEM, 0, 2048).map(page(100), 100, 3, { flags: 0x67 });
  assertEquals(counts(open.guest({ lowmemPages: 2048 })), { userAccessible: 3 });
  const shut = new TableBuilder(MODES["two-level"]).map(LOWMEM, 0, 2048, { flags: 0x67, above: 0x63 });
  assertEquals(counts(shut.guest({ lowmemPages: 2048 })), {});
});

Deno.test("user pages are an error at and above PAGE_OFFSET, not below", () => {
  const builder = new TableBuilder(MODES["two-level"]).map(LOWMEM, 0, 16).map({ hi: 0, lo: 0xbfff_e000 }, 6, 2, {
    flags: 0x67,
  });
  builder.map({ hi: 0, lo: 0xffff_f000 }, 9, 1, { flags: 0x65 });
  const guest = builder.guest({ lowmemPages: 16 });
  assertEquals(counts(guest), { userAccessible: 1 });
  assertEquals(audit({ guest }).permissionErrors.userAccessible.example, { hi: 0, lo: 0xffff_f000 });
});

Deno.test("where US says nothing of user mode, it is no error", () => {
  const builder = new TableBuilder(MODES["4-level"]).map(LOWMEM, 0, 16, { flags: 0x67 });
  assertEquals(counts(builder.guest({ lowmemPages: 16, usGrantsUser: false })), {});
});

Deno.test("data without NX is an error when the kernel sees NX, text without it is not", () => {
  const guest = (nx: boolean) =>
    new TableBuilder(MODES.pae).map(LOWMEM, 0, 4096).guest({
      lowmemPages: 4096,
      executablePages: 1281,
      features: { ...none, nx },
    });
  assertEquals(counts(guest(true)), { executableData: 4096 - 1281 });
  assertEquals(audit({ guest: guest(true) }).permissionErrors.executableData.example, page(1281));
  assertEquals(counts(guest(false)), {});
});

Deno.test("NX set at an upper level counts for every page below it", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 1024);
  builder.tables.memory.write(0x101, 3, NX); // second pmd entry
  const features = { ...none, nx: true };
  assertEquals(counts(builder.guest({ lowmemPages: 1024, executablePages: 512, features })), {});
  assertEquals(counts(builder.guest({ lowmemPages: 1024, executablePages: 600, features })), { nonExecutableText: 88 });
});

Deno.test("a large page that holds the end of the text is executable as a whole, rightly", () => {
  const features = { pse: true, pge: false, nx: true };
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 3, { shift: 21 }).map(page(1536), 1536, 1, { shift: 21 });
  const guest = builder.guest({ lowmemPages: 2048, executablePages: 1281, features });
  assertEquals(counts(guest), { executableData: 512 });
  assertEquals(audit({ guest }).permissionErrors.executableData.example, page(1536));
});

Deno.test("a large page with NX that holds the end of the text makes that text not executable", () => {
  const features = { pse: true, pge: false, nx: true };
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 2, { shift: 21 });
  builder.map(page(1024), 1024, 2, { shift: 21, high: NX });
  assertEquals(counts(builder.guest({ lowmemPages: 2048, executablePages: 1281, features })), {
    nonExecutableText: 257,
  });
});

Deno.test("a read-only page that should be writable is an error, kernel text included: in 2007 it was writable", () => {
  const builder = new TableBuilder(MODES["two-level"]).map(LOWMEM, 0, 1024).map(page(256), 256, 4, { flags: 0x61 });
  assertEquals(counts(builder.guest({ lowmemPages: 1024, executablePages: 512 })), { notWritable: 4 });
});

Deno.test("a page without G is an error when the kernel sees PGE", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 512, { flags: 0x163 }).map(page(512), 512, 512);
  assertEquals(counts(builder.guest({ lowmemPages: 1024, features: { ...none, pge: true } })), { missingGlobal: 512 });
  assertEquals(counts(builder.guest({ lowmemPages: 1024 })), {});
});

Deno.test("a small page is an error when the kernel sees PSE", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 512).map(page(512), 512, 1, { shift: 21 });
  assertEquals(counts(builder.guest({ lowmemPages: 1024, features: { ...none, pse: true } })), { notLarge: 512 });
  assertEquals(counts(builder.guest({ lowmemPages: 1024 })), {});
});

Deno.test("a page that maps a wrong frame is asked no further, except who may reach and write it", () => {
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 64, { high: NX, flags: 0x163 });
  builder.map(page(9), 10, 1, { flags: 0x065 }); // read-only, not global, executable, open to user mode
  const guest = builder.guest({
    lowmemPages: 64,
    features: { pse: false, pge: true, nx: true },
    readOnly: new Set([11]),
  });
  assertEquals(counts(guest), { userAccessible: 1, writablePageTable: 1 });
  assertEquals(audit({ guest }).coverage.wrongFrame, 1);
});

Deno.test("an audit changes nothing: neither A bits nor any other word", () => {
  const { builder, guest } = xenGuest(2048, new Set([1]), () => 0x03);
  const before = builder.frames.map((frame) => builder.tables.memory.read(frame, 0));
  audit({ guest });
  assertEquals(builder.frames.map((frame) => builder.tables.memory.read(frame, 0)), before);
});

Deno.test("the runs of a class add up to its pages and come by address", () => {
  const { guest } = xenGuest(4096, new Set(), (pfn) => pfn % 3 === 0 ? 0x67 : 0x61);
  const { permissionErrors } = audit({ guest });
  for (const name of PERMISSION_ERRORS) {
    const { pages, ranges, example } = permissionErrors[name];
    assertEquals(ranges.reduce((sum, range) => sum + range.pages, 0), pages);
    assertEquals(example, ranges[0]?.linear);
    assert(ranges.every(({ linear }, i) => i === 0 || linear.lo > (ranges[i - 1]?.linear.lo ?? 0)));
  }
});

Deno.test("of a kernel whose text begins at _text, what lies before is data", () => {
  const strategy = { ...findStrategy("filter-set-pte"), release: KERNEL_RELEASES["3.16"] };
  const { permissionErrors } = audit(boot({ platform: "native-k8-pae-4k", strategy, memory: "16M" }));
  assertEquals([permissionErrors.nonExecutableText.pages, permissionErrors.executableData.pages], [0, 0]);
});

Deno.test("data before the text is executable in no small page; in a large page with text in it it may be", () => {
  const features = { pse: true, pge: false, nx: true };
  const builder = new TableBuilder(MODES.pae).map(LOWMEM, 0, 1, { shift: 21 });
  const guest = { lowmemPages: 512, executablePages: 512, firstExecutablePage: 256, features };
  assertEquals(counts(builder.guest(guest)), {});
  assertEquals(counts(builder.guest({ ...guest, executablePages: 1024, firstExecutablePage: 512 })), {
    executableData: 512,
  });
});
