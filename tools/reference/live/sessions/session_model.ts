/**
 * A session on the book's machine.
 *
 * @module
 */

import { access, CPUS, CR0_PG, CR4_PAE, Machine, PhysicalMemory } from "../../../../core/mmu/mod.ts";
import {
  CR0_ON,
  DONE,
  FIRST_FRAME,
  linearOf,
  OFFSETS,
  physicalOf,
  PLACES,
  type Session,
  type SessionAnswer,
  type SessionMode,
  type Step,
  type StepAnswer,
} from "./session.ts";

/** The roots lie where the guest has them. */
const ROOTS = { "two-level": [0x20_0000, 0x20_1000], pae: [0x20_2000, 0x20_2020] } as const;
const MEMORY_BYTES = 2 ** 22;

/** The CPU that Bochs and QEMU are asked as. */
const SESSION_CPU = Object.freeze({ ...CPUS.today, physicalBits: 40, pku: false });

/** The book's machine in a session. */
export class SessionMachine {
  readonly machine: Machine = new Machine(SESSION_CPU, new PhysicalMemory(MEMORY_BYTES));
  readonly #mode: SessionMode;

  /**
   * Turns paging on.
   *
   * @param mode The mode.
   */
  constructor(mode: SessionMode) {
    this.#mode = mode;
    const { memory } = this.machine;
    if (mode === "pae") [0, 1].forEach((root) => memory.write(0x202, root * 8 + 2, ((0x203 + root) << 12) | 1));
    this.restart();
  }

  /** Begins anew: no entries, the registers of a session's start, nothing kept. */
  restart(): void {
    const { machine } = this;
    machine.writeCr0(CR0_ON & ~CR0_PG);
    machine.writeCr4(this.#mode === "pae" ? CR4_PAE : 0);
    machine.writeEfer(0);
    for (const place of PLACES) this.#store(physicalOf(this.#mode, place), 0, 0);
    machine.writeCr3(ROOTS[this.#mode][0]);
    machine.writeCr0(CR0_ON);
  }

  /** Takes a step; what came of it if it is an access. */
  take(step: Step): StepAnswer | undefined {
    const { machine } = this;
    switch (step.op) {
      case "store":
        this.#store(physicalOf(this.#mode, step.place), step.hi, step.lo);
        return undefined;
      case "cr0":
        machine.writeCr0(step.value);
        return undefined;
      case "cr3":
        machine.writeCr3(ROOTS[this.#mode][step.root]);
        return undefined;
      case "cr4":
        machine.writeCr4(step.value);
        return undefined;
      case "efer":
        machine.writeEfer(step.value);
        return undefined;
      case "invlpg":
        machine.invlpg(linearOf(this.#mode, step.page));
        return undefined;
      case "access":
        return this.#access(step);
    }
  }

  /** The entries, in the order of `PLACES`. */
  entries(): SessionAnswer["entries"] {
    return PLACES.map((place) => {
      const physical = physicalOf(this.#mode, place);
      const [pfn, word] = [Math.floor(physical / 4096), (physical % 4096) / 4];
      const hi = this.#mode === "pae" ? this.machine.memory.read(pfn, word + 1) : 0;
      return { hi: hi >>> 0, lo: this.machine.memory.read(pfn, word) >>> 0 };
    });
  }

  #store(physical: number, hi: number, lo: number): void {
    const [pfn, word] = [Math.floor(physical / 4096), (physical % 4096) / 4];
    this.machine.memory.write(pfn, word, lo | 0);
    if (this.#mode === "pae") this.machine.memory.write(pfn, word + 1, hi | 0);
  }

  #access({ page, kind, user, ac }: Extract<Step, { op: "access" }>): StepAnswer {
    this.machine.writeAc(ac);
    const result = access(this.machine, linearOf(this.#mode, page) + OFFSETS[kind], kind, { user });
    this.machine.writeAc(false);
    if (result.ok) return { vector: DONE, code: 0, cr2: 0, frame: result.frame - FIRST_FRAME };
    const { fault } = result;
    return {
      vector: fault.vector,
      code: fault.errorCode,
      cr2: fault.vector === 14 ? fault.cr2.lo : 0,
      frame: undefined,
    };
  }
}

const MACHINES = new Map<SessionMode, SessionMachine>();

/** A machine at the start of a session. There is one for each mode: who asks again gets the same, begun anew. */
export function freshMachine(mode: SessionMode): SessionMachine {
  const known = MACHINES.get(mode) ?? new SessionMachine(mode);
  MACHINES.set(mode, known);
  known.restart();
  return known;
}

/** A whole session. */
export function runSession({ mode, steps }: Session): SessionAnswer {
  const session = freshMachine(mode);
  const accesses = steps.map((step) => session.take(step)).filter((answer) => answer !== undefined);
  return { accesses, entries: session.entries() };
}
