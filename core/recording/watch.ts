/**
 * Follows the walk of one address through a recording: the entries that it reads, and its result.
 *
 * @module
 */

import { PAT_RESET } from "../mmu/memory_type.ts";
import {
  CPUS,
  CR0_PG,
  explain,
  type Explanation,
  type Linear,
  type Paging,
  PhysicalMemory,
  type Right,
  selectMode,
  type Step,
} from "../mmu/mod.ts";
import type { RecordedRegister, Stores } from "./log.ts";

/** The result of a walk: its page and rights. */
export interface View {
  /** Frame of the byte; -1 where nothing is mapped. */
  readonly frame: number;
  /** Size of the page; 0 where nothing is mapped. */
  readonly pageBytes: number;
  /** Rights at the address besides reading. */
  readonly rights: readonly Right[];
  /** Whether a TLB keeps the translation over a load of CR3. */
  readonly global: boolean;
}

const UNMAPPED: View = Object.freeze({ frame: -1, pageBytes: 0, rights: Object.freeze([]), global: false });
const RIGHTS: readonly Right[] = ["write", "user", "execute"];

/** Memory and registers that stores and events change, and the walk of one address. */
export class WatchedWalk {
  /** Physical addresses of the words of the present walk's entries: one or two an entry. */
  path: ReadonlySet<number> = new Set();
  /** The result of the last walk. */
  view: View = UNMAPPED;
  readonly #memory: PhysicalMemory;
  readonly #linear: Linear;
  readonly #registers: Record<RecordedRegister, number> = { cr0: 0, cr3: 0, cr4: 0, efer: 0 };
  #bytes = 8;

  /**
   * @param ramBytes Size of the guest's memory.
   * @param linear The address.
   */
  constructor(ramBytes: number, linear: Linear) {
    this.#memory = new PhysicalMemory(ramBytes);
    this.#linear = linear;
  }

  /** Applies a store. Returns whether it was to an entry of the walk. */
  store({ address, size, lo, hi }: Stores, i: number): boolean {
    const [at, bytes, value] = [address[i] as number, size[i] as number, lo[i] as number];
    const [frame, word] = [Math.floor(at / 4096), (at % 4096) >>> 2];
    const memory = this.#memory;
    if (at % 4 === 0 && bytes >= 4) {
      memory.write(frame, word, value);
      if (bytes === 8) memory.write(frame, word + 1, hi[i] as number);
    } else {
      for (let byte = 0; byte < bytes; byte++) {
        const [where, shift] = [(at % 4096) + byte, (byte % 4) * 8];
        const bits = ((byte < 4 ? value : hi[i] as number) >>> shift) & 0xff;
        const place = (where % 4) * 8;
        memory.write(frame, where >>> 2, (memory.read(frame, where >>> 2) & ~(0xff << place)) | (bits << place));
      }
    }
    return touches(at, bytes, this.path);
  }

  /** Loads a register. */
  load(register: RecordedRegister, { hi, lo }: Linear): void {
    this.#registers[register] = register === "cr3" ? (hi % 0x10_0000) * 2 ** 32 + lo : lo | 0;
    this.walk();
  }

  /** Walks the present tables again, and sets the result and the entries read. */
  walk(): void {
    const { cr0, cr3, cr4, efer } = this.#registers;
    const mode = (cr0 & CR0_PG) === 0 ? undefined : selectMode(cr4, efer);
    this.#bytes = mode?.entryWords === 1 ? 4 : 8;
    const root = Math.floor(cr3 / 4096);
    const pdpt = mode?.rootInRegisters ? ((cr3 % 4096) >>> 5) * 8 : 0;
    const paging: Paging = {
      memory: this.#memory,
      cpu: CPUS.today,
      mode,
      cr0,
      cr3,
      cr4,
      efer,
      pdptes: Int32Array.from({ length: 8 }, (_, word) => this.#memory.read(root, (pdpt + word) % 1024)),
      pat: PAT_RESET,
      mtrrType: "WB",
      pkru: 0,
      ac: true, // SMAP is in nobody's way
    };
    const explanation = explain(paging, this.#linear);
    this.path = new Set(explanation.steps.flatMap((step) => {
      const entry = this.#addressOf(step, root, pdpt);
      return this.#bytes === 8 ? [entry, entry + 4] : [entry];
    }));
    this.view = mode === undefined ? UNMAPPED : viewOf(explanation);
  }

  #addressOf({ table, index }: Step, root: number, pdpt: number): number {
    return table < 0 ? root * 4096 + pdpt * 4 + index * 8 : table * 4096 + index * this.#bytes;
  }
}

/** Whether bytes are in one of some words. */
export function touches(address: number, bytes: number, words: ReadonlySet<number>): boolean {
  for (let at = address - address % 4; at < address + bytes; at += 4) if (words.has(at)) return true;
  return false;
}

function viewOf({ steps, outcome }: Explanation): View {
  if (!outcome.ok) return UNMAPPED;
  const revoked = new Set(steps.flatMap((step) => step.revoked));
  const { frame, pageBytes, global } = outcome;
  return { frame, pageBytes, global, rights: RIGHTS.filter((right) => !revoked.has(right)) };
}
