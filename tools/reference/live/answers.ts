/**
 * The answer to a case.
 *
 * @module
 */
import { type AccessAnswer, AnswerFile } from "../../../chapters/recorded/accesses/answers.ts";
import { type AccessCase, slotOffset } from "./case_file.ts";

/** An answer. `entries` are the case's entries afterwards, in its order. */
export type Answer = Outcome & { readonly entries: readonly bigint[] };

/** The outcome of the access. */
export type Outcome =
  /** `physical` is the byte touched first; a live write leaves no trace of where it went. */
  | { readonly outcome: "done"; readonly physical?: bigint }
  | { readonly outcome: "#PF"; readonly code: number; readonly cr2: bigint }
  /** Phase "load": while paging was being switched on. */
  | { readonly outcome: "#GP"; readonly code: number; readonly phase: "load" | "access" };

/**
 * Reads what the guest answered: the format of the recorded answers.
 *
 * @throws {RangeError} If answers are missing, or one is a vector that no case should end in.
 */
export function decodeAnswers(cases: readonly AccessCase[], bytes: Uint8Array): Answer[] {
  const file = new AnswerFile(bytes, cases.length);
  return cases.map((asked, number) => toAnswer(asked, file.at(number)));
}

function toAnswer(asked: AccessCase, answer: AccessAnswer): Answer {
  const entries = asked.entries.map((_, i) => wide(answer.entries[2 * i + 1], answer.entries[2 * i]));
  switch (answer.outcome) {
    case "ok":
      return answer.landed === null
        ? { outcome: "done", entries }
        : { outcome: "done", physical: BigInt(answer.landed) + slotOffset(asked.kind), entries };
    case "page-fault":
      return { outcome: "#PF", code: answer.errorCode, cr2: wide(answer.cr2.hi, answer.cr2.lo), entries };
    case "general-protection":
      return { outcome: "#GP", code: answer.errorCode, phase: answer.beforeAccess ? "load" : "access", entries };
  }
}

function wide(hi = 0, lo = 0): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo);
}

/** One line, for people. */
export function formatAnswer(answer: Answer): string {
  return `${formatOutcome(answer)}; entries ${answer.entries.map((entry) => entry.toString(16)).join(" ")}`;
}

function formatOutcome(answer: Outcome): string {
  switch (answer.outcome) {
    case "done":
      return answer.physical === undefined ? "done" : `done at ${answer.physical.toString(16)}`;
    case "#PF":
      return `#PF ${answer.code.toString(16)}, CR2 ${answer.cr2.toString(16)}`;
    case "#GP":
      return `#GP ${answer.code.toString(16)} in the ${answer.phase}`;
  }
}
