// What is a finding and what is none, and where it is said to be.
import { assertEquals } from "@std/assert";
import { audit, CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";
import type { FindingId } from "@pagetable-init/textbook/audit";
import { auditTables } from "../../../core/audit/tables_audit.ts";
import { NX } from "@pagetable-init/textbook/mmu";
import type { Tables } from "@pagetable-init/textbook/tables";
import { TableBuilder } from "./table_builder.ts";

const UPPER = { hi: 0xffff_8880, lo: 0 };
const upper = (lo: number) => ({ ...UPPER, lo });
const long = () => new TableBuilder(MODES["4-level"]);

/** Low words of the addresses, pages and frames of a finding. */
function places(id: FindingId, tables: Tables): (readonly number[])[] {
  const { ranges = [] } = audit(tables).findings.find((finding) => finding.id === id) ?? {};
  return ranges.map(({ linear, pages, frame }) => [linear.lo, pages, frame]);
}

Deno.test("a writable table is named by its own page, not by the start of the range that maps it", () => {
  const builder = long().map(UPPER, 0xf0, 32, { high: NX });
  const [first = 0] = builder.frames;
  assertEquals(places("page-table-writable", builder.tables), [[(first - 0xf0) * 4096, builder.frames.length, first]]);
});

Deno.test("pages whose frames do not follow one another are two ranges", () => {
  const builder = long().map(UPPER, 0x1000, 2).map(upper(0x2000), 0x2000, 3);
  assertEquals(places("kernel-write-exec", builder.tables), [[0, 2, 0x1000], [0x2000, 3, 0x2000]]);
});

Deno.test("code that user mode can write is user mode's finding; where only the supervisor can, with WP off, it is the kernel's", () => {
  const { tables } = long().map({ hi: 0, lo: 0x40_0000 }, 0x1000, 1, { flags: 0x65 }); // read-only, user
  assertEquals([places("user-write-exec", tables), places("kernel-write-exec", tables)], [[], []]);
  const withoutWp = { ...tables, cr0: 0x8000_0011 };
  assertEquals(places("user-write-exec", withoutWp), []);
  assertEquals(places("kernel-write-exec", withoutWp), [[0x40_0000, 1, 0x1000]]);
});

Deno.test("the vsyscall page is no finding, but writable, larger, or somewhere else it is one", () => {
  const vsyscall = { hi: 0xffff_ffff, lo: 0xff60_0000 };
  const of = (lo: number, pages: number, flags: number) =>
    places("kernel-user-accessible", long().map({ ...vsyscall, lo }, 0x1000, pages, { flags, high: NX }).tables).length;
  assertEquals(
    [of(vsyscall.lo, 1, 0x65), of(vsyscall.lo, 1, 0x67), of(vsyscall.lo, 2, 0x65), of(0xff60_2000, 1, 0x65)],
    [
      0,
      1,
      1,
      1,
    ],
  );
});

Deno.test("a defence that is off is a finding where the CPU has it, and none where nobody knows the CPU", () => {
  const { tables } = new TableBuilder(MODES["4-level"], { cpu: CPUS.today, efer: 0, cr4: 0x20 }).map(UPPER, 0x1000);
  const off = (cpuKnown: boolean) =>
    auditTables(tables, undefined, cpuKnown).findings.map(({ id }) => id).filter((id) => id.endsWith("-off"));
  assertEquals(off(true), ["nxe-off", "smep-off", "smap-off"]);
  assertEquals(off(false), []);
});

/** A small memory with one path of tables in frames 1 to 4, and entries of the last. */
function small(entries: readonly (readonly [hi: number, lo: number])[]): Tables {
  const memory = new PhysicalMemory(1 << 24);
  for (const frame of [1, 2, 3]) memory.write(frame, 0, ((frame + 1) << 12) | 3);
  for (const [i, [hi, lo]] of entries.entries()) memory.writePair(4, 2 * i, hi, lo);
  return { memory, cpu: CPUS.today, mode: MODES["4-level"], root: 0x1000, cr4: 0x20, efer: 0x500 };
}

Deno.test("a frame is beyond memory from 4G behind its end on: below lie a PC's devices", () => {
  const tables = small([[0, 0xfec0_0003], [1, 0xfff0_0003], [2, 0x0000_0003], [2, 0x0000_1003]]);
  assertEquals(places("beyond-memory", tables), [[0x2000, 2, 0x20_0000]]);
});

Deno.test("an odd entry is told with the frame that it names", () => {
  const [finding] = audit(small([[0, 0x5003], [NX, 0x6003]])).findings.filter(({ id }) => id === "reserved-bits");
  assertEquals([finding?.entries, finding?.ranges[0]?.linear.lo, finding?.ranges[0]?.frame], [1, 0x1000, 6]);
});
