/** Regions of an address space: found by their structure, wherever they are. */
import { assertEquals } from "@std/assert";
import { audit, CPUS, MODES, PhysicalMemory } from "@pagetable-init/textbook";
import { formatAddress } from "@pagetable-init/textbook/mmu";
import { readState } from "../../../chapters/recorded/files/state.ts";
import { auditCommand } from "../../../tools/audit.ts";
import { runHere } from "../../tools/run_here.ts";
import { TableBuilder } from "./table_builder.ts";

async function regions(name: string): Promise<Record<string, string>> {
  const { machine } = await readState(`tests/fixtures/kernels/${name}.json`);
  return Object.fromEntries(audit(machine).regions.map(({ name, first }) => [name, formatAddress(first)]));
}

Deno.test("a 64-bit Linux has its regions, of 4 and of 5 levels", async () => {
  const four = await regions("linux61-amd64-4level");
  assertEquals(Object.keys(four), [
    "user half",
    "direct map",
    "vmalloc",
    "vmemmap",
    "cpu entry area",
    "ESPFIX",
    "kernel text",
    "kernel data",
    "modules",
    "fixmap",
  ]);
  assertEquals([four["direct map"], four["vmalloc"], four["vmemmap"]], [
    "0xffff888000000000",
    "0xffffc90000000000",
    "0xffffea0000000000",
  ]);
  const five = await regions("linux61-amd64-5level");
  assertEquals([five["direct map"], five["vmalloc"], five["vmemmap"]], [
    "0xff11000000000000",
    "0xffa0000000000000",
    "0xffd4000000000000",
  ]);
  assertEquals(five["kernel text"], "0xffffffff81000000");
});

/** The least of a Linux whose regions KASLR moved: direct map, vmalloc and vmemmap at odd gigabytes, text anywhere in the last but one. */
Deno.test("regions that KASLR moved are found, and those that follow from structure alone are called guesses", () => {
  const data = { high: 0x8000_0000 | 0 };
  const builder = new TableBuilder(MODES["4-level"])
    .map({ hi: 0xffff_9a47, lo: 0x4000_0000 }, 0, 64, { ...data, shift: 21 })
    .map({ hi: 0xffff_b1c3, lo: 0x8000_0000 }, 0x3000, 3, data)
    .map({ hi: 0xffff_d9c3, lo: 0x7fff_0000 }, 0x3100, 2, data)
    .map({ hi: 0xffff_f0aa, lo: 0xc000_0000 }, 0x4000, 1, { ...data, shift: 21 })
    .map({ hi: 0xffff_fe00, lo: 0 }, 0x5000, 1, { ...data, flags: 0x161 })
    .map({ hi: 0xffff_ffff, lo: 0x9380_0000 }, 0x1_3800, 1, { shift: 21, flags: 0x61 })
    .map({ hi: 0xffff_ffff, lo: 0x93a0_0000 }, 0x1_3a00, 1, { ...data, shift: 21 })
    .map({ hi: 0xffff_ffff, lo: 0xc012_3000 }, 0x6000, 4, { flags: 0x61 });
  const { regions, owner } = audit(builder.tables);
  assertEquals(owner, "linux");
  assertEquals(regions.map(({ name, first, pages, guess }) => [name, formatAddress(first), pages, guess]), [
    ["direct map", "0xffff9a4740000000", 32768, false],
    ["vmalloc", "0xffffb1c380000000", 5, true],
    ["vmemmap", "0xfffff0aac0000000", 512, true],
    ["cpu entry area", "0xfffffe0000000000", 1, false],
    ["kernel text", "0xffffffff93800000", 512, false],
    ["kernel data", "0xffffffff93a00000", 512, false],
    ["modules", "0xffffffffc0123000", 4, false],
  ]);
});

Deno.test("a 64-bit Linux of 2008, without CPU entry area and ESPFIX, is known by its direct map and its image", () => {
  const data = { high: 0x8000_0000 | 0 };
  const builder = new TableBuilder(MODES["4-level"])
    .map({ hi: 0xffff_8800, lo: 0 }, 0, 32, { ...data, shift: 21 })
    .map({ hi: 0xffff_c900, lo: 0 }, 0x3000, 3, data)
    .map({ hi: 0xffff_ea00, lo: 0 }, 0x2000, 1, { ...data, shift: 21 })
    .map({ hi: 0xffff_ffff, lo: 0x8100_0000 }, 0x1000, 1, { shift: 21, flags: 0x61 })
    .map({ hi: 0xffff_ffff, lo: 0xa000_0000 }, 0x6000, 4, { flags: 0x61 });
  const { regions, owner } = audit(builder.tables);
  assertEquals([owner, regions.map(({ name }) => name)], [
    "linux",
    ["direct map", "vmalloc", "vmemmap", "kernel text", "modules"],
  ]);
});

Deno.test("a Linux in a guest of Xen has its regions, though its kernel runs in ring 3 and its frames have no order", () => {
  const user = { high: 0x8000_0000 | 0, flags: 0x67 };
  const builder = new TableBuilder(MODES["4-level"]).map({ hi: 0xffff_82d0, lo: 0x4020_0000 }, 0x100, 4, {
    flags: 0x61,
  });
  for (let i = 0; i < 64; i++) builder.map({ hi: 0xffff_8880, lo: i * 4096 }, 0x9000 - 3 * i, 1, user);
  builder.map({ hi: 0xffff_c900, lo: 0 }, 0x3000, 3, user).map({ hi: 0xffff_ea00, lo: 0 }, 0x4000, 3, user);
  builder.map({ hi: 0xffff_fe00, lo: 0 }, 0x5000, 1, user);
  builder.map({ hi: 0xffff_ffff, lo: 0x8100_0000 }, 0x1000, 8, { flags: 0x65 });
  const { regions, owner } = audit(builder.tables);
  assertEquals([owner, regions.map(({ name }) => name)], [
    "xen",
    ["Xen text and data", "direct map", "vmalloc", "vmemmap", "cpu entry area", "kernel text"],
  ]);
});

Deno.test("a 32-bit Linux has lowmem, vmalloc, pkmap (its table at least), CPU entry area and fixmap", async () => {
  const pae = await regions("linux61-686-pae");
  assertEquals(Object.keys(pae), ["user half", "lowmem", "vmalloc", "pkmap", "cpu entry area", "fixmap"]);
  assertEquals([pae["lowmem"], pae["pkmap"], pae["cpu entry area"]], ["0xc0000000", "0xff000000", "0xff400000"]);
  assertEquals((await regions("linux61-686-2level"))["pkmap"], "0xfec00000");
});

Deno.test("Xen has its M2P, linear table and directmap, and its guest what is the guest's", async () => {
  const xen = await regions("xen417-pv64-dom0");
  assertEquals(xen["Xen M2P (read-only)"], "0xffff800000000000");
  assertEquals(xen["Xen linear page table"]?.slice(0, 8), "0xffff81");
  assertEquals([xen["Xen directmap"], xen["guest kernel"]], ["0xffff830000000000", "0xffffffff80000000"]);
});

Deno.test("a 32-bit guest of a 64-bit Xen has its kernel, and the M2P that it reads; a 64-bit guest's process may have pages there", async () => {
  const xen = await regions("xen417-pv32-dom0");
  assertEquals([xen["guest kernel (32-bit)"], xen["compat M2P"], xen["user half"]], [
    "0xc0000000",
    "0xf5800000",
    undefined,
  ]);
  const builder = new TableBuilder(MODES["4-level"]).map({ hi: 0xffff_82d0, lo: 0x4020_0000 }, 0x9000, 4, { flags: 1 });
  builder.map({ hi: 0, lo: 0xf580_0000 }, 0x8000, 1, { flags: 7 }).map({ hi: 0x7ffc, lo: 0 }, 0x8001, 1, { flags: 7 });
  assertEquals(audit(builder.tables).regions.map(({ name }) => name), ["user half", "Xen text and data"]);
});

Deno.test("a 32-bit Linux in a guest of Xen has lowmem, vmalloc and a fixmap below Xen", () => {
  const builder = new TableBuilder(MODES["4-level"]).map({ hi: 0xffff_82d0, lo: 0x4020_0000 }, 0x9000, 4, { flags: 1 });
  builder.map({ hi: 0, lo: 0x804_8000 }, 0x8000, 2, { flags: 7 });
  for (let i = 0; i < 64; i++) builder.map({ hi: 0, lo: 0xc000_0000 + i * 4096 }, 0x7000 - 3 * i);
  builder.map({ hi: 0, lo: 0xd000_0000 }, 0x6000).map({ hi: 0, lo: 0xf57f_e000 }, 0x6001);
  builder.map({ hi: 0, lo: 0xf580_0000 }, 0x6200, 1, { flags: 1, shift: 21 });
  const found = audit(builder.tables).regions.map(({ name, first, pages }) => [name, first.lo, pages]);
  assertEquals(found.slice(0, -1), [
    ["user half", 0x804_8000, 2],
    ["lowmem", 0xc000_0000, 64],
    ["vmalloc", 0xd000_0000, 1],
    ["fixmap", 0xf57f_e000, 1],
    ["compat M2P", 0xf580_0000, 512],
  ]);
});

Deno.test("the recorded boot of a 32-bit Linux under Xen has its fixmap and the M2P where they are", async () => {
  const { out } = await runHere(auditCommand, "--json", "tests/fixtures/boots/2.6.32-el6-xen-pv32-56M.jsonl.gz");
  const found = JSON.parse(out).regions.map(({ name, first }: { name: string; first: string }) => [name, first]);
  assertEquals(found, [["lowmem", "0xc0000000"], ["fixmap", "0xf52d8000"], ["compat M2P", "0xf5800000"]]);
});

for (
  const [mode, start, names] of [
    ["pae", 0xf580_0000, ["Xen M2P (read-only)", "Xen frame table", "Xen linear page table", "Xen directmap"]],
    ["two-level", 0xfc00_0000, ["Xen M2P (read-only)", "Xen linear page table", "Xen directmap"]],
  ] as const
) {
  Deno.test(`a 32-bit Xen is known by its M2P and its directmap: ${mode}`, () => {
    const builder = new TableBuilder(MODES[mode]).map({ hi: 0, lo: 0xff00_0000 }, 0, 0xc00);
    builder.map({ hi: 0, lo: start }, 0x5000, 4, { flags: 5 }).map({ hi: 0, lo: 0xf680_0000 }, 0x5100, 4);
    builder.map({ hi: 0, lo: mode === "pae" ? 0xfd80_0000 : 0xfe00_0000 }, 0x5200, 4);
    builder.map({ hi: 0, lo: 0xc000_0000 }, 0x6000, 8);
    const { owner, regions, kernelHalf, findings } = audit(builder.tables);
    assertEquals([owner, kernelHalf.by], ["xen", "default"]);
    assertEquals(regions.map(({ name }) => name), ["guest kernel (32-bit)", ...names]);
    assertEquals(findings.find(({ id }) => id === "page-table-writable")?.severity, "note");
  });
}

Deno.test("regions add up to what is mapped, whatever system it is", async () => {
  for (const name of ["linux61-amd64-4level", "linux61-686-2level", "xen417-pv32-dom0", "xen417-pv64-dom0"]) {
    const { machine } = await readState(`tests/fixtures/kernels/${name}.json`);
    const { map, regions } = audit(machine);
    const sum = (list: readonly number[]) => list.reduce((total, pages) => total + pages, 0);
    assertEquals(sum(regions.map(({ pages }) => pages)), sum(map.map(({ range, times }) => range.pages * times)), name);
  }
});

Deno.test("a root that maps itself is a region, and a kernel that is not recognised has its halves", () => {
  const memory = new PhysicalMemory(1 << 24);
  memory.write(1, 0, 0x2067);
  memory.write(1, 1023, 0x1063);
  memory.write(2, 5, 0x7067);
  const tables = { memory, cpu: CPUS.p6, mode: MODES["two-level"], root: 0x1000, cr4: 0x10, efer: 0 };
  const { regions, owner } = audit(tables);
  assertEquals([owner, regions.map(({ name }) => name)], [undefined, ["user half", "page tables (self-map)"]]);
});

Deno.test("entries that are not present and not zero are counted by what they are", () => {
  const builder = new TableBuilder(MODES["4-level"]);
  builder.map({ hi: 0xffff_8880, lo: 0 }, 0, 1, { shift: 21, high: 0x8000_0000 | 0 });
  builder.map({ hi: 0xffff_fe00, lo: 0 }, 0x5000).map({ hi: 0xffff_ffff, lo: 0x8100_0000 }, 0x1_0000, 512, {
    shift: 21,
    flags: 0x61,
  });
  builder.map({ hi: 0, lo: 0x40_0000 }, 0x7000, 1, { flags: 0x67 });
  const table = audit(builder.tables).tables.find(({ level }) => level.entry === "PTE")?.frame ?? 0;
  builder.tables.memory.writePair(table, 2, 0x8000_0000 | 0, 0x123_4160); // PROT_NONE
  builder.tables.memory.writePair(table, 4, 0x1fff_ffff, 0x0020_0000); // a swap entry
  builder.tables.memory.writePair(table, 6, 0, 0x60); // what a CPU may leave behind
  const { absent, owner } = audit(builder.tables);
  assertEquals(owner, "linux");
  assertEquals(absent.map(({ kind, entries, address }) => [kind, entries, address.lo]), [
    ["prot-none", 1, 0x40_1000],
    ["swap", 1, 0x40_2000],
  ]);
});
