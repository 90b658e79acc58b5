/**
 * The text of leaves, written as bytes: strings put together line by line take three times as long.
 *
 * @module
 */

import { A, D, G, NX, PCD, PS, PWT, RW, US } from "../mmu/mod.ts";

/** The low-word flags of a line, from the left, behind X for NX, and their letters. */
const BITS: readonly number[] = [G, PS, D, A, PCD, PWT, US, RW];
const LETTERS = "GPDACTUW";

/** A line before its digits and flags are put in. Both addresses are those of pages: their last two digits stay zeros, and the first two of a physical one. */
const BLANK = "0000000000000000: 0000000000000000 ---------\n";
/** Characters of a line, with its line feed. */
export const LINE: number = BLANK.length;
const PHYSICAL = BLANK.indexOf(" ") + 1;
const FLAGS = BLANK.indexOf("-");
/** Lines of one piece of text. */
const LINES = 256;

const codesOf = (text: string) => new TextEncoder().encode(text);
const DIGITS = codesOf("0123456789abcdef");
/** The two hexadecimal digits of a byte. */
const PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => (DIGITS[byte >> 4] ?? 0) << 8 | (DIGITS[byte & 0xf] ?? 0));
const CODES = codesOf(LETTERS);
const [CLEAR = 0, NX_CODE = 0] = codesOf("-X");

/** Collects lines, and prints them when there are many. */
export class LeafText {
  readonly #print: (text: string) => void;
  readonly #bytes = codesOf(BLANK.repeat(LINES));
  readonly #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset);
  readonly #decoder = new TextDecoder();
  #end = 0;

  /**
   * No lines yet.
   *
   * @param print Called with each piece of text.
   */
  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /**
   * Adds a line.
   *
   * @param linearHi High word of the linear address.
   * @param linearLo Its low word.
   * @param frame First frame of the page.
   * @param hi High word of the leaf.
   * @param flags Its low word, without bits that are no flags.
   */
  add(linearHi: number, linearLo: number, frame: number, hi: number, flags: number): void {
    const bytes = this.#bytes;
    if (this.#end === bytes.length) this.flush();
    const view = this.#view;
    const linear = this.#end;
    const physical = linear + PHYSICAL;
    const letters = linear + FLAGS;
    pairs(view, linear, 4, linearHi);
    pairs(view, linear + 8, 3, linearLo >>> 8);
    pairs(view, physical + 2, 3, frame / 0x10_0000);
    pairs(view, physical + 8, 3, frame << 4);
    bytes[letters] = (hi & NX) === 0 ? CLEAR : NX_CODE;
    for (let i = 0; i < BITS.length; i++) {
      bytes[letters + 1 + i] = (flags & (BITS[i] ?? 0)) === 0 ? CLEAR : CODES[i] ?? CLEAR;
    }
    this.#end += LINE;
  }

  /** Prints the lines that wait. */
  flush(): void {
    if (this.#end !== 0) this.#print(this.#decoder.decode(this.#bytes.subarray(0, this.#end)));
    this.#end = 0;
  }
}

/** Writes the last bytes of a number, two hexadecimal digits each. */
function pairs(view: DataView, at: number, bytes: number, number: number): void {
  for (let i = 2 * bytes - 2; i >= 0; i -= 2, number >>>= 8) view.setUint16(at + i, PAIRS[number & 0xff] ?? 0);
}
