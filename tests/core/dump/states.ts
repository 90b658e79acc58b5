/**
 * A small state to spoil: a Pentium III with PAE, two tables of 4K pages and a large page.
 *
 * @module
 */
import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { type SavedState, saveState } from "@pagetable-init/textbook/dump";

/** The fields of a header, any of which a test may replace. */
export type Header = Record<string, unknown> & { registers: Record<string, unknown>; frames: unknown[] };

/** The machine: pgd in frame 0x10 at offset 0x40, pmd 0x20, pte 0x31, one pte that maps the pmd. */
export function smallMachine(): Machine {
  const machine = new Machine(CPUS.p6, new PhysicalMemory(2 ** 24));
  const { memory } = machine;
  memory.write(0x10, 16 + 6, 0x2_0001); // pgd entry 3
  memory.write(0x20, 0, 0x3_1067);
  memory.write(0x20, 2, 0x20_01e3); // a 2M page
  memory.write(0x31, 0, 0x0000_0063);
  memory.write(0x31, 2, 0x0002_0063);
  machine.writeCr4(0x30);
  machine.writeCr3(0x1_0040);
  machine.writeCr0(0x8001_0011);
  return machine;
}

/** The machine, saved. */
export async function smallState(): Promise<SavedState> {
  return await saveState(smallMachine(), { name: "small", description: "a small machine" });
}

/** A header with some fields replaced, as text. */
export function changed({ header }: SavedState, change: (header: Header) => void): string {
  const fields: Header = JSON.parse(header);
  change(fields);
  return JSON.stringify(fields);
}
