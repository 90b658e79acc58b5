import { assert, assertEquals } from "@std/assert";
import { PhysicalMemory } from "@pagetable-init/textbook";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import { AnswerFile } from "../../chapters/recorded/accesses/answers.ts";
import { CaseFile } from "../../chapters/recorded/accesses/cases.ts";
import { play, replay } from "../../chapters/recorded/accesses/play.ts";

const FOLDER = "tests/fixtures/mmu/";

async function answerBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await readBounded(`${FOLDER}${name}.bochs27.gz`);
}

async function caseFile(name: string): Promise<CaseFile> {
  return new CaseFile(await readBounded(`${FOLDER}${name}.cases.gz`));
}

for (const [name, count] of [["named47", 47], ["random20k", 20_000]] as const) {
  Deno.test(`all ${count} accesses of ${name} come out as in Bochs: fault, CR2, frame, A and D bits`, async () => {
    const cases = await caseFile(name);
    const answers = new AnswerFile(await answerBytes(name), cases.count);
    assertEquals(replay(cases, answers), { passed: count, failed: 0, differences: [] });
  });
}

/** What can be wrong with an answer: a byte of it, by case, and what the difference then mentions. */
const FORGERIES: readonly (readonly [string, number, string])[] = [
  ["the error code", 4, "#PF"],
  ["CR2", 8, "#PF"],
  ["an A or D bit", 32, "entries"],
];

for (const [what, offset, mention] of FORGERIES) {
  Deno.test(`a replay notices ${what} that differs`, async () => {
    const cases = await caseFile("named47");
    const bytes = await answerBytes("named47");
    const first = bytes.length % 80; // the marker
    const view = new DataView(bytes.buffer);
    const fault = Array.from({ length: 47 }, (_, i) => first + 80 * i).find((at) => view.getUint32(at, true) === 14);
    assert(fault !== undefined);
    bytes[fault + offset] = (bytes[fault + offset] ?? 0) ^ 0x20;
    const { passed, failed, differences } = replay(cases, new AnswerFile(bytes, cases.count));
    assertEquals([passed, failed, differences.length], [46, 1, 1]);
    assert(differences[0]?.includes(mention), differences[0]);
  });
}

Deno.test("a replay notices a frame that differs", async () => {
  const cases = await caseFile("named47");
  const bytes = await answerBytes("named47");
  const view = new DataView(bytes.buffer);
  const first = bytes.length % 80;
  const read = Array.from({ length: 47 }, (_, i) => i).find((i) =>
    cases.at(i).access === "read" && view.getUint32(first + 80 * i, true) === 6
  );
  assert(read !== undefined);
  const at = first + 80 * read + 16;
  view.setUint32(at, view.getUint32(at, true) ^ 0x1000, true);
  const { failed, differences } = replay(cases, new AnswerFile(bytes, cases.count));
  assertEquals(failed, 1);
  assert(differences[0]?.includes("slot"), differences[0]);
});

Deno.test("an access leaves the memory as clean as it found it", async () => {
  const cases = await caseFile("random20k");
  const memory = new PhysicalMemory(2 ** 28);
  for (let i = 0; i < 200; i++) play(cases.at(i), memory);
  assert(memory.words.every((word) => word === 0));
});
