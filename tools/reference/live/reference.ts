/**
 * A machine that can be asked, and a run of random cases on it.
 *
 * @module
 */
import { withScratch } from "../../command/scratch.ts";
import type { Answer } from "./answers.ts";
import type { AccessCase } from "./case_file.ts";
import { type Abilities, randomCase } from "./cases.ts";
import { Comparison } from "./compare.ts";
import type { Deviation } from "./deviations.ts";
import type { Model } from "./model.ts";
import type { LiveMode } from "./paging/modes.ts";
import type { Need } from "./programs.ts";
import { Random } from "../../../chapters/guests/random.ts";
import { compareSessions, type SessionComparison } from "./sessions/compare_sessions.ts";
import { randomSession } from "./sessions/random_session.ts";
import type { Session, SessionAnswer } from "./sessions/session.ts";

/** An independent implementation of the processor. */
export interface Reference {
  /** Stable id, used on the command line. */
  readonly id: "bochs" | "qemu";
  readonly name: string;
  readonly needs: readonly Need[];
  /** The modes that it can be asked about. */
  readonly modes: readonly LiveMode[];
  readonly abilities: Abilities;
  readonly deviations: readonly Deviation[];
  /** Most cases that one run of the guest takes. */
  readonly casesARun: number;
  /** Puts the files that every run needs into a folder, which is the caller's to remove. */
  prepare(folder: string): Promise<void>;
  /** Answers the cases, with files in the prepared folder. */
  ask(cases: readonly AccessCase[], folder: string): Promise<Answer[]>;
  /** Most sessions that one run of the guest takes. */
  readonly sessionsARun: number;
  /** Whether it leaves the accessed flags above the last level alone where a fault follows. */
  readonly exactUpper: boolean;
  /** Answers sessions, with files in the prepared folder. */
  askSessions(sessions: readonly Session[], folder: string): Promise<SessionAnswer[]>;
}

/** The request. */
export interface Asking {
  readonly seed: number;
  readonly count: number;
  readonly modes: readonly LiveMode[];
}

/** Makes cases from the seed, asks the reference and the model, and compares. */
export async function compareLive(reference: Reference, model: Model, asking: Asking): Promise<Comparison> {
  const { seed, count, modes } = asking;
  const random = new Random(seed);
  const comparison = new Comparison(model, reference.deviations);
  await withScratch(async (folder) => {
    await reference.prepare(folder);
    for (let left = count; left > 0; left -= reference.casesARun) {
      const length = Math.min(left, reference.casesARun);
      const cases = Array.from({ length }, () => randomCase(random, modes, reference.abilities));
      comparison.add(cases, await reference.ask(cases, folder));
    }
  });
  return comparison;
}

/**
 * Makes sessions from the seed, half of them with a flush behind every change, asks the reference and the model, and compares.
 *
 * @param reference The reference.
 * @param asking The seed, the number of sessions and their modes.
 * @returns What came of it.
 */
export async function compareLiveSessions(
  reference: Reference,
  { seed, count, modes }: Asking,
): Promise<SessionComparison> {
  const random = new Random(seed);
  const sessions = Array.from({ length: count }, (_, at) => randomSession(random, modes, at % 2 === 0));
  return await withScratch(async (folder) => {
    await reference.prepare(folder);
    const answers: SessionAnswer[] = [];
    for (let at = 0; at < count; at += reference.sessionsARun) {
      answers.push(...await reference.askSessions(sessions.slice(at, at + reference.sessionsARun), folder));
    }
    return compareSessions(sessions, answers, reference.exactUpper);
  });
}
