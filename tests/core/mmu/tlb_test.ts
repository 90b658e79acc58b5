/** What the TLB remembers, what makes it forget, and how a missing flush bites (Intel SDM vol. 3A, section 4.10). */
import { assert, assertEquals } from "@std/assert";
import { CPUS } from "../../../core/mmu/mod.ts";
import { entryLo, LARGE, machineIn, MODE_IDS, outcome, PAGE, setEntry, tableAbove } from "./machines.ts";
import { remap, remembering } from "./remembered_page.ts";

const CR4_PSE = 0x10;
const CR4_PGE = 0x80;
const GLOBAL = 0x100;
const PT = tableAbove("4-level");
const PMD = tableAbove("4-level", 1);

Deno.test("without a flush a remapped page still leads to the old frame, in every mode; INVLPG ends it", () => {
  for (const id of MODE_IDS) {
    const machine = machineIn(id);
    const table = tableAbove(id);
    setEntry(machine, table, 1, 0x5000 | PAGE);
    assertEquals(outcome(machine, 0x1000), "frame 5", id);
    setEntry(machine, table, 1, 0x6000 | PAGE);
    assertEquals(outcome(machine, 0x1fff), "frame 5", id);
    machine.invlpg(0x1234);
    assertEquals(outcome(machine, 0x1000), "frame 6", id);
  }
});

Deno.test("without a flush a page that was unmapped can still be read and written", () => {
  const machine = remembering();
  setEntry(machine, PT, 1, 0);
  assertEquals(outcome(machine, 0x1000, "write"), "frame 5");
  machine.invlpg(0x1000);
  assertEquals(outcome(machine, 0x1000), "#PF 0");
});

Deno.test("without a flush a page that was made read-only can still be written: the bug that Xen must not have", () => {
  const machine = remembering();
  setEntry(machine, PT, 1, 0x5000 | (PAGE & ~0x02));
  assertEquals(outcome(machine, 0x1000, "write"), "frame 5");
  machine.invlpg(0x1000);
  assertEquals(outcome(machine, 0x1000, "write"), "#PF 3");
});

Deno.test("a right taken away further up is stale in the same way, for every page below", () => {
  const machine = remembering();
  setEntry(machine, PMD, 0, entryLo(machine, PMD, 0) & ~0x04);
  assertEquals(outcome(machine, 0x1000, "read", true), "frame 5");
  machine.writeCr3(machine.cr3);
  assertEquals(outcome(machine, 0x1000, "read", true), "#PF 5");
});

Deno.test("a right given needs no flush: a refusal out of the TLB is checked against memory", () => {
  const machine = remembering(PAGE & ~0x06);
  assertEquals(outcome(machine, 0x1000, "write", true), "#PF 7");
  assertEquals(outcome(machine, 0x1000), "frame 5");
  setEntry(machine, PT, 1, 0x5000 | PAGE);
  assertEquals(outcome(machine, 0x1000, "write", true), "frame 5");
});

Deno.test("a page that was absent needs no flush when it appears: nothing absent is remembered", () => {
  const machine = machineIn("4-level");
  assertEquals(outcome(machine, 0x1000), "#PF 0");
  assertEquals(machine.tlb.entries(), []);
  setEntry(machine, PT, 1, 0x5000 | PAGE);
  assertEquals(outcome(machine, 0x1000), "frame 5");
});

Deno.test("an A bit cleared without a flush stays clear while the page is used", () => {
  const machine = remembering();
  setEntry(machine, PT, 1, 0x5000 | (PAGE & ~0x20));
  outcome(machine, 0x1000, "write");
  assertEquals(entryLo(machine, PT, 1) & 0x20, 0);
  machine.invlpg(0x1000);
  outcome(machine, 0x1000, "write");
  assertEquals(entryLo(machine, PT, 1) & 0x20, 0x20);
});

Deno.test("a D bit cleared without a flush stays clear while the page is written: the change would be lost", () => {
  const machine = remembering();
  outcome(machine, 0x1000, "write");
  setEntry(machine, PT, 1, 0x5000 | (PAGE & ~0x40));
  outcome(machine, 0x1000, "write");
  assertEquals(entryLo(machine, PT, 1) & 0x40, 0);
  machine.invlpg(0x1000);
  outcome(machine, 0x1000, "write");
  assertEquals(entryLo(machine, PT, 1) & 0x40, 0x40);
});

Deno.test("a write through an entry that was remembered clean sets D, in memory and in the TLB", () => {
  const machine = remembering(PAGE & ~0x40);
  assertEquals(entryLo(machine, PT, 1) & 0x40, 0);
  assertEquals(outcome(machine, 0x1000, "write"), "frame 5");
  assertEquals(entryLo(machine, PT, 1) & 0x40, 0x40);
  assertEquals(machine.tlb.entries().map(({ rights }) => rights & 0x08), [0x08]);
  const { fills } = machine.tlb;
  outcome(machine, 0x1000, "write");
  assertEquals(machine.tlb.fills, fills);
});

Deno.test("a write through a clean entry walks anew: it lands where memory says now", () => {
  const machine = remembering(PAGE & ~0x40);
  remap(machine, PAGE & ~0x40);
  assertEquals(outcome(machine, 0x1000), "frame 5");
  assertEquals(outcome(machine, 0x1000, "write"), "frame 6");
  assertEquals(outcome(machine, 0x1000), "frame 6");
});

Deno.test("INVLPG forgets one page and spares its neighbours", () => {
  const machine = remembering();
  setEntry(machine, PT, 2, 0x7000 | PAGE);
  assertEquals(outcome(machine, 0x2000), "frame 7");
  remap(machine);
  setEntry(machine, PT, 2, 0x8000 | PAGE);
  machine.invlpg(0x2000);
  assertEquals([outcome(machine, 0x1000), outcome(machine, 0x2000)], ["frame 5", "frame 8"]);
});

Deno.test("a page fault forgets the page that it is about", () => {
  const machine = remembering(PAGE & ~0x02);
  remap(machine, PAGE & ~0x02);
  assertEquals(outcome(machine, 0x1000), "frame 5");
  assertEquals(outcome(machine, 0x1000, "write"), "#PF 3");
  assertEquals(outcome(machine, 0x1000), "frame 6");
});

Deno.test("two pages 4 MiB apart share a slot of the TLB: the second evicts the first", () => {
  const machine = machineIn("two-level");
  setEntry(machine, 0x10, 1, 0x1_2000 | 0x27);
  setEntry(machine, tableAbove("two-level"), 1, 0x5000 | PAGE);
  setEntry(machine, 0x12, 1, 0x7000 | PAGE);
  assertEquals(outcome(machine, 0x1000), "frame 5");
  setEntry(machine, tableAbove("two-level"), 1, 0x6000 | PAGE);
  assertEquals(outcome(machine, 0x40_1000), "frame 7");
  assertEquals(outcome(machine, 0x1000), "frame 6"); // no flush was needed: chance did it
  assertEquals(machine.tlb.small.used, 1);
});

const LARGE_PAGES = [
  ["4M", "two-level", CR4_PSE, 2 ** 22],
  ["2M", "pae", 0, 2 ** 21],
  ["2M", "4-level", 0, 2 ** 21],
  ["2M", "5-level", 0, 2 ** 21],
] as const;

for (const [size, id, cr4, bytes] of LARGE_PAGES) {
  Deno.test(`a ${size} page in ${id} paging is one entry of the TLB, and INVLPG anywhere in it forgets all of it`, () => {
    const machine = machineIn(id, { cr4 });
    const pmd = tableAbove(id, 1);
    setEntry(machine, pmd, 1, 0x80_0000 | LARGE);
    for (let at = 0; at < bytes; at += bytes / 8) outcome(machine, bytes + at, "write");
    assertEquals([machine.tlb.fills, machine.tlb.entries().length], [1, 1]);
    assertEquals(machine.tlb.entries()[0]?.pageBytes, bytes);
    setEntry(machine, pmd, 1, 0x40_0000 | LARGE);
    assertEquals(outcome(machine, 2 * bytes - 1), `frame ${(0x800 + bytes / 4096 - 1).toString(16)}`);
    machine.invlpg(bytes + bytes / 2);
    assertEquals(machine.tlb.entries(), []);
    assertEquals(outcome(machine, bytes), "frame 400");
  });
}

Deno.test("a 1G page is one entry, survives a CR3 load if it is global, and not INVLPG", () => {
  const machine = machineIn("4-level", { cr4: CR4_PGE });
  const pdpt = tableAbove("4-level", 2);
  setEntry(machine, pdpt, 1, 0x4000_0000 | LARGE | GLOBAL);
  for (const at of [0, 0x1234_5678, 0x3fff_ffff]) outcome(machine, 0x4000_0000 + at);
  assertEquals(machine.tlb.fills, 1);
  setEntry(machine, pdpt, 1, 0);
  machine.writeCr3(machine.cr3);
  assertEquals(outcome(machine, 0x5234_5678), "frame 52345");
  machine.invlpg(0x7fff_f000);
  assertEquals(outcome(machine, 0x5234_5678), "#PF 0");
});

Deno.test("splitting a large page without a flush leaves the old page in force", () => {
  const machine = machineIn("4-level");
  setEntry(machine, PMD, 1, 0x80_0000 | LARGE);
  outcome(machine, 0x20_3000);
  setEntry(machine, 0x20, 3, 0x5000 | PAGE);
  setEntry(machine, PMD, 1, 0x2_0000 | 0x27);
  assertEquals(outcome(machine, 0x20_3000), "frame 803");
  machine.invlpg(0x20_0000); // the first address of the old page is enough
  assertEquals(outcome(machine, 0x20_3000), "frame 5");
});

Deno.test("the PAT index is remembered: a page made uncacheable is not, until it is forgotten", () => {
  const machine = remembering();
  setEntry(machine, PT, 1, 0x5000 | PAGE | 0x18);
  outcome(machine, 0x1000);
  assertEquals(machine.tlb.entries().map(({ patIndex }) => patIndex), [0]);
  machine.invlpg(0x1000);
  outcome(machine, 0x1000);
  assertEquals(machine.tlb.entries().map(({ patIndex }) => patIndex), [3]);
});

Deno.test("a frame beyond 31 bits comes out of the TLB as it went in", () => {
  const machine = machineIn("4-level");
  setEntry(machine, PT, 1, 0x5000 | PAGE, 0xf_0000);
  for (let i = 0; i < 3; i++) assertEquals(outcome(machine, 0x1000), "frame f000000005");
  assertEquals(machine.tlb.fills, 1);
});

Deno.test("pages with equal low words and different high words are different pages", () => {
  const machine = machineIn("4-level");
  setEntry(machine, PT, 1, 0x5000 | PAGE);
  setEntry(machine, 0x10, 0x1ff, 0x1_1000 | 0x27); // the same tables once more, at the other end
  assertEquals(outcome(machine, 0x1000), "frame 5");
  setEntry(machine, PT, 1, 0x6000 | PAGE);
  assertEquals(outcome(machine, "ffffff8000001000"), "frame 6");
  assertEquals(machine.tlb.entries().map(({ linear }) => linear.hi), [0xffff_ff80]);
});

Deno.test("the TLB says what it holds: page, frame, rights, PAT index", () => {
  const machine = machineIn("4-level", { cpu: CPUS.today, cr4: CR4_PGE });
  setEntry(machine, PT, 1, 0x5000 | (PAGE & ~0x02) | GLOBAL);
  setEntry(machine, PMD, 1, 0x80_0000 | LARGE | 0x1000);
  outcome(machine, 0x1fff);
  outcome(machine, 0x21_2345);
  assertEquals(machine.tlb.entries(), [
    { linear: { hi: 0, lo: 0x1000 }, pageBytes: 4096, frame: 5, rights: 0x0a, global: true, patIndex: 0 },
    { linear: { hi: 0, lo: 0x20_0000 }, pageBytes: 2 ** 21, frame: 0x800, rights: 0x0b, global: false, patIndex: 4 },
  ]);
  assert(machine.tlb.hasLarge);
});
