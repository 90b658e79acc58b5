/**
 * Small machines for tests: one path of tables with every right, in any mode, and answers in a word.
 *
 * @module
 */
import {
  type AccessKind,
  type Address,
  type Cpu,
  CPUS,
  GENERAL_PROTECTION,
  Machine,
  MODES,
  PhysicalMemory,
  toLinear,
} from "../../../core/mmu/mod.ts";
import { accessNumber } from "../../../core/mmu/permissions.ts";

/** Paging modes. */
export type ModeId = keyof typeof MODES;

/** All four of them. */
export const MODE_IDS = Object.keys(MODES) as readonly ModeId[];

/** CR0 with paging and protection, WP clear; CR0 with WP as well. */
export const PAGING = 0x8000_0011;
export const PAGING_WP = 0x8001_0011;
/** P RW US A: a table that takes no right away. */
export const TABLE = 0x27;
/** P RW US A D. */
export const PAGE = 0x67;
/** P RW US A D PS. */
export const LARGE = 0xe7;

/** Frame of the root table; the tables below it follow. */
export const ROOT = 0x10;

const SELECT: Readonly<Record<ModeId, { cr4: number; efer: number }>> = {
  "two-level": { cr4: 0, efer: 0 },
  "pae": { cr4: 0x20, efer: 0 },
  "4-level": { cr4: 0x20, efer: 0x100 },
  "5-level": { cr4: 0x1020, efer: 0x100 },
};

/** What a machine may have besides its mode. */
export interface Setting {
  readonly cpu?: Cpu;
  readonly cr0?: number;
  readonly cr4?: number;
  readonly efer?: number;
  readonly memoryBytes?: number;
}

/**
 * A machine with paging on. Linear address 0 leads through one table a level, each in the frame after the one before, with every
 * right; the table of the last level is empty.
 */
export function machineIn(id: ModeId, setting: Setting = {}): Machine {
  const { cpu = CPUS.today, cr0 = PAGING_WP, cr4 = 0, efer = 0, memoryBytes = 2 ** 24 } = setting;
  const machine = new Machine(cpu, new PhysicalMemory(memoryBytes));
  const faults = [machine.writeCr4(SELECT[id].cr4 | cr4)];
  MODES[id].levels.slice(1).forEach((_, depth) => {
    const flags = id === "pae" && depth === 0 ? 0x01 : TABLE;
    setEntry(machine, ROOT + depth, 0, ((ROOT + depth + 1) << 12) | flags);
  });
  faults.push(
    machine.writeEfer(SELECT[id].efer | efer),
    machine.writeCr3(ROOT * 4096),
    machine.writeCr0(cr0),
  );
  const fault = faults.find((fault) => fault !== undefined);
  if (fault) throw new Error(`Expected a machine in ${id} but found #GP: ${fault.reason}`);
  return machine;
}

/** Frame of the table at a level, counted from the last: 0 for that of the 4K pages, 1 for that of the 2M or 4M pages. */
export function tableAbove(id: ModeId, up = 0): number {
  return ROOT + MODES[id].levels.length - 1 - up;
}

/** Words an entry: 2 with CR4.PAE. */
function wordsOf({ cr4 }: Machine): 1 | 2 {
  return (cr4 & 0x20) !== 0 ? 2 : 1;
}

/** Stores an entry; the high word counts with CR4.PAE only. */
export function setEntry(machine: Machine, table: number, index: number, lo: number, hi = 0): void {
  const words = wordsOf(machine);
  machine.memory.write(table, index * words, lo);
  if (words === 2) machine.memory.write(table, index * words + 1, hi);
}

/** The low word of an entry. */
export function entryLo(machine: Machine, table: number, index: number): number {
  return machine.memory.read(table, index * wordsOf(machine));
}

/** What the machine answers to an access: `frame 5`, `#PF 7` (hexadecimal) or `#GP`. */
export function outcome(machine: Machine, address: Address, kind: AccessKind = "read", user = false): string {
  const { hi, lo } = toLinear(address);
  const answer = machine.translate(hi | 0, lo | 0, accessNumber({ kind, user }));
  if (answer >= 0) return `frame ${answer.toString(16)}`;
  return answer === GENERAL_PROTECTION ? "#GP" : `#PF ${(-1 - answer).toString(16)}`;
}
