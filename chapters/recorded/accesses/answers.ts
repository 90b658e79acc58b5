/**
 * Recorded answers: the file beside the cases that `tests/fixtures/mmu/README.md` describes.
 *
 * @module
 */
import { hex, littleEndianWords } from "./words.ts";

const MARKER = "MMUCRES\n";
const ANSWER_BYTES = 80;
const ANSWER_WORDS = ANSWER_BYTES / 4;
const MAX_ENTRIES = 6;
/** Landing word of a write, which cannot tell where it went. */
const UNTOLD = 0x5a5a5a5a;

/** The vectors with which the probe's access ends. Success ends in an undefined opcode on purpose. */
const OUTCOMES: Readonly<Record<number, "ok" | "page-fault" | "general-protection">> = Object.freeze({
  6: "ok",
  13: "general-protection",
  14: "page-fault",
});

/** The answer to one access. */
export interface AccessAnswer {
  /** Number of the case in its file, from 0. */
  readonly number: number;
  /** Success or the fault. */
  readonly outcome: "ok" | "page-fault" | "general-protection";
  /** Error code of the fault; 0 after a success. */
  readonly errorCode: number;
  /** CR2, two unsigned words; the address of a page fault. */
  readonly cr2: { readonly hi: number; readonly lo: number };
  /** Physical address of the 16-byte slot in which a successful access landed; null if that is not known. */
  readonly landed: number | null;
  /** Whether the fault came while paging was switched on, before the access. */
  readonly beforeAccess: boolean;
  /** The case's entries afterwards, low and high word by turns, always six. */
  readonly entries: Uint32Array;
}

/** The answers of one file, checked. */
export class AnswerFile {
  /** Number of answers. */
  readonly count: number;
  readonly #words: Uint32Array;

  /**
   * Reads and checks a whole file.
   *
   * @param bytes The file, uncompressed.
   * @param count Number of cases that were asked.
   * @throws {RangeError} If the file has another number of answers, or one out of range or out of order.
   */
  constructor(bytes: Uint8Array, count: number) {
    const start = startsWithMarker(bytes) ? MARKER.length : 0;
    const expected = start + count * ANSWER_BYTES;
    if (bytes.length !== expected) {
      throw new RangeError(`Expected ${expected} bytes for ${count} answers but found ${bytes.length}`);
    }
    this.count = count;
    this.#words = littleEndianWords(bytes, start);
    let previous = -1;
    for (let i = 0; i < count; i++) previous = checkAnswer(this.#words.subarray(i * ANSWER_WORDS), i, previous);
  }

  /**
   * Returns one answer.
   *
   * @param number Number of its case, from 0.
   * @throws {RangeError} If there is no such answer.
   */
  at(number: number): AccessAnswer {
    if (!Number.isInteger(number) || number < 0 || number >= this.count) {
      throw new RangeError(`Expected an answer from 0 to ${this.count - 1} but found ${number}`);
    }
    return decodeAnswer(this.#words.subarray(number * ANSWER_WORDS), number);
  }
}

function startsWithMarker(bytes: Uint8Array): boolean {
  return [...MARKER].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

/** Returns the number that the probe gave the case: it counts on, or begins again with the next chunk. */
function checkAnswer(words: Uint32Array, number: number, previous: number): number {
  const [vector = 0, , , , , counted = 0, , phase = 0] = words;
  const refuse = (expected: string, found: string | number) => {
    throw new RangeError(`Expected ${expected} in answer ${number} but found ${found}`);
  };
  if (OUTCOMES[vector] === undefined) refuse("vector 6, 13 or 14", vector);
  if (phase > 1) refuse("phase 0 or 1", phase);
  if (counted !== 0 && counted !== previous + 1) refuse(`case number 0 or ${previous + 1}`, hex(counted));
  if (vector === 6 && phase === 0) refuse("phase 1 after a success", phase);
  return counted;
}

function decodeAnswer(words: Uint32Array, number: number): AccessAnswer {
  const [vector = 0, errorCode = 0, lo = 0, hi = 0, where = 0, , , phase = 0] = words;
  const outcome = OUTCOMES[vector] ?? "ok";
  return Object.freeze({
    number,
    outcome,
    errorCode,
    cr2: Object.freeze({ hi, lo }),
    landed: outcome === "ok" && where !== UNTOLD ? slotAddress(where) : null,
    beforeAccess: phase === 0,
    entries: words.slice(8, 8 + 2 * MAX_ENTRIES),
  });
}

/** Unpacks a landing word: bits 31..4 of the address, and its bits 35..32 in the low four. */
function slotAddress(where: number): number {
  return (where & 15) * 0x1_0000_0000 + ((where & ~15) >>> 0);
}
