/** Register writes and the TLB: which forget what, and which decide at once without forgetting (Intel SDM vol. 3A, section 4.10). */
import { assertEquals } from "@std/assert";
import { entryLo, LARGE, machineIn, outcome, PAGE, PAGING, PAGING_WP, setEntry, tableAbove } from "./machines.ts";
import { remap, remembering } from "./remembered_page.ts";

const CR4_PSE = 0x10;
const CR4_PAE = 0x20;
const CR4_PGE = 0x80;
const CR4_SMEP = 0x0010_0000;
const CR4_SMAP = 0x0020_0000;
const CR4_PKE = 0x0040_0000;
const EFER_NXE = 0x800;
const GLOBAL = 0x100;
const NX_HI = 0x8000_0000;
const PT = tableAbove("4-level");
const PMD = tableAbove("4-level", 1);

Deno.test("a CR3 load forgets, also one of the same value; a global page survives it", () => {
  for (const [flags, after] of [[PAGE, "frame 6"], [PAGE | GLOBAL, "frame 5"]] as const) {
    const machine = remembering(flags, { cr4: CR4_PGE });
    remap(machine);
    machine.writeCr3(machine.cr3);
    assertEquals(outcome(machine, 0x1000), after);
  }
});

Deno.test("a global page survives a change of tables, and then leads where the new tables do not", () => {
  const machine = remembering(PAGE | GLOBAL, { cr4: CR4_PGE });
  machine.writeCr3(0x30_0000);
  assertEquals(outcome(machine, 0x1000), "frame 5");
  assertEquals(outcome(machine, 0x2000), "#PF 0");
  machine.invlpg(0x1000);
  assertEquals(outcome(machine, 0x1000), "#PF 0");
});

Deno.test("G means nothing without CR4.PGE, nor in an entry that points to a table", () => {
  const without = remembering(PAGE | GLOBAL);
  remap(without);
  without.writeCr3(without.cr3);
  assertEquals(outcome(without, 0x1000), "frame 6");
  const above = machineIn("4-level", { cr4: CR4_PGE });
  setEntry(above, PMD, 0, entryLo(above, PMD, 0) | GLOBAL);
  setEntry(above, PT, 1, 0x5000 | PAGE);
  outcome(above, 0x1000);
  assertEquals(above.tlb.entries().map(({ global }) => global), [false]);
});

Deno.test("a page walked before CR4.PGE was set is not global", () => {
  const machine = remembering(PAGE | GLOBAL);
  assertEquals(machine.tlb.entries().map(({ global }) => global), [false]);
  machine.writeCr4(machine.cr4 | CR4_PGE);
  assertEquals(machine.tlb.entries(), []);
});

Deno.test("INVLPG forgets a global page", () => {
  const machine = remembering(PAGE | GLOBAL, { cr4: CR4_PGE });
  remap(machine);
  machine.invlpg(0x1000);
  assertEquals(outcome(machine, 0x1000), "frame 6");
});

Deno.test("switching CR4.PGE off or on forgets everything, global pages too", () => {
  const machine = remembering(PAGE | GLOBAL, { cr4: CR4_PGE });
  remap(machine);
  machine.writeCr4(machine.cr4 & ~CR4_PGE);
  assertEquals(outcome(machine, 0x1000), "frame 6");
  setEntry(machine, PT, 1, 0x5000 | PAGE);
  machine.writeCr4(machine.cr4 | CR4_PGE);
  assertEquals(outcome(machine, 0x1000), "frame 5");
});

Deno.test("setting SMEP forgets everything, global pages too; clearing it forgets nothing", () => {
  const machine = remembering(PAGE | GLOBAL, { cr4: CR4_PGE });
  remap(machine);
  machine.writeCr4(machine.cr4 | CR4_SMEP);
  assertEquals(outcome(machine, 0x1000), "frame 6");
  setEntry(machine, PT, 1, 0x5000 | PAGE);
  machine.writeCr4(machine.cr4 & ~CR4_SMEP);
  assertEquals(outcome(machine, 0x1000), "frame 6");
});

Deno.test("leaving PAE for two-level paging, without switching paging off, forgets everything", () => {
  const machine = machineIn("pae", { cr4: CR4_PGE });
  setEntry(machine, tableAbove("pae"), 1, 0x5000 | PAGE | GLOBAL);
  outcome(machine, 0x1000);
  machine.writeCr4(machine.cr4 & ~CR4_PAE);
  assertEquals(machine.mode?.id, "two-level");
  assertEquals(machine.tlb.entries(), []);
});

Deno.test("switching paging off forgets everything, global pages too", () => {
  const machine = remembering(PAGE | GLOBAL, { cr4: CR4_PGE });
  remap(machine);
  machine.writeCr0(PAGING & 0x7fff_ffff);
  assertEquals(outcome(machine, 0x1000), "frame 1");
  machine.writeCr0(PAGING_WP);
  assertEquals(outcome(machine, 0x1000), "frame 6");
});

Deno.test("CR0.WP decides at use: it neither flushes nor waits for a flush", () => {
  const machine = remembering(PAGE & ~0x02);
  const { fills, flushes } = machine.tlb;
  assertEquals(outcome(machine, 0x1000), "frame 5");
  machine.writeCr0(PAGING);
  assertEquals(outcome(machine, 0x1000, "write"), "frame 5");
  machine.writeCr0(PAGING_WP);
  assertEquals([machine.tlb.fills, machine.tlb.flushes], [fills, flushes]);
  assertEquals(outcome(machine, 0x1000, "write"), "#PF 3");
});

Deno.test("SMAP, EFLAGS.AC and PKRU decide at use as well", () => {
  const machine = machineIn("4-level", { cr4: CR4_PKE });
  setEntry(machine, PT, 1, 0x5000 | PAGE, 1 << 27);
  outcome(machine, 0x1000);
  const { fills } = machine.tlb;
  machine.writePkru(0b1000); // key 1: no writes
  assertEquals(outcome(machine, 0x1000), "frame 5");
  assertEquals(machine.tlb.fills, fills);
  assertEquals(outcome(machine, 0x1000, "write"), "#PF 23");
  machine.writePkru(0);
  machine.writeCr4(machine.cr4 | CR4_SMAP);
  assertEquals(outcome(machine, 0x1000), "#PF 1");
  machine.writeAc(true);
  assertEquals(outcome(machine, 0x1000), "frame 5");
  machine.writeAc(false);
  assertEquals(outcome(machine, 0x1000), "#PF 1");
});

Deno.test("clearing EFER.NXE flushes nothing: a remembered no-execute page stays readable until it is forgotten", () => {
  const machine = machineIn("4-level", { efer: EFER_NXE });
  setEntry(machine, PT, 1, 0x5000 | PAGE, NX_HI);
  assertEquals(outcome(machine, 0x1000), "frame 5");
  machine.writeEfer(machine.efer & ~EFER_NXE);
  assertEquals(outcome(machine, 0x1000), "frame 5"); // bit 63 is reserved now, but who looks
  machine.writeCr3(machine.cr3);
  assertEquals(outcome(machine, 0x1000), "#PF 9");
});

Deno.test("clearing EFER.NXE does not make a remembered page executable: the fetch walks, and finds a reserved bit", () => {
  const machine = machineIn("4-level", { efer: EFER_NXE });
  setEntry(machine, PT, 1, 0x5000 | PAGE, NX_HI);
  outcome(machine, 0x1000);
  machine.writeEfer(machine.efer & ~EFER_NXE);
  assertEquals(outcome(machine, 0x1000, "fetch"), "#PF 9");
});

Deno.test("setting EFER.NXE is seen at once: an entry with bit 63 was never remembered", () => {
  const machine = machineIn("4-level");
  setEntry(machine, PT, 1, 0x5000 | PAGE, NX_HI);
  assertEquals(outcome(machine, 0x1000), "#PF 9");
  machine.writeEfer(machine.efer | EFER_NXE);
  assertEquals([outcome(machine, 0x1000), outcome(machine, 0x1000, "fetch")], ["frame 5", "#PF 11"]);
});

Deno.test("switching CR4.PSE flushes nothing: a remembered 4M page outlives it", () => {
  const machine = machineIn("two-level", { cr4: CR4_PSE });
  setEntry(machine, 0x10, 1, 0x80_0000 | LARGE);
  assertEquals(outcome(machine, 0x40_1000), "frame 801");
  machine.writeCr4(machine.cr4 & ~CR4_PSE);
  assertEquals(outcome(machine, 0x40_1000), "frame 801");
  machine.writeCr3(machine.cr3);
  assertEquals(outcome(machine, 0x40_1000), "#PF 0"); // the PDE points to an empty table now
});
