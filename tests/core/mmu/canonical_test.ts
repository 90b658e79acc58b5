/** Canonical addresses: the bits above the linear address repeat its highest (SDM vol. 1, section 3.3.7.1). */
import { assertEquals } from "@std/assert";
import { explain, isCanonical, MODES } from "../../../core/mmu/mod.ts";
import { machineIn, MODE_IDS, outcome, PAGE, setEntry, tableAbove } from "./machines.ts";

const EDGES = {
  "4-level": {
    below: "00007fff_ffffffff",
    first: "00008000_00000000",
    last: "ffff7fff_ffffffff",
    above: "ffff8000_00000000",
  },
  "5-level": {
    below: "00ffffff_ffffffff",
    first: "01000000_00000000",
    last: "feffffff_ffffffff",
    above: "ff000000_00000000",
  },
} as const;

for (const id of ["4-level", "5-level"] as const) {
  const { below, first, last, above } = EDGES[id];

  Deno.test(`in ${id} paging the addresses from ${first} to ${last} are #GP, and no others`, () => {
    const machine = machineIn(id);
    const edges = ["0", below, first, "80000000_00000000", "7fffffff_ffffffff", last, above, "ffffffff_ffffffff"];
    assertEquals(edges.map((address) => outcome(machine, address)), [
      "#PF 0",
      "#PF 0",
      "#GP",
      "#GP",
      "#GP",
      "#GP",
      "#PF 0",
      "#PF 0",
    ]);
  });

  Deno.test(`in ${id} paging one wrong bit above the linear address is enough for #GP`, () => {
    const machine = machineIn(id);
    const { linearBits } = MODES[id];
    for (let bit = linearBits; bit < 64; bit++) {
      const word = 1 << (bit - 32);
      assertEquals(outcome(machine, { hi: word, lo: 0 }), "#GP", `bit ${bit} set`);
      assertEquals(outcome(machine, { hi: ~word, lo: 0 }), "#GP", `bit ${bit} clear`);
    }
    const sign = 1 << (linearBits - 33);
    assertEquals([isCanonical(MODES[id], sign), isCanonical(MODES[id], -sign)], [false, true]);
  });
}

Deno.test("a non-canonical address is #GP(0) whatever the tables say and whoever asks; nothing is read or marked", () => {
  const machine = machineIn("4-level");
  for (const kind of ["read", "write", "fetch"] as const) {
    for (const user of [false, true]) {
      const { steps, outcome } = explain(machine, EDGES["4-level"].first, kind, { user });
      assertEquals([steps.length, outcome.ok], [0, false]);
      assertEquals(!outcome.ok && outcome.fault, {
        vector: 13,
        errorCode: 0,
        reason: "address is not canonical in 4-level paging",
      });
    }
  }
});

Deno.test("a non-canonical address is #GP also where the tables, all accessed, would lead to a page", () => {
  for (const id of ["4-level", "5-level"] as const) {
    const machine = machineIn(id);
    setEntry(machine, tableAbove(id), 0, 0x5000 | PAGE);
    assertEquals(outcome(machine, 0), "frame 5");
    assertEquals(outcome(machine, { hi: 0xfe00_0000, lo: 0 }), "#GP");
    assertEquals(outcome(machine, { hi: 1 << (MODES[id].linearBits - 32), lo: 0 }), "#GP");
  }
});

Deno.test("a 32-bit mode has no address above 4 GiB, and every one below", () => {
  for (const id of ["two-level", "pae"] as const) {
    const machine = machineIn(id);
    assertEquals(outcome(machine, 0x1_0000_0000), "#GP", id);
    assertEquals(outcome(machine, 0xffff_f000), "#PF 0", id);
  }
});

Deno.test("with paging off every address is physical", () => {
  for (const id of MODE_IDS) {
    const machine = machineIn(id);
    machine.writeCr0(0x11);
    assertEquals(outcome(machine, 0x8000_0000_0000), "frame 800000000", id);
  }
});
