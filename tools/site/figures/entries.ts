/**
 * Two entries and the rights that they leave together, bit by bit.
 *
 * @module
 */

import { table } from "../../../chapters/shown/table.ts";
import { walkTable } from "../../../chapters/shown/walk_table.ts";
import { access, type AccessKind, CPUS, explain, Machine, PhysicalMemory } from "../../../core/mmu/mod.ts";
import type { MovingFigure, State } from "./control.ts";
import { someOf, wordOf } from "./control.ts";

const PAGE = 0xc0100000;
const KINDS: readonly AccessKind[] = ["read", "write", "fetch"];
const FLAGS = { 0: "P", 1: "RW", 2: "US", 3: "PWT", 4: "PCD", 5: "A", 6: "D", 7: "PS/PAT", 8: "G" } as const;

/** A K8 in PAE mode with one page, whose two lower entries are as the reader has them. */
function machineOf(state: State): Machine {
  const machine = new Machine(CPUS.k8, new PhysicalMemory(1 << 24));
  const nx = (name: string) => someOf(state, "nx").includes(name) ? 0x8000_0000 : 0;
  const { memory } = machine;
  const put = (frame: number, index: number, hi: number, lo: number) => {
    memory.write(frame, index * 2, lo);
    memory.write(frame, index * 2 + 1, hi);
  };
  put(0x1, 3, 0, 0x2001); // PDPTE
  put(0x2, 0, nx("pde"), 0x3000 | wordOf(state, "pde"));
  put(0x3, 256, nx("pte"), 0x300000 | wordOf(state, "pte"));
  machine.writeCr3(0x1000);
  machine.writeCr4(0xb0); // PSE, PAE, PGE
  machine.writeEfer(0x800); // NXE
  machine.writeCr0(someOf(state, "wp").includes("wp") ? 0x8001_0001 : 0x8000_0001);
  return machine;
}

function draw(state: State): ReturnType<MovingFigure["draw"]> {
  const rows = [true, false].map((user) => {
    const answers = KINDS.map((kind) => {
      const machine = machineOf(state); // a fresh one: an access sets bits
      const done = access(machine, PAGE, kind, { user });
      if (done.ok) return [kind, `goes to 0x${done.physical.toString(16)}`];
      const { fault } = done;
      return [kind, fault.vector === 13 ? `#GP: ${fault.reason}` : `fault at the ${fault.entry}: ${fault.reason}`];
    });
    return { mode: user ? "user" : "supervisor", ...Object.fromEntries(answers) };
  });
  return [table(rows), walkTable(explain(machineOf(state), PAGE, "write", { user: true }))];
}

/** The entries of chapter 2. */
export const ENTRIES: MovingFigure = {
  id: "entries",
  title: "Turn over a bit of an entry: who may still do what?",
  below: "02_permissions/two_entries",
  controls: [
    { kind: "bits", name: "pde", label: "flags of the PDE", width: 9, value: "003", names: FLAGS },
    { kind: "bits", name: "pte", label: "flags of the PTE", width: 9, value: "005", names: FLAGS },
    {
      kind: "switches",
      name: "nx",
      label: "NX in",
      options: { pde: "the PDE", pte: "the PTE" },
      value: [],
    },
    {
      kind: "switches",
      name: "wp",
      label: "CR0",
      options: { wp: "WP: the supervisor heeds RW too" },
      value: ["wp"],
    },
  ],
  draw,
};
