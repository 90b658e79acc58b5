/** Memory types: the PAT index of a leaf of every size, and what PAT and MTRR make of it (SDM vol. 3A, sections 4.9 and 11.5.2.2). */
import { assertEquals, assertThrows } from "@std/assert";
import {
  CPUS,
  explain,
  type Machine,
  MEMORY_TYPES,
  memoryType,
  type MtrrType,
  PAT_RESET,
} from "../../../core/mmu/mod.ts";
import { LARGE, machineIn, type ModeId, PAGE, setEntry, tableAbove } from "./machines.ts";

const [PWT, PCD, PAT_SMALL, PAT_LARGE] = [0x08, 0x10, 0x80, 0x1000];
const PSE = 0x10;
/** A PAT in which no two entries are equal as far as six types go. */
const DISTINCT = [6, 4, 7, 0, 1, 5, 6, 4];
const DISTINCT_TYPES = ["WB", "WT", "UC", "UC", "WC", "WP", "WB", "WT"];

/** Where a leaf can be: its mode, how far above the last table, its size, and the bit that is the PAT's there. */
const LEAVES: readonly (readonly [ModeId, number, string, number])[] = [
  ["two-level", 0, "4K", PAT_SMALL],
  ["two-level", 1, "4M", PAT_LARGE],
  ["pae", 0, "4K", PAT_SMALL],
  ["pae", 1, "2M", PAT_LARGE],
  ["4-level", 0, "4K", PAT_SMALL],
  ["4-level", 1, "2M", PAT_LARGE],
  ["4-level", 2, "1G", PAT_LARGE],
  ["5-level", 0, "4K", PAT_SMALL],
  ["5-level", 1, "2M", PAT_LARGE],
  ["5-level", 2, "1G", PAT_LARGE],
];

/** Maps linear 0 by a leaf with these bits, and says what its memory type is; the TLB must know the same index. */
function typeOf(machine: Machine, table: number, flags: number, index: number): string {
  setEntry(machine, table, 0, flags);
  const { outcome } = explain(machine, 0);
  machine.invlpg(0);
  machine.translate(0, 0, 0);
  assertEquals(machine.tlb.entries().map(({ patIndex }) => patIndex), [index]);
  return outcome.ok ? outcome.memoryType : "fault";
}

for (const [id, up, size, patBit] of LEAVES) {
  Deno.test(`PAT, PCD and PWT of a ${size} leaf in ${id} paging choose one of eight PAT entries`, () => {
    const machine = machineIn(id, { cr4: PSE });
    machine.writePat(DISTINCT);
    const found = DISTINCT.map((_, index) => {
      const bits = (index & 4 ? patBit : 0) | (index & 2 ? PCD : 0) | (index & 1 ? PWT : 0);
      return typeOf(machine, tableAbove(id, up), (up > 0 ? LARGE : PAGE) | bits, index);
    });
    assertEquals(found, DISTINCT_TYPES);
  });
}

Deno.test("bit 12 of a 4K leaf is an address bit and no PAT bit", () => {
  const machine = machineIn("4-level");
  machine.writePat(DISTINCT);
  assertEquals(typeOf(machine, tableAbove("4-level"), 0x1000 | PAGE, 0), "WB");
});

Deno.test("PCD and PWT of a table's entry say nothing about the page", () => {
  const machine = machineIn("4-level");
  const pmd = tableAbove("4-level", 1);
  setEntry(machine, pmd, 0, (tableAbove("4-level") << 12) | 0x27 | PCD | PWT);
  assertEquals(typeOf(machine, tableAbove("4-level"), PAGE, 0), "WB");
});

Deno.test("without a PAT two bits choose, and mean what they meant on a Pentium", () => {
  const machine = machineIn("two-level", { cpu: { ...CPUS.i486 } });
  const types = [0, PWT, PCD, PCD | PWT].map((bits, i) => typeOf(machine, tableAbove("two-level"), PAGE | bits, i));
  assertEquals(types, ["WB", "WT", "UC", "UC"]);
});

/** The manual's table 11-7: rows by MTRR type, columns by PAT type. */
const PAT_TYPES = ["UC", "UC-", "WC", "WT", "WB", "WP"];
const EFFECTIVE: Readonly<Record<MtrrType, readonly string[]>> = {
  UC: ["UC", "UC", "WC", "UC", "UC", "UC"],
  WC: ["UC", "WC", "WC", "UC", "WC", "UC"],
  WT: ["UC", "UC", "WC", "WT", "WT", "WP"],
  WB: ["UC", "UC", "WC", "WT", "WB", "WP"],
  WP: ["UC", "WC", "WC", "WT", "WP", "WP"],
};

for (const [mtrr, effective] of Object.entries(EFFECTIVE) as [MtrrType, readonly string[]][]) {
  Deno.test(`over an MTRR type of ${mtrr} the six PAT types come to ${effective.join(" ")}`, () => {
    const encodings = PAT_TYPES.map((type) =>
      Number(Object.entries(MEMORY_TYPES).find(([, name]) => name === type)?.[0])
    );
    assertEquals(encodings.map((_, index) => memoryType(encodings, index, mtrr)), effective);
  });
}

Deno.test("the MTRR stub says write-back until it is told otherwise, with paging on and off", () => {
  const machine = machineIn("4-level");
  setEntry(machine, tableAbove("4-level"), 0, PAGE);
  const type = () => {
    const { outcome } = explain(machine, 0);
    return outcome.ok && outcome.memoryType;
  };
  assertEquals([machine.mtrrType, type()], ["WB", "WB"]);
  machine.writeMtrrType("WT");
  assertEquals(type(), "WT");
  machine.writeCr0(0x11);
  assertEquals(type(), "WT");
});

Deno.test("after reset the PAT holds what PCD and PWT meant before, twice", () => {
  const names = PAT_RESET.map((encoding) => MEMORY_TYPES[encoding]);
  assertEquals(names, ["WB", "WT", "UC-", "UC", "WB", "WT", "UC-", "UC"]);
});

Deno.test("an index, an encoding or an MTRR type that does not exist is a misuse", () => {
  const pat = [6, 2, 4, 7, 0, 6, 4, 7];
  assertThrows(() => memoryType(pat, 8), RangeError, "Expected a PAT index of 0 to 7");
  assertThrows(() => memoryType(pat, 1), RangeError, "but found 1 and WB");
  assertThrows(() => memoryType(pat, 0, "UC-" as MtrrType), RangeError, "but found 0 and UC-");
});
