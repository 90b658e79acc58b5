/**
 * A learner's session as a state machine: no clock, no file, no terminal.
 *
 * @module
 */

import type { Progress } from "./progress_text.ts";
import type { Verdict } from "./verdict.ts";

/** Hints that an exercise has. */
export const HINTS = 3;

/** What is on the screen beside the verdict. */
export type View = "task" | "hints" | "solution" | "list" | "help";

/** The state of a session. */
export interface Session {
  /** Ids of the exercises, in order. */
  readonly exercises: readonly string[];
  /** The one at hand. */
  readonly current: string;
  readonly progress: Progress;
  /** What the tests last said of it; undefined before they have run. */
  readonly verdict: Verdict | undefined;
  /** What the compiler says of the types of the run that ended; empty if nothing, or not yet known. */
  readonly types: string;
  /** Number of the run that is awaited; 0 for none. */
  readonly awaited: number;
  /** Number of the run whose types are being checked; 0 for none. */
  readonly checked: number;
  /** Number of the last run that was begun. */
  readonly runs: number;
  readonly view: View;
  /** Page of the view, from 0, where it does not fit. */
  readonly page: number;
  /** One line for the learner. */
  readonly notice: string;
  /** Whether no command can come any more. */
  readonly closing: boolean;
}

/** What a learner can ask for. */
export type CommandName = "hint" | "next" | "solution" | "list" | "run" | "more" | "help" | "quit";

/** What happens to a session. */
export type Event =
  | { readonly kind: "begun" }
  | { readonly kind: "saved" }
  | { readonly kind: "ran"; readonly run: number; readonly verdict: Verdict }
  | { readonly kind: "checked"; readonly run: number; readonly said: string }
  | { readonly kind: "command"; readonly name: CommandName }
  | { readonly kind: "unknown"; readonly text: string }
  | { readonly kind: "closed" };

/** What a session wants done. */
export type Effect =
  | { readonly kind: "run"; readonly id: string; readonly run: number }
  | { readonly kind: "check"; readonly id: string; readonly run: number }
  | { readonly kind: "save" }
  | { readonly kind: "draw" }
  | { readonly kind: "quit" };

/** A state and what is to be done. */
export interface Step {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

const DRAW: Effect = { kind: "draw" };
const SAVE: Effect = { kind: "save" };
const QUIT: Effect = { kind: "quit" };

const BEGINNING = {
  verdict: undefined,
  types: "",
  awaited: 0,
  checked: 0,
  runs: 0,
  view: "task",
  page: 0,
  notice: "",
  closing: false,
} as const;

/**
 * A session that has not begun.
 *
 * @param exercises Ids of all exercises, in order; at least one.
 * @param progress What has been done.
 * @param wanted Beginning of the ids wanted, such as `03_tlb/`; empty for all.
 * @returns A session at the first of these that is not solved, or at the first.
 * @throws {RangeError} If there is no such exercise.
 */
export function openSession(exercises: readonly string[], progress: Progress, wanted: string = ""): Session {
  const chosen = exercises.filter((id) => id.startsWith(wanted));
  const current = chosen.find((id) => !progress.solved.includes(id)) ?? chosen[0];
  if (current === undefined) throw new RangeError(`Expected an exercise of ${wanted || "the book"} but found none`);
  return { exercises, current, progress, ...BEGINNING };
}

/** Whether the exercise at hand is solved. */
export function isSolved({ progress, current }: Session): boolean {
  return progress.solved.includes(current);
}

/**
 * One step of a session.
 *
 * @param session The state.
 * @param event What happened.
 * @returns The new state and what is to be done, in order.
 */
export function step(session: Session, event: Event): Step {
  switch (event.kind) {
    case "begun":
      return isSolved(session) ? { session, effects: [DRAW] } : run(session);
    case "saved":
      return run(session);
    case "ran":
      return ran(session, event.run, event.verdict);
    case "checked":
      return checked(session, event.run, event.said);
    case "command":
      return command({ ...session, notice: "" }, event.name);
    case "unknown":
      return draw({ ...session, notice: `There is no command "${event.text}"; ? shows those that there are.` });
    case "closed":
      return { session: { ...session, closing: true }, effects: isBusy(session) ? [] : [QUIT] };
  }
}

/** Whether a run or a check of types is awaited. */
function isBusy({ awaited, checked }: Session): boolean {
  return awaited !== 0 || checked !== 0;
}

function draw(session: Session): Step {
  return { session, effects: [DRAW] };
}

/** Help and list give way to the verdict; hints stay beside it. */
function run(session: Session): Step {
  const runs = session.runs + 1;
  const view = session.view === "hints" ? "hints" : "task";
  return {
    session: { ...session, runs, awaited: runs, checked: 0, types: "", view, page: 0, notice: "" },
    effects: [{ kind: "run", id: session.current, run: runs }, DRAW],
  };
}

/** A result that is not awaited belongs to a file that has changed since. The types are checked after the verdict, so that it does not wait. */
function ran(session: Session, number: number, verdict: Verdict): Step {
  if (number !== session.awaited) return { session, effects: [] };
  const { progress, current, closing } = session;
  const news = verdict.kind === "passed" && !isSolved(session);
  const solved = news ? [...progress.solved, current] : progress.solved;
  const runs = verdict.kind === "passed" || verdict.kind === "failed";
  const after = { ...session, verdict, awaited: 0, checked: runs ? number : 0, progress: { ...progress, solved } };
  const then: Effect[] = runs ? [{ kind: "check", id: current, run: number }] : closing ? [QUIT] : [];
  return { session: after, effects: [...(news ? [SAVE] : []), DRAW, ...then] };
}

function checked(session: Session, number: number, said: string): Step {
  if (number !== session.checked) return { session, effects: [] };
  const after = { ...session, checked: 0, types: said };
  return { session: after, effects: [...(said === "" ? [] : [DRAW]), ...(session.closing ? [QUIT] : [])] };
}

function command(session: Session, name: CommandName): Step {
  switch (name) {
    case "hint":
      return hint(session);
    case "next":
      return next(session);
    case "solution":
      return isSolved(session) ? draw({ ...session, view: "solution", page: 0 }) : draw({
        ...session,
        notice: `Not solved yet. To see the solution all the same: deno task learn ${session.current} --solution`,
      });
    case "list":
    case "help":
      return draw({ ...session, view: session.view === name ? "task" : name, page: 0 });
    case "more":
      return draw({ ...session, page: session.page + 1 });
    case "run":
      return run({ ...session, view: "task" });
    case "quit":
      return { session, effects: [QUIT] };
  }
}

function hint(session: Session): Step {
  const { progress, current } = session;
  const given = progress.hints[current] ?? 0;
  if (given >= HINTS) return draw({ ...session, view: "hints", page: 0, notice: "There are no more hints." });
  const hints = { ...progress.hints, [current]: given + 1 };
  return { session: { ...session, progress: { ...progress, hints }, view: "hints", page: 0 }, effects: [SAVE, DRAW] };
}

/** To the next exercise that is not solved, from here to the end and then from the beginning. */
function next(session: Session): Step {
  const { exercises, current, progress } = session;
  const at = exercises.indexOf(current);
  const others = [...exercises.slice(at + 1), ...exercises.slice(0, at)];
  const open = others.find((id) => !progress.solved.includes(id));
  if (open === undefined) {
    return draw({ ...session, notice: isSolved(session) ? "All exercises are solved." : "This is the only one left." });
  }
  return run({ ...session, current: open, verdict: undefined, view: "task" });
}
