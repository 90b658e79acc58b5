import { assertEquals, assertThrows } from "@std/assert";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import { AnswerFile } from "../../chapters/recorded/accesses/answers.ts";

const recorded = await readBounded("tests/fixtures/mmu/named47.bochs27.gz");

/** The recorded file with one 32-bit word of one answer changed. */
function changed(answer: number, offset: number, word: number): Uint8Array {
  const bytes = recorded.slice();
  new DataView(bytes.buffer).setUint32(answer * 80 + offset, word, true);
  return bytes;
}

function assertRefused(bytes: Uint8Array, count: number, message: string): void {
  assertThrows(() => new AnswerFile(bytes, count), RangeError, message);
}

Deno.test("a page fault is read with its error code, CR2 and the entries", () => {
  const { entries, ...answer } = new AnswerFile(recorded, 47).at(1); // 2L RO page, sup write, WP=1
  assertEquals(answer, {
    number: 1,
    outcome: "page-fault",
    errorCode: 3,
    cr2: { hi: 0, lo: 0x40000018 },
    landed: null,
    beforeAccess: false,
  });
  assertEquals([...entries.subarray(0, 4)], [0x212007, 0, 0x301001, 0]);
});

Deno.test("a successful read tells where it landed, a write does not", () => {
  const answers = new AnswerFile(recorded, 47);
  assertEquals(answers.at(5).landed, 0x305010); // 2L RW page sup read
  assertEquals(answers.at(0).outcome, "ok"); // 2L RO page, sup write, WP=0
  assertEquals(answers.at(0).landed, null);
});

Deno.test("a landing above 4 GiB has its high bits in the low four of the word", () => {
  const bytes = changed(5, 16, 0x0001_2341);
  assertEquals(new AnswerFile(bytes, 47).at(5).landed, 0x1_0001_2340);
});

Deno.test("a bad PDPTE faults before the access", () => {
  const answer = new AnswerFile(recorded, 47).at(29); // PAE PDPTE bit1 reserved (#GP at load)
  assertEquals([answer.outcome, answer.beforeAccess], ["general-protection", true]);
});

Deno.test("the marker before the answers may be there or not", () => {
  const marked = new Uint8Array([...new TextEncoder().encode("MMUCRES\n"), ...recorded]);
  assertEquals(new AnswerFile(marked, 47).at(46), new AnswerFile(recorded, 47).at(46));
});

Deno.test("the 20,000 answers are read, though their numbers begin again in every chunk", async () => {
  const answers = new AnswerFile(await readBounded("tests/fixtures/mmu/random20k.bochs27.gz"), 20_000);
  assertEquals(answers.at(1_000).number, 1_000);
});

Deno.test("answers to another number of cases are refused", () => {
  assertRefused(recorded, 46, "Expected 3680 bytes for 46 answers but found 3760");
  assertRefused(recorded, 2 ** 32 - 1, "answers but found 3760");
  assertRefused(recorded.subarray(0, -1), 47, "Expected 3760 bytes for 47 answers but found 3759");
  assertRefused(new Uint8Array(0), 47, "Expected 3760 bytes for 47 answers but found 0");
});

Deno.test("a vector that the probe does not know is refused", () => {
  assertRefused(changed(3, 0, 8), 47, "Expected vector 6, 13 or 14 in answer 3 but found 8");
});

Deno.test("a phase that does not exist is refused, and one that cannot be", () => {
  assertRefused(changed(3, 28, 2), 47, "Expected phase 0 or 1 in answer 3 but found 2");
  assertRefused(changed(0, 28, 0), 47, "Expected phase 1 after a success in answer 0 but found 0");
});

Deno.test("answers out of order are refused", () => {
  assertRefused(changed(3, 20, 7), 47, "Expected case number 0 or 3 in answer 3 but found 0x7");
});

Deno.test("asking for an answer that does not exist is a RangeError", () => {
  const answers = new AnswerFile(recorded, 47);
  assertThrows(() => answers.at(47), RangeError, "Expected an answer from 0 to 46 but found 47");
});
