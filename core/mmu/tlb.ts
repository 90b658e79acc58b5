/**
 * The translation lookaside buffer: results of walks, kept until a flush or an eviction.
 *
 * @module
 */

import type { BankSnapshot, TlbSnapshot } from "./snapshot.ts";
import { LAST_NARROW as LAST, TlbBank, type TlbEntry, VALID as VALID_BIT } from "./tlb_bank.ts";

// Constants of this module: see walk.ts.
const VALID = VALID_BIT;
const LAST_NARROW = LAST;

/**
 * A TLB: a bank of 4K pages and one for each size of large page. A large page takes one entry.
 *
 * A change of a page table does not change the TLB. What a flush drops is defined by the architecture (Intel SDM vol. 3A,
 * section 4.10). The sizes (1024, 64, 8 slots, direct-mapped) are this emulator's choice. There are no
 * paging-structure caches: a walk reads every level from memory.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.pentium, new PhysicalMemory(1 << 24));
 * machine.writeCr4(0x10); // PSE
 * machine.memory.write(0x1, 768, 0x0000_00e3); // a 4M page
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8001_0011);
 * for (let page = 0; page < 1024; page++) machine.translate(0, (0xc000_0000 | 0) + page * 4096, 0);
 * assertEquals(machine.tlb.entries().map(({ pageBytes, frame }) => [pageBytes, frame]), [[4 << 20, 0]]);
 * assertEquals(machine.tlb.fills, 1);
 * ```
 */
export class Tlb {
  /**
   * 4K pages.
   *
   * @internal
   */
  readonly small: TlbBank = new TlbBank(12, 1024);
  /**
   * 4M pages (two-level).
   *
   * @internal
   */
  readonly large4M: TlbBank = new TlbBank(22, 64);
  /**
   * 2M pages (PAE and long mode).
   *
   * @internal
   */
  readonly large2M: TlbBank = new TlbBank(21, 64);
  /**
   * 1G pages (long mode).
   *
   * @internal
   */
  readonly huge: TlbBank = new TlbBank(30, 8);
  /**
   * The banks of large pages.
   *
   * @internal
   */
  readonly largeBanks: readonly TlbBank[] = [
    this.large2M,
    this.large4M,
    this.huge,
  ];
  /** Number of fills: walks whose result was stored. */
  fills = 0;
  /** Flushes of more than one page. */
  flushes = 0;
  /** Fills since the last full flush that `small.words` does not hold completely: large pages, and frame numbers too wide for a word. */
  beyondSmall = 0;

  /**
   * The bank for a page size.
   *
   * @param shift Log2 of the page size: 12, 21, 22 or 30.
   * @returns The bank.
   */
  bank(shift: number): TlbBank {
    return shift === 12 ? this.small : this.largeBanks.find((bank) => bank.shift === shift) ?? this.small;
  }

  /**
   * Stores the result of a walk.
   *
   * @param shift Log2 of the page size: 12, 21, 22 or 30.
   * @param hi Bits 63..32 of the linear address, signed.
   * @param lo Bits 31..0, signed; those within the page do not count.
   * @param frame First frame of the page.
   * @param flags Rights, global bit and PAT index (`packFlags`).
   */
  fill(shift: number, hi: number, lo: number, frame: number, flags: number): void {
    this.fills++;
    if (shift === 12 && frame <= LAST_NARROW) this.#fillSmall(hi, lo, frame, flags);
    else this.#fillBeyond(shift, hi, lo, frame, flags);
  }

  /** Separate from `fill`, so that the usual path of a miss stays short enough for V8 to inline it. */
  #fillBeyond(shift: number, hi: number, lo: number, frame: number, flags: number): void {
    this.beyondSmall++;
    this.bank(shift).fill(hi, lo, frame, flags);
  }

  /** Does what `small.fill` does, with that bank's numbers as constants, because nearly every fill is one of a 4K page. */
  #fillSmall(hi: number, lo: number, frame: number, flags: number): void {
    const { small } = this;
    const { words } = small;
    const slot = (lo >>> 10) & 0xffc;
    if (words[slot] === 0) small.used++;
    words[slot] = (lo & -4096) | VALID;
    words[slot + 1] = hi;
    words[slot + 2] = frame;
    words[slot + 3] = flags;
  }

  /** Whether any translation of a large page is valid. */
  get hasLarge(): boolean {
    return this.large2M.used !== 0 || this.large4M.used !== 0 ||
      this.huge.used !== 0;
  }

  /** INVLPG: drops the translation of an address, for any page size, global or not. */
  invalidate(hi: number, lo: number): void {
    this.small.invalidate(hi, lo);
    if (this.hasLarge) { for (const bank of this.largeBanks) bank.invalidate(hi, lo); }
  }

  /** Drops all translations, or (as a CR3 load does) all that are not global. */
  flush(keepGlobal: boolean): void {
    this.flushes++;
    if (!keepGlobal) this.beyondSmall = 0;
    this.small.flush(keepGlobal);
    for (const bank of this.largeBanks) bank.flush(keepGlobal);
  }

  /** A copy of all slots. */
  snapshot(): TlbSnapshot {
    const banks = [this.small, ...this.largeBanks].map((bank) => bank.snapshot());
    return Object.freeze({ banks, fills: this.fills, flushes: this.flushes, beyondSmall: this.beyondSmall });
  }

  /** Puts everything back. */
  restore({ banks, fills, flushes, beyondSmall }: TlbSnapshot): void {
    for (const [i, bank] of [this.small, ...this.largeBanks].entries()) bank.restore(banks[i] as BankSnapshot);
    this.fills = fills;
    this.flushes = flushes;
    this.beyondSmall = beyondSmall;
  }

  /** The valid translations, smallest pages first. */
  entries(): TlbEntry[] {
    return [this.small, ...this.largeBanks].flatMap((
      bank,
    ) => [...bank.entries()]);
  }
}
