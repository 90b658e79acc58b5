/**
 * Page tables built by hand, entry by entry.
 *
 * @module
 */
import { type Cpu, CPUS, type Mode, PhysicalMemory } from "@pagetable-init/textbook";
import type { Guest } from "@pagetable-init/textbook/audit";
import { indexAt, P, PS } from "@pagetable-init/textbook/mmu";
import type { Tables } from "@pagetable-init/textbook/tables";

/** How one page is mapped; whatever is left out is as usual. */
export interface Mapping {
  /** Log2 of the page size; 12. */
  readonly shift?: number;
  /** Flags of the leaf; P RW A D. */
  readonly flags?: number;
  /** High word's flags of the leaf; none. */
  readonly high?: number;
  /** Flags of the tables above, where they are made now; P RW US A D, or P alone where there are no others. */
  readonly above?: number;
}

const FIRST_TABLE = 0x100;

/** Builds tables from frame 0x100 on. */
export class TableBuilder {
  readonly tables: Tables;
  #next = FIRST_TABLE;

  constructor(
    mode: Mode,
    { cpu = CPUS.today, cr4 = 0x10, efer = 0x800 }: { cpu?: Cpu; cr4?: number; efer?: number } = {},
  ) {
    const memory = new PhysicalMemory(2 ** 36);
    this.tables = { memory, cpu, mode, root: this.#next++ * 4096, cr4, efer };
  }

  /** Maps pages, the frames counting up with the addresses. */
  map(linear: { hi: number; lo: number }, frame: number, pages = 1, how: Mapping = {}): this {
    const step = 2 ** ((how.shift ?? 12) - 12);
    for (let i = 0; i < pages * step; i += step) {
      const lo = linear.lo + i * 4096;
      this.#mapOne(linear.hi + Math.floor(lo / 2 ** 32), lo >>> 0, frame + i, how);
    }
    return this;
  }

  /** The frames that serve as tables so far. */
  get frames(): number[] {
    return Array.from({ length: this.#next - FIRST_TABLE }, (_, i) => FIRST_TABLE + i);
  }

  /** A kernel that has these tables. */
  guest(parts: Partial<Guest> & Pick<Guest, "lowmemPages">): Guest {
    return {
      ...this.tables,
      pageOffset: { hi: 0, lo: 0xc000_0000 },
      executablePages: 0,
      firstExecutablePage: 0,
      usGrantsUser: true,
      features: { pse: false, pge: false, nx: false },
      p2m: undefined,
      m2p: undefined,
      readOnly: new Set(),
      ...parts,
    };
  }

  #mapOne(hi: number, lo: number, frame: number, { shift = 12, flags = 0x63, high = 0, above }: Mapping): void {
    const { memory, mode } = this.tables;
    let table = this.tables.root / 4096;
    for (const level of mode.levels) {
      const word = indexAt(level, hi, lo) * mode.entryWords;
      if (level.shift === shift) {
        const large = shift > 12 ? PS : 0;
        return this.#store(table, word, Math.floor(frame / 2 ** 20) | high, ((frame & 0xf_ffff) << 12) | flags | large);
      }
      const found = memory.read(table, word);
      if ((found & P) === 0) this.#store(table, word, 0, (this.#next++ << 12) | (above ?? (level.rights ? 0x67 : 1)));
      table = memory.read(table, word) >>> 12;
    }
  }

  #store(table: number, word: number, hi: number, lo: number): void {
    this.tables.memory.write(table, word, lo);
    if (this.tables.mode.entryWords === 2) this.tables.memory.write(table, word + 1, hi);
  }
}
