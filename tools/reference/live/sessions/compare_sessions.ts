/**
 * Sessions of a live machine against the book's.
 *
 * @module
 */

import { A, PF_P, PF_RSVD } from "../../../../core/mmu/mod.ts";
import { AllowedAnswers } from "./allowed.ts";
import { DONE, PLACES, type Session, type SessionAnswer, type StepAnswer } from "./session.ts";
import { runSession } from "./session_model.ts";

/** A session on which the two do not agree, or one of them does what the manual does not allow. */
export interface SessionDifference {
  readonly number: number;
  readonly session: Session;
  /** What is wrong, and at which step. */
  readonly says: string;
}

/** What came of a comparison. */
export interface SessionComparison {
  readonly sessions: number;
  readonly steps: number;
  readonly accesses: number;
  /** Accesses without flushes on which the two differ, both as the manual allows. */
  readonly allowed: number;
  readonly differences: readonly SessionDifference[];
}

/**
 * Compares the answers to sessions.
 *
 * @param sessions The sessions.
 * @param answers The live machine's answers.
 * @param exactUpper Whether its accessed flags above the last level are compared; QEMU sets them although a fault follows.
 * @returns The counts and the differences.
 */
export function compareSessions(
  sessions: readonly Session[],
  answers: readonly SessionAnswer[],
  exactUpper: boolean,
): SessionComparison {
  const parts = sessions.map((session, number) => compareOne(session, answers[number], number, exactUpper));
  return {
    sessions: sessions.length,
    steps: sessions.reduce((sum, { steps }) => sum + steps.length, 0),
    accesses: answers.reduce((sum, { accesses }) => sum + accesses.length, 0),
    allowed: parts.reduce((sum, { allowed }) => sum + allowed, 0),
    differences: parts.flatMap(({ difference }) => difference === undefined ? [] : [difference]),
  };
}

function compareOne(session: Session, theirs: SessionAnswer | undefined, number: number, exactUpper: boolean) {
  if (theirs === undefined) throw new RangeError(`Expected an answer to session ${number} but found none`);
  const ours = runSession(session);
  const oracle = new AllowedAnswers(session);
  let [at, allowed] = [0, 0];
  for (const [index, step] of session.steps.entries()) {
    const choices = oracle.take(step);
    if (choices === undefined) continue;
    const [our, their] = [ours.accesses[at], theirs.accesses[at]].map(normalised);
    at++;
    if (our === undefined || their === undefined) throw new RangeError("Expected an answer to each access");
    const known: (string | undefined)[] = [];
    const unknown = new Set<string | undefined>([our, their]);
    for (const choice of choices) {
      const words = normalised(choice);
      known.push(words);
      unknown.delete(words);
      if (unknown.size === 0) break;
    }
    const both = unknown.size === 0;
    if (our === their && both) continue;
    if (both && !session.flushed) allowed++;
    else {
      const says = `step ${index}, ${JSON.stringify(step)}: ours ${our}, theirs ${their}, allowed ${
        known.join(" or ")
      }`;
      return { allowed, difference: { number, session, says } };
    }
    // From here on accessed and dirty flags may differ, but no answer that is allowed changes.
  }
  const wrong = session.flushed ? entryDifference(ours, theirs, exactUpper) : undefined;
  return { allowed, difference: wrong === undefined ? undefined : { number, session, says: wrong } };
}

/** An answer in words. A reserved bit is reported with P, as section 4.7 has it: QEMU leaves it out. */
function normalised(answer: StepAnswer | undefined): string | undefined {
  if (answer === undefined) return undefined;
  const { vector, code, cr2, frame } = answer;
  if (vector === DONE) return `frame ${frame}`;
  const said = (code & PF_RSVD) !== 0 ? code | PF_P : code;
  return `#${vector} ${said.toString(16)} at ${cr2.toString(16)}`;
}

function entryDifference(ours: SessionAnswer, theirs: SessionAnswer, exactUpper: boolean): string | undefined {
  for (const [i, place] of PLACES.entries()) {
    const [our, their] = [ours.entries[i], theirs.entries[i]];
    if (our === undefined || their === undefined) throw new RangeError("Expected all entries");
    const mask = place.level === "directory" && !exactUpper ? ~A : -1;
    if (our.hi === their.hi && ((our.lo ^ their.lo) & mask) === 0) continue;
    const words = [our, their].map(({ hi, lo }) => `${hi.toString(16)}:${lo.toString(16)}`);
    return `entry ${JSON.stringify(place)} afterwards: ours ${words[0]}, theirs ${words[1]}`;
  }
  return undefined;
}

/** Steps of a session, one a line, for people. */
export function formatSession({ mode, steps }: Session): string[] {
  return [mode, ...steps.map((step, at) => `  ${at}: ${JSON.stringify(step)}`)];
}
