import { assertEquals } from "@std/assert";
import { type Answer, normalised } from "./exercise.ts";

const ENTRIES = [0x21_1003, 0x21_2003, 0x30_1001];
const OTHER_FRAME = 0x99_9003;
const answer = (code: number, entries: readonly number[] = ENTRIES): Answer => ({
  code,
  entries,
});
const withA = (...marked: number[]) =>
  ENTRIES.map((entry, at) => marked.includes(at) ? entry | 0x20 : entry);

const shown = ({ code, entries }: Answer) =>
  [code, ...entries].map((word) => `0x${word.toString(16)}`).join(" ");

/** Expects an answer; `why` is what to think about if it is another. */
function expectAnswer(ours: Answer, theirs: Answer, expected: Answer, why: string): void {
  assertEquals(
    shown(normalised(ours, theirs)),
    shown(expected),
    `${why} (code and entries: ours ${shown(ours)}, theirs ${shown(theirs)})`,
  );
}

Deno.test("what is the same stays the same", () => {
  const why = "Both answers are equal: nothing is to be taken out";
  expectAnswer(answer(3), answer(3), answer(3), why);
  expectAnswer(answer(9, withA(0)), answer(9, withA(0)), answer(9, withA(0)), why);
});

Deno.test("a code with RSVD gets its P back", () => {
  const why = "A code with RSVD, 8, lacks P, 1: known, and to be taken out";
  expectAnswer(answer(9), answer(8), answer(9), why);
  expectAnswer(answer(0xf), answer(0xe), answer(0xf), why);
});

Deno.test("A of upper entries is taken out", () => {
  const why = "A in entries above the last is known, and to be taken out";
  expectAnswer(answer(3), answer(3, withA(0, 1)), answer(3), why);
});

Deno.test("both at once", () => {
  const why = "Both known differences may be in one answer: take out both";
  expectAnswer(answer(9), answer(8, withA(1)), answer(9), why);
});

Deno.test("another code is a difference", () => {
  const reserved = "A real difference is hidden: 2 for 3 has nothing to do with RSVD";
  expectAnswer(answer(3), answer(2), answer(2), reserved);
  const present = "A real difference is hidden: with P it is 9, and ours says 1";
  expectAnswer(answer(1), answer(8), answer(9), present);
});

Deno.test("A in the last entry is a difference", () => {
  const why = "A real difference is hidden: A in the last entry is not known of a fault";
  expectAnswer(answer(3), answer(3, withA(2)), answer(3, withA(2)), why);
});

Deno.test("A that ours has, too, is no deviation", () => {
  const why = "Where ours has A as well it was there before the access: it must stay";
  expectAnswer(
    answer(3, withA(0, 1)),
    answer(3, withA(0, 1)),
    answer(3, withA(0, 1)),
    why,
  );
});

Deno.test("A that is missing is a difference", () => {
  const why = "A real difference is hidden: theirs lacks A";
  expectAnswer(answer(3, withA(0)), answer(3), answer(3), why);
});

Deno.test("an entry that differs in something else stays as it was seen", () => {
  const [, second = 0, last = 0] = ENTRIES;
  const frame = "A real difference is hidden: that entry leads to another frame";
  for (const seen of [OTHER_FRAME, OTHER_FRAME | 0x20]) {
    const theirs = answer(3, [seen, second, last]);
    expectAnswer(answer(3), theirs, theirs, frame);
  }
});

Deno.test("each entry is looked at by itself", () => {
  const [first = 0, , last = 0] = ENTRIES;
  const theirs = answer(3, [first | 0x20, OTHER_FRAME, last]);
  const expected = answer(3, [first, OTHER_FRAME, last]);
  const why = "The second entry differs: that is no reason to leave A in the first one";
  expectAnswer(answer(3), theirs, expected, why);
});

Deno.test("an entry that differs in D and in A stays as it was seen", () => {
  const [first = 0, second = 0, last = 0] = ENTRIES;
  const dirty = answer(3, [first | 0x60, second, last]);
  const why = "D, 0x40, is set there as well: return the entry as it is, A included";
  expectAnswer(answer(3), dirty, dirty, why);
});

Deno.test("a walk may have any number of entries", () => {
  const four = [0x21_0003, ...ENTRIES];
  const seen = four.map((entry, at) => at < 3 ? entry | 0x20 : entry);
  const upper = "Four entries: A in entries above the last is known in all three of them";
  expectAnswer(answer(3, four), answer(3, seen), answer(3, four), upper);
  const two = [0x21_1003, 0x21_2001];
  const faulted = [0x21_1003, 0x21_2021];
  const last = "Two entries: A in the last one is a difference, wherever the last one is";
  expectAnswer(answer(3, two), answer(3, faulted), answer(3, faulted), last);
});

Deno.test("a walk that goes further than ours keeps its length", () => {
  const theirs = answer(3);
  const why = "Theirs has an entry more: a real difference is hidden if it is cut off";
  expectAnswer(answer(3, ENTRIES.slice(0, 2)), theirs, theirs, why);
});
