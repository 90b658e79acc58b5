/** Protection keys and error codes as the machine itself gives them (SDM vol. 3A, sections 4.6 and 4.7). */
import { assertEquals } from "@std/assert";
import { type Machine, RIGHT_D, RIGHT_NX, RIGHT_RW, RIGHT_US } from "../../../core/mmu/mod.ts";
import { permissionTable } from "../../../core/mmu/permissions.ts";
import { machineIn, outcome, PAGE, PAGING, PAGING_WP, setEntry, tableAbove } from "./machines.ts";

const [SMEP, SMAP, PKE] = [0x0010_0000, 0x0020_0000, 0x0040_0000];
const NXE = 0x800;
const KEY = 5;
const [AD, WD] = [0b01, 0b10];
const KINDS = ["read", "write", "fetch"] as const;

/** A machine with protection keys: page 0 is a user page with key 5, page 1 a supervisor page with it. */
function keyed(pkru: number, cr0 = PAGING_WP): Machine {
  const machine = machineIn("4-level", { cr0, cr4: PKE });
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | PAGE, KEY << 27);
  setEntry(machine, tableAbove("4-level"), 1, 0x6000 | (PAGE & ~0x04), KEY << 27);
  machine.writePkru(pkru << (2 * KEY));
  return machine;
}

/** Read, write and fetch of an address, by the supervisor or the user. */
function all(machine: Machine, address: number, user: boolean): string[] {
  return KINDS.map((kind) => outcome(machine, address, kind, user));
}

Deno.test("access-disable stops data accesses of user and supervisor to a user page, and no fetch", () => {
  const machine = keyed(AD);
  for (const round of ["from memory", "from the TLB"]) {
    assertEquals(all(machine, 0, true), ["#PF 25", "#PF 27", "frame 5"], round);
    assertEquals(all(machine, 0, false), ["#PF 21", "#PF 23", "frame 5"], round);
  }
});

Deno.test("write-disable stops writes; the supervisor's only while WP is set", () => {
  const machine = keyed(WD);
  assertEquals(all(machine, 0, true), ["frame 5", "#PF 27", "frame 5"]);
  assertEquals(all(machine, 0, false), ["frame 5", "#PF 23", "frame 5"]);
  machine.writeCr0(PAGING);
  assertEquals(all(machine, 0, true), ["frame 5", "#PF 27", "frame 5"]);
  assertEquals(all(machine, 0, false), ["frame 5", "frame 5", "frame 5"]);
});

Deno.test("access-disable stops the supervisor's writes whatever WP says", () => {
  assertEquals(all(keyed(AD, PAGING), 0, false), ["#PF 21", "#PF 23", "frame 5"]);
});

Deno.test("a supervisor page has no key, neither for the supervisor nor in the fault of a user", () => {
  const machine = keyed(AD | WD);
  assertEquals(all(machine, 0x1000, false), ["frame 6", "frame 6", "frame 6"]);
  assertEquals(all(machine, 0x1000, true), ["#PF 5", "#PF 7", "#PF 5"]);
});

Deno.test("each of the sixteen keys has its own two bits", () => {
  const machine = machineIn("4-level", { cr4: PKE });
  for (let key = 0; key < 16; key++) {
    setEntry(machine, tableAbove("4-level"), 0, 0x5000 | PAGE, key << 27);
    machine.tlb.flush(false);
    machine.writePkru(AD << (2 * key));
    assertEquals(outcome(machine, 0), "#PF 21", `key ${key}`);
    machine.writePkru(~(0b11 << (2 * key)));
    assertEquals(outcome(machine, 0, "write"), "frame 5", `key ${key}`);
  }
});

Deno.test("PK is told beside whatever else is missing, never with an absent page or a reserved bit", () => {
  const machine = keyed(AD);
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | 0x65, KEY << 27);
  assertEquals(outcome(machine, 0, "write", true), "#PF 27");
  machine.writeCr4(machine.cr4 | SMAP);
  assertEquals(outcome(machine, 0), "#PF 21");
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | 0x65, (KEY << 27) | 0x8000_0000);
  assertEquals(outcome(machine, 0), "#PF 9");
  setEntry(machine, tableAbove("4-level"), 0, 0x5064, KEY << 27);
  assertEquals(outcome(machine, 0), "#PF 0");
});

Deno.test("the key is the leaf's: that of a table's entry does not count", () => {
  const machine = keyed(AD);
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | PAGE);
  const pmd = tableAbove("4-level", 1);
  setEntry(machine, pmd, 0, (tableAbove("4-level") << 12) | 0x27, KEY << 27);
  assertEquals(outcome(machine, 0), "frame 5");
  setEntry(machine, pmd, 1, 0xe7, KEY << 27);
  assertEquals(outcome(machine, 0x20_0000), "#PF 21");
});

Deno.test("SMEP and SMAP are about user pages: supervisor pages stay as they are, user accesses too", () => {
  const machine = machineIn("4-level", { cr4: SMEP | SMAP });
  setEntry(machine, tableAbove("4-level"), 0, 0x5000 | PAGE);
  setEntry(machine, tableAbove("4-level"), 1, 0x6000 | (PAGE & ~0x04));
  assertEquals(all(machine, 0, false), ["#PF 1", "#PF 3", "#PF 11"]);
  assertEquals(all(machine, 0, true), ["frame 5", "frame 5", "frame 5"]);
  assertEquals(all(machine, 0x1000, false), ["frame 6", "frame 6", "frame 6"]);
  assertEquals(all(machine, 0x1000, true), ["#PF 5", "#PF 7", "#PF 15"]);
});

Deno.test("the table behind the fast path allows a write only where D is set, and all else that the rights allow", () => {
  const machine = machineIn("4-level", { efer: NXE });
  const table = permissionTable(machine);
  const allowed = (rights: number) => [0, 1, 2, 3, 4, 5].filter((access) => ((table[rights] ?? 0) >> access) & 1);
  assertEquals(allowed(RIGHT_RW | RIGHT_US | RIGHT_D), [0, 1, 2, 3, 4, 5]);
  assertEquals(allowed(RIGHT_RW | RIGHT_US), [0, 2, 3, 5]);
  assertEquals(allowed(RIGHT_US | RIGHT_D), [0, 2, 3, 5]);
  assertEquals(allowed(RIGHT_RW | RIGHT_D | RIGHT_NX), [0, 1]);
  assertEquals(allowed(0), [0, 2]);
});
