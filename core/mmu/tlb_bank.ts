/**
 * One bank of the TLB: the translations of one page size.
 *
 * @module
 */

import type { Linear } from "./address.ts";
import type { BankSnapshot } from "./snapshot.ts";

const SLOT_WORDS = 4;
/** Bit of a tag: the slot is in use. */
export const VALID = 1;
const GLOBAL = 0x100;
const PAT_SHIFT = 9;
/** The last frame number that a word of a slot can hold. */
export const LAST_NARROW = 0x7fff_ffff;

/**
 * Packs the flags of a slot, which stand beside its page and frame.
 *
 * @param rights Packed rights (`RIGHT_…`).
 * @param global True if a CR3 load keeps the translation.
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
  readonly frame: number;
  /** Packed rights (`RIGHT_…`). */
  readonly rights: number;
  /** Survives a CR3 load. */
  readonly global: boolean;
  /** PAT index of the leaf. */
  readonly patIndex: number;
}

const NOTHING = new Int32Array(0);
const NO_FRAMES = new Float64Array(0);

/**
 * Translations of one page size, direct-mapped. Four words a slot: tag (address bits 31..12 and a valid bit), address bits 63..32,
 * frame (or -1 when it needs more than 31 bits: then `wideFrames` has it), packed rights with global bit and PAT index.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { access, boot } from "@pagetable-init/textbook";
 *
 * const run = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * access(run, 0xc0100000);
 * assertEquals(run.machine.tlb.bank(22).find(0, 0xc0100000 | 0) >= 0, true); // the 4M page is remembered
 * ```
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
   * Stores a translation, and evicts the one in its slot.
   *
   * @param hi Bits 63..32 of the linear address, signed.
   * @param lo Bits 31..0, signed; those within the page do not count.
   * @param frame First frame of the page.
   * @param flags Rights, global bit and PAT index (`packFlags`).
   */
  fill(hi: number, lo: number, frame: number, flags: number): void {
    const { words } = this;
    const slot = this.slotOf(hi, lo);
    if (words[slot] === 0) this.used++;
    words[slot] = this.tag(lo);
    words[slot + 1] = hi;
    words[slot + 2] = frame <= LAST_NARROW ? frame : -1;
    words[slot + 3] = flags;
    if (frame > LAST_NARROW) this.wideFrames[slot / SLOT_WORDS] = frame;
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

  /** Drops the translation of an address, global or not. */
  invalidate(hi: number, lo: number): void {
    const slot = this.find(hi, lo);
    if (slot >= 0) this.#drop(slot);
  }

  /** Drops all translations, or all that are not global. */
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
        frame: this.frameAt(slot),
        rights: flags & 0xff,
        global: (flags & GLOBAL) !== 0,
        patIndex: flags >>> PAT_SHIFT,
      };
    }
  }

  /** A copy of the bank's slots. */
  snapshot(): BankSnapshot {
    if (this.used === 0) return { used: 0, words: NOTHING, wideFrames: NO_FRAMES };
    return { used: this.used, words: this.words.slice(), wideFrames: this.wideFrames.slice() };
  }

  /** Puts all slots back. */
  restore({ used, words, wideFrames }: BankSnapshot): void {
    if (used === 0) this.words.fill(0);
    this.words.set(words);
    this.wideFrames.set(wideFrames);
    this.used = used;
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
