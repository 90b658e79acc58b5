/** Tables that are odd: WP clear, reserved bits, aliases without end, processes in a thousand pieces. */
import { assert, assertEquals } from "@std/assert";
import { audit, CPUS, Machine, MODES, PhysicalMemory } from "@pagetable-init/textbook";
import type { FindingId } from "@pagetable-init/textbook/audit";
import { PAT_RESET } from "@pagetable-init/textbook/mmu";
import type { Tables } from "@pagetable-init/textbook/tables";
import { mapText } from "../../../tools/states/map_text.ts";
import { auditText } from "../../../tools/states/report.ts";
import { auditJson } from "../../../tools/states/report_json.ts";

const NX_HI = 0x8000_0000 | 0;

function found(tables: Parameters<typeof audit>[0] & Tables, id: FindingId) {
  return audit(tables).findings.find((finding) => finding.id === id);
}

const long = (memory: PhysicalMemory, efer = 0xd00): Tables => ({
  memory,
  cpu: CPUS.today,
  mode: MODES["4-level"],
  root: 0x1000,
  cr4: 0x30_0020,
  efer,
});

Deno.test("with CR0.WP clear, what the supervisor can write counts as writable, and a line says why", () => {
  const machine = new Machine(CPUS.k8, new PhysicalMemory(1 << 24));
  for (const [frame, entry] of [[1, 0x2003], [2, 0x3003], [3, 0x4003]] as const) machine.memory.write(frame, 0, entry);
  for (let page = 0; page < 8; page++) machine.memory.write(4, 2 * page, (page << 12) | 1);
  machine.writeCr4(0x20);
  machine.writeEfer(0x900);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x8000_0011);
  const clear = audit(machine);
  const pages = (id: FindingId) => clear.findings.find((finding) => finding.id === id)?.pages;
  assertEquals([clear.writeProtect, pages("wp-off"), pages("page-table-writable"), pages("kernel-write-exec")], [
    false,
    0,
    4,
    8,
  ]);
  machine.writeCr0(0x8001_0011);
  const set = audit(machine);
  assertEquals([set.writeProtect, set.findings.map(({ id }) => id)], [true, []]);
});

Deno.test("present entries with a reserved bit are findings at every level, with their address and the bit", () => {
  const memory = new PhysicalMemory(1 << 24);
  memory.write(1, 0, 0x2003);
  memory.write(1, 2, 0x2083); // PS in a PML4E
  memory.write(2, 0, 0x3003);
  memory.write(3, 0, 0x4003);
  memory.writePair(3, 2, NX_HI, 0x4003); // NX while EFER.NXE is clear
  memory.write(4, 0, 0x5003);
  memory.writePair(4, 2, NX_HI, 0x6003);
  memory.writePair(4, 4, NX_HI, 0x7002); // not present: no bit is reserved
  const odd = found(long(memory, 0x500), "reserved-bits");
  assertEquals(odd?.entries, 3);
  assertEquals(odd?.ranges.map(({ linear, entry }) => [linear.hi, linear.lo, entry?.name, entry?.bits]), [
    [0, 0x1000, "PTE", { hi: 0x8000_0000, lo: 0 }],
    [0, 0x20_0000, "PDE", { hi: 0x8000_0000, lo: 0 }],
    [0x80, 0, "PML4E", { hi: 0, lo: 0x80 }],
  ]);
});

Deno.test("four tables that are used over and over are one row, 524,288 times", () => {
  const memory = new PhysicalMemory(1 << 24);
  memory.write(1, 0, 0x2067);
  memory.write(2, 0, 0x3067);
  memory.write(2, 2, 0x3067);
  for (let i = 0; i < 512; i++) {
    memory.write(3, 2 * i, 0x4067);
    memory.write(4, 2 * i, 0x5063);
  }
  const { map, leaves, dropped } = audit({ ...long(memory), cpu: CPUS.k8, cr4: 0x20 });
  assertEquals([leaves, dropped, map.length, map[0]?.times, map[0]?.stride], [524_288, 0, 1, 524_288, 1]);
});

Deno.test("300,000 scattered pages are audited, and their report is short", () => {
  const memory = new PhysicalMemory(2 ** 33);
  const tables = long(memory);
  memory.write(1, 0, 0x2067);
  for (let pd = 0; pd < 2; pd++) memory.write(2, 2 * pd, ((3 + pd) << 12) | 0x67);
  for (let i = 0; i < 300_000; i++) {
    const [pd, pde, pte] = [i >>> 18, (i >>> 9) & 511, i & 511];
    if (pte === 0) memory.write(3 + pd, 2 * pde, ((8 + (i >>> 9)) << 12) | 0x67);
    const frame = 0x1000 + (i * 7919) % 1_500_000;
    memory.writePair(8 + (i >>> 9), 2 * pte, NX_HI | (frame >>> 20), (frame << 12) | (i % 2 === 0 ? 0x65 : 0x67));
  }
  const found = audit(tables);
  assertEquals([found.leaves, found.map.length], [300_000, 300_000]);
  const reported = {
    description: "scattered",
    mode: tables.mode,
    registers: { cr0: 0x8001_0011, cr3: 0x1000, cr4: 0x20, efer: 0xd00 },
    cpu: undefined,
    unknown: [],
    pat: PAT_RESET,
    nxTold: true,
    sizesTold: true,
    remarks: [],
    found,
  };
  const lines = auditText(reported).split("\n");
  assert(lines.length < 25, `${lines.length} lines`);
  assert(lines.some((line) => line.startsWith("mapped  1.1 GiB in 300000 leaves: 300000 of 4K")), lines.join("\n"));
  assertEquals((auditJson(reported) as { map: unknown[] }).map.length, 300_000);
});

Deno.test("pages next to each other that differ in their frames alone are one line, unless their frames are wanted", () => {
  const memory = new PhysicalMemory(1 << 24);
  for (const [frame, entry] of [[1, 0x2067], [2, 0x3067], [3, 0x4067]] as const) memory.write(frame, 0, entry);
  for (let page = 0; page < 8; page++) memory.writePair(4, 2 * page, NX_HI, ((100 - 2 * page) << 12) | 0x67);
  const found = audit(long(memory));
  const rows = (frames: boolean) => mapText(found.map, 48, frames, PAT_RESET).filter((line) => line.endsWith("urw-"));
  assertEquals([rows(false).length, rows(true).length], [1, 8]);
  assert(rows(false)[0]?.includes("scattered"));
});

Deno.test("kernel code that is writable at another address is a finding; user code in the kernel's map of memory is none", () => {
  const memory = new PhysicalMemory(1 << 24);
  for (const [frame, entry] of [[1, 0x2067], [2, 0x3067], [3, 0x4067]] as const) memory.write(frame, 0, entry);
  memory.write(4, 0, 0x9061); // kernel code, read-only
  memory.write(4, 2, 0xa065); // user code, read-only
  memory.writePair(4, 20, NX_HI, 0x9063); // both, writable, for the kernel
  memory.writePair(4, 22, NX_HI, 0xa063);
  const alias = found(long(memory), "alias-write-exec");
  assertEquals(alias?.ranges.map(({ linear, pages, frame }) => [linear.lo, pages, frame]), [[0xa000, 1, 9]]);
});

Deno.test("kernel code that user mode can write at another address is a finding, whether user mode executes it or not", () => {
  const memory = new PhysicalMemory(1 << 24);
  for (const [frame, entry] of [[1, 0x2067], [2, 0x3067], [3, 0x4067]] as const) memory.write(frame, 0, entry);
  memory.write(4, 0, 0x9061); // kernel code, read-only
  memory.writePair(4, 20, NX_HI, 0x9067); // writable for user mode
  memory.write(4, 24, 0x9067);
  memory.write(4, 28, 0x9065); // and only read
  const alias = found(long(memory), "alias-write-exec");
  assertEquals(alias?.ranges.map(({ linear }) => linear.lo), [0xa000, 0xc000]);
});

Deno.test("defences that the CPU has and that are off are findings, where the CPU is known", () => {
  const memory = new PhysicalMemory(1 << 24);
  const tables = { ...long(memory, 0x500), cr4: 0x20 };
  assertEquals(audit(tables).findings.map(({ id }) => id), ["nxe-off", "smep-off", "smap-off"]);
  assertEquals(audit({ ...tables, cpu: CPUS.k8, efer: 0xd00 }).findings, []);
});

Deno.test("what tables cannot forbid, and how firmware works, is a note", () => {
  const memory = new PhysicalMemory(1 << 24);
  memory.write(1, 0, 0x2003);
  memory.write(2, 0, 0x3003);
  for (let pde = 0; pde < 8; pde++) memory.write(3, 2 * pde, (pde << 21) | 0x83);
  const firmware = audit(long(memory));
  const severity = ({ findings }: typeof firmware) => findings.find(({ id }) => id === "kernel-write-exec")?.severity;
  assertEquals([firmware.owner, severity(firmware)], ["firmware", "note"]);
  for (let pde = 0; pde < 8; pde++) memory.write(3, 2 * pde, ((pde ^ 1) << 21) | 0x83);
  const kernel = audit(long(memory));
  assertEquals([kernel.owner, severity(kernel)], [undefined, "high"]);
  assertEquals(severity(audit(long(memory, 0x500))), "note", "without NX");
});
