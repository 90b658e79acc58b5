/**
 * Single memory accesses, with the answers of Bochs 2.7.
 *
 * @module
 */

import { PhysicalMemory } from "../../../mod.ts";
import { readBounded } from "../files/read_bounded.ts";
import { fixtureUrl } from "../files/fixtures.ts";
import { type AccessAnswer, AnswerFile } from "./answers.ts";
import { type AccessCase, CaseFile } from "./cases.ts";
import { play } from "./play.ts";

export type { AccessAnswer } from "./answers.ts";
export type { AccessCase, StoredEntry } from "./cases.ts";

const MEMORY = new PhysicalMemory(0x1000_0000);

/** An access and its answer. */
export interface RecordedAccess {
  /** The case: entries, registers and access. */
  readonly asked: AccessCase;
  /** The answer of Bochs. */
  readonly answer: AccessAnswer;
}

/**
 * Reads recorded accesses.
 *
 * @param name `"named47"`, chosen by hand, or `"random20k"`.
 * @returns The accesses, in the order of the file.
 * @throws {UnreadableFile} If the files are not there.
 */
export async function recordedAccesses(name: "named47" | "random20k"): Promise<RecordedAccess[]> {
  const read = (kind: string) => readBounded(fixtureUrl(`mmu/${name}.${kind}.gz`));
  const cases = new CaseFile(await read("cases"));
  const answers = new AnswerFile(await read("bochs27"), cases.count);
  return Array.from({ length: cases.count }, (_, number) => ({ asked: cases.at(number), answer: answers.at(number) }));
}

/**
 * Makes an access on the machine of the library, with the CPU that Bochs posed as.
 *
 * @param asked The access.
 * @returns The answer of the library's machine.
 */
export function answerOf(asked: AccessCase): AccessAnswer {
  return play(asked, MEMORY);
}

/**
 * Whether two answers are the same: outcome, error code, CR2, the place where the access landed.
 *
 * @param one An answer.
 * @param other Another.
 * @returns Whether they are; the entries afterwards do not count.
 */
export function isSameAnswer(one: AccessAnswer, other: AccessAnswer): boolean {
  return one.outcome === other.outcome && one.errorCode === other.errorCode && one.landed === other.landed &&
    one.beforeAccess === other.beforeAccess &&
    (one.outcome !== "page-fault" || (one.cr2.hi === other.cr2.hi && one.cr2.lo === other.cr2.lo));
}

/**
 * Whether two answers leave the same entries behind, with the same accessed and dirty bits.
 *
 * @param asked The access.
 * @param one An answer to it.
 * @param other Another.
 * @returns Whether they do.
 */
export function isSameAfterwards({ entries }: AccessCase, one: AccessAnswer, other: AccessAnswer): boolean {
  return one.entries.subarray(0, 2 * entries.length).every((word, at) => word === other.entries[at]);
}
