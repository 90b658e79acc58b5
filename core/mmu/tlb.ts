/**
 * The translation lookaside buffer: what the CPU remembers of walks, until told otherwise.
 *
 * @module
 */

import type { Linear } from "./address.ts";

const SLOT_WORDS = 4;
const VALID = 1;
const GLOBAL = 0x100;
const PAT_SHIFT = 9;
/** The last frame number that a word of a slot can hold. */
const LAST_NARROW = 0x7fff_ffff;

/**
 * What a slot holds beside its page and frame.
 *
 * @param rights Packed rights (`RIGHT_…`).
 * @param global Whether a CR3 load spares it.
 * @param patIndex PAT index of the leaf.
 * @returns Rights in bits 7..0, the global bit in bit 8, where a leaf has it, the PAT index above.
 */
export function packFlags(rights: number, global: boolean, patIndex: number): number {
  return rights | (global ? GLOBAL : 0) | (patIndex << PAT_SHIFT);
}

/** One entry of the TLB, for looking at. */
export interface TlbEntry {
  /** First linear address of the page. */
  readonly linear: Linear;
  /** Bytes of the page. */
  readonly pageBytes: number;
  /** First frame of the page. */
  readonly pfn: number;
  /** Packed rights (`RIGHT_…`). */
  readonly rights: number;
  /** Survives a CR3 load. */
  readonly global: boolean;
  /** PAT index of the leaf. */
  readonly patIndex: number;
}

/**
 * Translations of one page size, direct-mapped. Four words a slot: tag (address bits 31..12 and a valid bit), address bits 63..32,
 * frame (or -1 when it needs more than 31 bits: then `wideFrames` has it), packed rights with global bit and PAT index.
 */
export class TlbBank {
  /** Log2 of the page size. */
  readonly shift: number = 0;
  /** Number of slots, a power of two. */
  readonly slots: number = 0;
  /** The slots. Hot paths index it directly. */
  readonly words: Int32Array;
  /** Frames of 2^31 and above. */
  readonly wideFrames: Float64Array;
  /** Valid slots. */
  used = 0;
  readonly #mask: number = 0;

  /**
   * An empty bank.
   *
   * @param shift Log2 of the page size.
   * @param slots Number of slots, a power of two.
   */
  constructor(shift: number, slots: number) {
    this.shift = shift;
    this.#mask = -(2 ** shift);
    this.slots = slots;
    this.words = new Int32Array(slots * SLOT_WORDS);
    this.wideFrames = new Float64Array(slots);
  }

  /** Index into `words` of the slot for an address. */
  slotOf(hi: number, lo: number): number {
    return (((hi << (32 - this.shift)) | (lo >>> this.shift)) &
      (this.slots - 1)) * SLOT_WORDS;
  }

  /** Index into `words` of the slot that holds the page of an address, or -1. */
  find(hi: number, lo: number): number {
    const slot = this.slotOf(hi, lo);
    return this.words[slot] === this.tag(lo) && this.words[slot + 1] === hi ? slot : -1;
  }

  /**
   * Remembers a translation, evicting what was in its slot.
   *
   * @param hi Bits 63..32 of the linear address, signed.
   * @param lo Bits 31..0, signed; those within the page do not count.
   * @param pfn First frame of the page.
   * @param flags What else there is to know of it (`packFlags`).
   */
  fill(hi: number, lo: number, pfn: number, flags: number): void {
    const { words } = this;
    const slot = this.slotOf(hi, lo);
    if (words[slot] === 0) this.used++;
    words[slot] = this.tag(lo);
    words[slot + 1] = hi;
    words[slot + 2] = pfn <= LAST_NARROW ? pfn : -1;
    words[slot + 3] = flags;
    if (pfn > LAST_NARROW) this.wideFrames[slot / SLOT_WORDS] = pfn;
  }

  /** Packed rights of a slot. */
  rightsAt(slot: number): number {
    return (this.words[slot + 3] ?? 0) & 0xff;
  }

  /** First frame of the page in a slot. */
  frameAt(slot: number): number {
    const frame = this.words[slot + 2] ?? 0;
    return frame >= 0 ? frame : this.wideFrames[slot / SLOT_WORDS] ?? 0;
  }

  /** Forgets the page of an address, global or not. */
  invalidate(hi: number, lo: number): void {
    const slot = this.find(hi, lo);
    if (slot >= 0) this.#drop(slot);
  }

  /** Forgets everything, or everything that is not global. */
  flush(keepGlobal: boolean): void {
    if (this.used === 0) return;
    if (!keepGlobal) {
      this.words.fill(0);
      this.used = 0;
      return;
    }
    for (let slot = 0; slot < this.words.length; slot += SLOT_WORDS) {
      if (
        this.words[slot] !== 0 && ((this.words[slot + 3] ?? 0) & GLOBAL) === 0
      ) this.#drop(slot);
    }
  }

  /** The valid slots, in slot order. */
  *entries(): Generator<TlbEntry> {
    for (let slot = 0; slot < this.words.length; slot += SLOT_WORDS) {
      const tag = this.words[slot] ?? 0;
      if (tag === 0) continue;
      const flags = this.words[slot + 3] ?? 0;
      yield {
        linear: {
          hi: (this.words[slot + 1] ?? 0) >>> 0,
          lo: (tag & ~VALID) >>> 0,
        },
        pageBytes: 2 ** this.shift,
        pfn: this.frameAt(slot),
        rights: flags & 0xff,
        global: (flags & GLOBAL) !== 0,
        patIndex: flags >>> PAT_SHIFT,
      };
    }
  }

  /** The tag of an address: its page's low word, with the valid bit. */
  tag(lo: number): number {
    return (lo & this.#mask) | VALID;
  }

  #drop(slot: number): void {
    this.words[slot] = 0;
    this.used--;
  }
}

/**
 * A TLB: a bank of 4K pages and one for each size of large page. A large page takes one entry.
 *
 * Nothing here notices that a page table has changed. What a flush forgets and what it keeps is the architecture's
 * (Intel SDM vol. 3A, section 4.10); the sizes (1024, 64, 8 slots, direct-mapped) are this emulator's. There are no
 * paging-structure caches: a walk reads every level from memory.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 *
 * const machine = new Machine(CPUS.pentium, new PhysicalMemory(1 << 24));
 * machine.writeCr4(0x10); // PSE
 * machine.memory.write(0x1, 768, 0x0000_00e3); // a 4M page
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8001_0011);
 * for (let page = 0; page < 1024; page++) machine.translate(0, (0xc000_0000 | 0) + page * 4096, 0);
 * assertEquals(machine.tlb.entries().map(({ pageBytes, pfn }) => [pageBytes, pfn]), [[4 << 20, 0]]);
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
  /** Walks that were remembered. */
  fills = 0;
  /** Flushes of more than one page. */
  flushes = 0;
  /** Of the walks remembered since everything was last forgotten, those that `small.words` alone does not tell: large pages, wide frames. */
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
   * Remembers a walk.
   *
   * @param shift Log2 of the page size: 12, 21, 22 or 30.
   * @param hi Bits 63..32 of the linear address, signed.
   * @param lo Bits 31..0, signed; those within the page do not count.
   * @param pfn First frame of the page.
   * @param flags What else there is to know of it (`packFlags`).
   */
  fill(shift: number, hi: number, lo: number, pfn: number, flags: number): void {
    this.fills++;
    if (shift === 12 && pfn <= LAST_NARROW) this.#fillSmall(hi, lo, pfn, flags);
    else this.#fillBeyond(shift, hi, lo, pfn, flags);
  }

  /** Apart, so that a miss with all that it usually does is short enough for V8 to become one function. */
  #fillBeyond(shift: number, hi: number, lo: number, pfn: number, flags: number): void {
    this.beyondSmall++;
    this.bank(shift).fill(hi, lo, pfn, flags);
  }

  /** As `small.fill` does it, with the numbers of that bank as constants: nearly every fill is one of these. */
  #fillSmall(hi: number, lo: number, pfn: number, flags: number): void {
    const { small } = this;
    const { words } = small;
    const slot = (lo >>> 10) & 0xffc;
    if (words[slot] === 0) small.used++;
    words[slot] = (lo & -4096) | VALID;
    words[slot + 1] = hi;
    words[slot + 2] = pfn;
    words[slot + 3] = flags;
  }

  /** Whether any large page is remembered. */
  get hasLarge(): boolean {
    return this.large2M.used !== 0 || this.large4M.used !== 0 ||
      this.huge.used !== 0;
  }

  /** INVLPG: forgets the page of an address, of whatever size, global or not. */
  invalidate(hi: number, lo: number): void {
    this.small.invalidate(hi, lo);
    for (const bank of this.largeBanks) bank.invalidate(hi, lo);
  }

  /** Forgets everything, or (as a CR3 load does) everything that is not global. */
  flush(keepGlobal: boolean): void {
    this.flushes++;
    if (!keepGlobal) this.beyondSmall = 0;
    this.small.flush(keepGlobal);
    for (const bank of this.largeBanks) bank.flush(keepGlobal);
  }

  /** What is remembered now, smallest pages first. */
  entries(): TlbEntry[] {
    return [this.small, ...this.largeBanks].flatMap((
      bank,
    ) => [...bank.entries()]);
  }
}
