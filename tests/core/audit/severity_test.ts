/** The severity of a finding follows from the tables that have it. */
import { assertEquals } from "@std/assert";
import { audit, MODES } from "@pagetable-init/textbook";
import type { FindingId, Severity } from "@pagetable-init/textbook/audit";
import { NX } from "@pagetable-init/textbook/mmu";
import type { Tables } from "@pagetable-init/textbook/tables";
import { TableBuilder } from "./table_builder.ts";

const TABLE = 0x100; // the root, by `TableBuilder`
const USER = { hi: 0, lo: 0x40_0000 };
const [DIRECTMAP, GUEST] = [{ hi: 0xffff_8300, lo: 0 }, { hi: 0xffff_8880, lo: 0 }];

function severity(tables: Tables, id: FindingId): Severity | undefined {
  return audit(tables).findings.find((finding) => finding.id === id)?.severity;
}

Deno.test("a page table is high where user mode can write it, not where only a kernel without WP can", () => {
  const mapped = (flags: number) => new TableBuilder(MODES["4-level"]).map(USER, TABLE, 1, { high: NX, flags }).tables;
  assertEquals(severity(mapped(0x67), "page-table-writable"), "high");
  assertEquals(severity(mapped(0x63), "page-table-writable"), "note");
  assertEquals(severity(mapped(0x65), "page-table-writable"), undefined);
  assertEquals(severity({ ...mapped(0x65), cr0: 0x8000_0001 | 0 }, "page-table-writable"), "note");
});

/** A Xen: its text is where it always is. */
const xen = () =>
  new TableBuilder(MODES["4-level"]).map({ hi: 0xffff_82d0, lo: 0x4020_0000 }, 0x9000, 4, { flags: 0x61 });

Deno.test("under Xen a page table is high where the guest can write it, and a note in Xen's own map of memory", () => {
  const own = xen().map(DIRECTMAP, TABLE, 1, { high: NX });
  assertEquals(severity(own.tables, "page-table-writable"), "note");
  const guest = { ...own.map(GUEST, TABLE, 1, { high: NX, flags: 0x65 }).tables, cr0: 0x8000_0001 | 0 };
  assertEquals(severity(guest, "page-table-writable"), "note", "without WP Xen alone can write it");
  const next = { ...GUEST, lo: 0x1000 };
  assertEquals(severity(own.map(next, TABLE, 1, { high: NX, flags: 0x67 }).tables, "page-table-writable"), "high");
});

Deno.test("under Xen pages open to user mode are a note in the guest's part and in the M2P, and high in Xen's own", () => {
  const open = { high: NX, flags: 0x65 };
  const guest = xen().map({ hi: 0xffff_8000, lo: 0 }, 0x8000, 1, open).map(GUEST, 0x8001, 1, open);
  assertEquals(severity(guest.tables, "kernel-user-accessible"), "note");
  assertEquals(severity(guest.map(DIRECTMAP, 0x8002, 1, open).tables, "kernel-user-accessible"), "high");
});
