/**
 * Entries of page tables, read and written in physical memory.
 *
 * @module
 */

import { checkArguments, integer } from "../check.ts";
import { EFER_LMA, EFER_LME, type Entry, type Machine, type Mode, P, selectMode } from "../mmu/mod.ts";
import { READ, WRITE } from "./checks.ts";
import { everythingDue, type FlushDue, nothingDue } from "./flush.ts";

const FRAME_WORDS = 1024;

/**
 * The paging mode of a machine's tables: the one that is on, or the one that its registers will select when paging is switched on.
 *
 * @param machine The machine. With paging off CR4.PAE, CR4.LA57 and EFER.LME decide.
 * @returns The mode.
 * @throws {TypeError} If it is no machine.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tableMode } from "@pagetable-init/textbook/mapper";
 * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 *
 * const machine = new Machine(CPUS.k8, new PhysicalMemory(1 << 24));
 * machine.writeCr4(0x20); // PAE
 * assertEquals(tableMode(machine).id, "pae");
 * machine.writeEfer(0x100); // LME
 * assertEquals(tableMode(machine).id, "4-level");
 * ```
 */
export function tableMode(machine: Machine): Mode {
  checkArguments(READ, arguments);
  return modeOf(machine);
}

/** The same for a machine that is known to be one. */
export function modeOf({ mode, cr4, efer }: Machine): Mode {
  return mode ?? selectMode(cr4, (efer & EFER_LME) !== 0 ? efer | EFER_LMA : efer);
}

/**
 * Where the root table is.
 *
 * @param machine CR3 decides.
 * @returns Its frame, and the index of its first entry in that frame: not 0 only if the four PDPTEs of PAE do not begin the frame.
 */
export function rootOf(machine: Machine): { readonly frame: number; readonly first: number } {
  const { cr3 } = machine;
  return { frame: Math.floor(cr3 / 4096), first: modeOf(machine).rootInRegisters ? (cr3 % 4096) >>> 5 << 2 : 0 };
}

/**
 * Reads an entry.
 *
 * @param machine Its paging mode (`tableMode`) says how wide entries are.
 * @param frame Frame of the table.
 * @param index Index of the entry in that frame.
 * @returns The words, unsigned; `hi` is 0 in two-level paging.
 * @throws {RangeError} If there is no such frame or entry.
 * @throws {TypeError} If an argument is of another kind.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readEntry } from "@pagetable-init/textbook/mapper";
 * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * machine.memory.write(0x1, 768, 0x2003);
 * assertEquals(readEntry(machine, 0x1, 768), { lo: 0x2003, hi: 0 });
 * ```
 */
export function readEntry(machine: Machine, frame: number, index: number): Entry {
  checkArguments(READ, arguments);
  const { memory } = machine;
  const words = checkPlace(machine, frame, index);
  const word = index * words;
  return { lo: memory.read(frame, word) >>> 0, hi: words === 2 ? memory.read(frame, word + 1) >>> 0 : 0 };
}

/**
 * Writes an entry into physical memory: no rights are checked and no hypervisor is asked.
 *
 * @param machine Its paging mode (`tableMode`) says how wide entries are.
 * @param frame Frame of the table.
 * @param index Index of the entry in that frame.
 * @param entry The words, as `makeEntry` makes them. Their content is not checked.
 * @returns The flush that is due: everything if the old entry was present, because one entry can serve many addresses, and for a PDPTE of
 * PAE; else nothing.
 * @throws {RangeError} If there is no such frame or entry, a word is no 32-bit number, or a 4-byte entry would have a high word.
 * @throws {TypeError} If an argument is of another kind.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { writeEntry } from "@pagetable-init/textbook/mapper";
 * import { CPUS, explain, Machine, makeEntry, P, PhysicalMemory, RW } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * writeEntry(machine, 0x1, 768, makeEntry(0x2, P | RW)); // pde 768 -> table in frame 2
 * writeEntry(machine, 0x2, 0x100, makeEntry(0x100, P)); // pte 0x100 -> frame 0x100, read-only
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8001_0001); // paging, write protect
 * const { outcome } = explain(machine, 0xc0100abc);
 * assertEquals(outcome.ok && outcome.physical, 0x100abc);
 * assertEquals(writeEntry(machine, 0x2, 0x100, makeEntry(0x101, P)).kind, "everything");
 * ```
 */
export function writeEntry(machine: Machine, frame: number, index: number, entry: Entry): FlushDue {
  checkArguments(WRITE, arguments);
  const words = checkPlace(machine, frame, index);
  if (words === 1 && entry.hi !== 0) {
    throw new RangeError(`Expected an entry of one word in two-level paging but found high word ${hex(entry.hi)}`);
  }
  const wasPresent = (readEntry(machine, frame, index).lo & P) !== 0;
  storeEntry(machine, frame, index, entry);
  if (isPdpte(machine, frame, index)) return everythingDue(machine, "the PDPTEs of PAE are loaded with CR3");
  if (!wasPresent) return nothingDue("the TLB holds no entry that was not present");
  return everythingDue(machine, "the TLB may hold pages that were reached by the old entry");
}

/** Writes an entry at a place that is known to be one. */
export function storeEntry(machine: Machine, frame: number, index: number, { lo, hi }: Entry): void {
  const { memory } = machine;
  if (modeOf(machine).entryWords === 1) memory.write(frame, index, lo);
  else memory.writePair(frame, 2 * index, hi, lo);
}

/** Whether an entry is one of the four that are loaded into registers. */
export function isPdpte(machine: Machine, frame: number, index: number): boolean {
  const root = rootOf(machine);
  return modeOf(machine).rootInRegisters && frame === root.frame && index >= root.first && index < root.first + 4;
}

/** Words an entry, after a check that there is one at this place. */
function checkPlace(machine: Machine, frame: number, index: number): 1 | 2 {
  const { entryWords } = modeOf(machine);
  integer(0, machine.memory.frames - 1)(frame, "frame");
  integer(0, FRAME_WORDS / entryWords - 1)(index, "index");
  return entryWords;
}

/** A frame number as people read it. */
export function hex(frame: number): string {
  return `0x${frame.toString(16)}`;
}
