/**
 * The TLB: a change of an entry, a flush or none, and what the CPU does after it.
 *
 * @module
 */

import { table } from "../../../chapters/shown/table.ts";
import { access, CPUS, explain, Machine, PhysicalMemory } from "../../../core/mmu/mod.ts";
import type { MovingFigure, State } from "./control.ts";
import { one, someOf } from "./control.ts";

const PAGE = 0x08048000;
const PGE = 0x80;
const GLOBAL = 0x100;

const CHANGES: Readonly<Record<string, (entry: number) => number>> = {
  none: (entry) => entry,
  clear: () => 0,
  "read-only": (entry) => entry & ~2,
  elsewhere: (entry) => (entry & 0xfff) | 0x400000,
};

const FLUSHES: Readonly<Record<string, (machine: Machine) => void>> = {
  none: () => {},
  invlpg: (machine) => machine.invlpg(PAGE),
  neighbour: (machine) => machine.invlpg(PAGE + 4096),
  cr3: (machine) => machine.writeCr3(machine.cr3),
  pge: (machine) => {
    machine.writeCr4(machine.cr4 & ~PGE);
    machine.writeCr4(machine.cr4 | PGE);
  },
};

function draw(state: State): ReturnType<MovingFigure["draw"]> {
  const machine = new Machine(CPUS.p6, new PhysicalMemory(1 << 24));
  const { memory } = machine;
  const global = someOf(state, "global").includes("global") ? GLOBAL : 0;
  const index = (PAGE >>> 12) & 0x3ff;
  memory.write(0x1, PAGE >>> 22, 0x2067);
  memory.write(0x2, index, 0x300067 | global);
  machine.writeCr3(0x1000);
  machine.writeCr4(PGE);
  machine.writeCr0(0x8001_0001);
  access(machine, PAGE, "write", { user: true });
  const change = pick(CHANGES, one(state, "change"));
  memory.write(0x2, index, change(memory.read(0x2, index)));
  pick(FLUSHES, one(state, "flush"))(machine);
  const said = explain(machine, PAGE, "write", { user: true }).outcome;
  const done = access(machine, PAGE, "write", { user: true });
  const words = (it: typeof said | typeof done) => it.ok ? `to 0x${it.physical.toString(16)}` : "page fault";
  const [tables, cpu] = [words(said), words(done)];
  return [table(
    [{
      "the tables say": tables,
      "a store of the program goes": cpu,
      "lines in the TLB": machine.tlb.entries().length,
    }],
    tables === cpu ? "CPU and tables agree." : "The CPU does what the tables no longer say: a flush is missing.",
  )];
}

function pick<T>(rows: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(rows, name) ? rows[name] : undefined;
  if (found === undefined) throw new RangeError(`Expected one of ${Object.keys(rows).join(", ")} but found ${name}`);
  return found;
}

/** The TLB of chapter 3. */
export const TLB: MovingFigure = {
  id: "tlb",
  title: "Change an entry, flush or do not: what does the CPU do?",
  below: "03_tlb/what_forgets",
  controls: [
    {
      kind: "choice",
      name: "change",
      label: "the kernel",
      options: {
        none: "changes nothing",
        clear: "clears the entry",
        "read-only": "takes RW away",
        elsewhere: "leads it to another frame",
      },
      value: "clear",
    },
    {
      kind: "choice",
      name: "flush",
      label: "and then",
      options: {
        none: "does not flush",
        invlpg: "INVLPG of the page",
        neighbour: "INVLPG of its neighbour",
        cr3: "loads CR3",
        pge: "turns CR4.PGE off and on",
      },
      value: "none",
    },
    { kind: "switches", name: "global", label: "the entry had", options: { global: "G" }, value: [] },
  ],
  draw,
};
