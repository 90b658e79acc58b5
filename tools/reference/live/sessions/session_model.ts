/**
 * A session on the book's machine.
 *
 * @module
 */

import { access, CPUS, CR0_PG, Machine, PhysicalMemory } from "../../../../core/mmu/mod.ts";
import { type LiveMode, liveMode } from "../paging/modes.ts";
import {
  CR0_ON,
  DONE,
  FIRST_FRAME,
  isWide,
  linearOf,
  OFFSETS,
  physicalOf,
  PLACES,
  rootOf,
  type Session,
  type SessionAnswer,
  type Step,
  type StepAnswer,
} from "./session.ts";

/** Entries above the test's directories, as the guest has them: the frame and word of the first root's, and what it holds. */
const UPPER = {
  "two-level": [],
  "pae": [[0x202, 2, 0x20_3001]],
  "4-level": [[0x207, 0, 0x20_9027], [0x209, 2, 0x20_3027]],
  "5-level": [[0x20b, 0, 0x20_7027], [0x207, 0, 0x20_9027], [0x209, 2, 0x20_3027]],
} as const;
const MEMORY_BYTES = 2 ** 22;

/** The CPU that Bochs and QEMU are asked as. */
const SESSION_CPU = Object.freeze({ ...CPUS.today, physicalBits: 40, pku: false });

/** The book's machine in a session. */
export class SessionMachine {
  readonly machine: Machine = new Machine(SESSION_CPU, new PhysicalMemory(MEMORY_BYTES));
  readonly #mode: LiveMode;

  /**
   * Turns paging on.
   *
   * @param mode The mode.
   */
  constructor(mode: LiveMode) {
    this.#mode = mode;
    const { memory } = this.machine;
    // The tables of the second root lie a page behind those of the first; PAE's roots share a page.
    for (const [pfn, word, entry] of UPPER[mode]) {
      memory.write(pfn, word, entry);
      if (mode === "pae") memory.write(pfn, word + 8, entry + 0x1000);
      else memory.write(pfn + 1, word, entry + 0x1000);
    }
    this.restart();
  }

  /** Begins anew: no entries, the registers of a session's start, nothing kept. */
  restart(): void {
    const { machine } = this;
    const { cr4, efer } = liveMode(this.#mode);
    machine.writeCr0(CR0_ON & ~CR0_PG);
    machine.writeCr4(cr4);
    machine.writeEfer(efer);
    for (const place of PLACES) this.#store(physicalOf(this.#mode, place), 0, 0);
    machine.writeCr3(rootOf(this.#mode, 0));
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
        machine.writeCr3(rootOf(this.#mode, step.root));
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
      const hi = isWide(this.#mode) ? this.machine.memory.read(pfn, word + 1) : 0;
      return { hi: hi >>> 0, lo: this.machine.memory.read(pfn, word) >>> 0 };
    });
  }

  #store(physical: number, hi: number, lo: number): void {
    const [pfn, word] = [Math.floor(physical / 4096), (physical % 4096) / 4];
    this.machine.memory.write(pfn, word, lo | 0);
    if (isWide(this.#mode)) this.machine.memory.write(pfn, word + 1, hi | 0);
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

const MACHINES = new Map<LiveMode, SessionMachine>();

/** A machine at the start of a session. There is one for each mode: who asks again gets the same, begun anew. */
export function freshMachine(mode: LiveMode): SessionMachine {
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
