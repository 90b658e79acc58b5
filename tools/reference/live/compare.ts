/**
 * A live machine's answers beside a model's.
 *
 * @module
 */
import type { Answer, Outcome } from "./answers.ts";
import type { AccessCase } from "./case_file.ts";
import type { Deviation } from "./deviations.ts";
import type { Model } from "./model.ts";

/** A case on which the two do not agree. */
export interface Difference {
  /** Number of the case in its run, from 0. */
  readonly number: number;
  readonly asked: AccessCase;
  readonly ours: Answer;
  /** As the machine gave it, before any deviation was taken out. */
  readonly theirs: Answer;
}

/** Differences that are kept whole; the others are counted. */
const KEPT = 5;

/** Compares answers case by case, the known deviations of the reference taken out and counted. */
export class Comparison {
  /** Cases compared. */
  cases = 0;
  /** Cases on which the two do not agree. */
  different = 0;
  /** The first of them. */
  readonly firstDifferences: Difference[] = [];
  /** The count of each known deviation, by name; 0 for one that never showed. */
  readonly deviations: Map<string, number>;
  /** The outcomes of the model's cases. */
  readonly outcomes: Map<string, number> = new Map();
  readonly #model: Model;
  readonly #known: readonly Deviation[];

  constructor(model: Model, known: readonly Deviation[]) {
    this.#model = model;
    this.#known = known;
    this.deviations = new Map(known.map(({ name }) => [name, 0]));
  }

  /** Compares the answers to some more cases. */
  add(cases: readonly AccessCase[], answers: readonly Answer[]): void {
    cases.forEach((asked, i) => {
      const theirs = answers[i];
      if (theirs === undefined) throw new RangeError(`Expected an answer to case ${i} but found none`);
      this.#compare(asked, theirs);
    });
  }

  #compare(asked: AccessCase, theirs: Answer): void {
    const number = this.cases++;
    const ours = this.#model(asked);
    count(this.outcomes, ours.outcome);
    if (sameAnswer(ours, this.#normalised(asked, ours, theirs))) return;
    if (this.different++ < KEPT) this.firstDifferences.push({ number, asked, ours, theirs });
  }

  #normalised(asked: AccessCase, ours: Answer, theirs: Answer): Answer {
    let normal = theirs;
    for (const { name, applies, normalise } of this.#known) {
      if (!applies(asked, ours, normal)) continue;
      count(this.deviations, name);
      normal = normalise(asked, ours, normal);
    }
    return normal;
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sameAnswer(ours: Answer, theirs: Answer): boolean {
  return sameOutcome(ours, theirs) && ours.entries.length === theirs.entries.length &&
    ours.entries.every((entry, i) => entry === theirs.entries[i]);
}

/** Equality, except that a live write does not say where it went. */
function sameOutcome(ours: Outcome, theirs: Outcome): boolean {
  switch (ours.outcome) {
    case "done":
      return theirs.outcome === "done" && (theirs.physical === undefined || theirs.physical === ours.physical);
    case "#PF":
      return theirs.outcome === "#PF" && theirs.code === ours.code && theirs.cr2 === ours.cr2;
    case "#GP":
      return theirs.outcome === "#GP" && theirs.code === ours.code && theirs.phase === ours.phase;
  }
}
