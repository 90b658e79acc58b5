/**
 * A session on a real terminal, with real files.
 *
 * @module
 */

import { type Exercise, readPart } from "../exercises/exercise.ts";
import { cutComment } from "../exercises/hole.ts";
import type { TestRun } from "../exercises/run_tests.ts";
import { saveProgress } from "./progress.ts";
import { type Material, screen } from "./screen.ts";
import { type Effect, type Event, type Session, step } from "./session.ts";
import { commandOf, type Terminal } from "./terminal.ts";
import { CPU_SECONDS, LIMIT, verdictOf } from "./verdict.ts";
import { watchFolder } from "./watch.ts";

/** The parts that a session works with. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly exercises: readonly Exercise[];
  /** The file of the progress. */
  readonly progressFile: string;
  /** Runs the tests of an exercise. */
  readonly test: (
    exercise: Exercise,
    options: { limit: number; cpuSeconds: number; signal: AbortSignal },
  ) => Promise<TestRun>;
  /** Checks its types; what the compiler says. */
  readonly check: (exercise: Exercise, options: { signal: AbortSignal }) => Promise<string>;
}

const CLEAR = "\u001b[2J\u001b[3J\u001b[H";

/** Runs a session to its end. */
export class Learner {
  #session: Session;
  readonly #around: Surroundings;
  #running: AbortController = new AbortController();
  #unwatch: () => void = () => {};
  #watched = "";
  #work: Promise<void> = Promise.resolve();
  readonly #over: PromiseWithResolvers<void> = Promise.withResolvers();

  /**
   * @param session Where it begins.
   * @param around What it works with.
   */
  constructor(session: Session, around: Surroundings) {
    this.#session = session;
    this.#around = around;
  }

  /** The state. */
  get session(): Session {
    return this.#session;
  }

  /**
   * Runs until the learner leaves, or nothing more can come.
   *
   * @param first How it begins: `begun` leaves an exercise alone that is solved, `saved` runs it in any case.
   */
  async run(first: "begun" | "saved" = "begun"): Promise<void> {
    const { terminal } = this.#around;
    const done = Promise.withResolvers<void>();
    const undo = [
      terminal.onResize(() => this.#later(() => this.#draw())),
      terminal.onInterrupt(() => {
        this.#over.resolve();
        return done.promise;
      }),
    ];
    const words = terminal.words()[Symbol.asyncIterator]();
    try {
      this.#handle({ kind: first });
      this.#listen(words);
      await this.#over.promise;
      await this.#work;
    } finally {
      this.#unwatch();
      this.#running.abort();
      terminal.close(); // a key that is still waited for keeps no one here
      done.resolve();
      undo.forEach((it) => it());
    }
  }

  async #listen(words: AsyncIterator<string>): Promise<void> {
    try {
      for (let it = await words.next(); !it.done; it = await words.next()) {
        const name = commandOf(it.value);
        this.#handle(name === undefined ? { kind: "unknown", text: it.value } : { kind: "command", name });
      }
      this.#handle({ kind: "closed" });
    } catch (error) {
      this.#over.reject(error);
    }
  }

  #handle(event: Event): void {
    const { session, effects } = step(this.#session, event);
    this.#session = session;
    this.#watch();
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    switch (effect.kind) {
      case "run":
        this.#test(effect.id, effect.run);
        break;
      case "check":
        this.#check(effect.id, effect.run);
        break;
      case "save":
        this.#later(() => saveProgress(this.#around.progressFile, this.#session.progress));
        break;
      case "draw":
        this.#later(() => this.#draw());
        break;
      case "quit":
        this.#over.resolve();
        break;
    }
  }

  /** Drawing and saving happen one after the other, in the order in which they were asked for. */
  #later(work: () => Promise<void>): void {
    this.#work = this.#work.then(work);
    this.#work.catch((error) => this.#over.reject(error));
  }

  async #test(id: string, run: number): Promise<void> {
    this.#running.abort();
    const running = this.#running = new AbortController();
    try {
      const limits = { limit: LIMIT, cpuSeconds: CPU_SECONDS, signal: running.signal };
      const ended = await this.#around.test(this.#exercise(id), limits);
      if (!running.signal.aborted) this.#handle({ kind: "ran", run, verdict: verdictOf(ended) });
    } catch (error) {
      this.#over.reject(error);
    }
  }

  /** Ends with the run after it. */
  async #check(id: string, run: number): Promise<void> {
    const { signal } = this.#running;
    try {
      const said = await this.#around.check(this.#exercise(id), { signal });
      if (!signal.aborted) this.#handle({ kind: "checked", run, said });
    } catch (error) {
      this.#over.reject(error);
    }
  }

  #watch(): void {
    const { current } = this.#session;
    if (current === this.#watched) return;
    this.#unwatch();
    this.#watched = current;
    this.#unwatch = watchFolder(this.#exercise(current).folder, () => this.#handle({ kind: "saved" }));
  }

  async #draw(): Promise<void> {
    const { terminal } = this.#around;
    const session = this.#session;
    if (!terminal.clears && session.awaited !== 0) return; // a screen that is not replaced shows results alone
    const text = screen(session, await materialOf(this.#exercise(session.current)), {
      columns: terminal.columns(),
      rows: terminal.rows(),
      color: terminal.color,
    });
    terminal.write(terminal.clears ? CLEAR + text : `${text}\n`);
  }

  #exercise(id: string): Exercise {
    const found = this.#around.exercises.find((exercise) => exercise.id === id);
    if (found === undefined) throw new RangeError(`Expected an exercise but found ${id}`);
    return found;
  }
}

/** The texts of an exercise. Reading them needs packages, which are loaded only now: a list of exercises does without. */
export async function materialOf(exercise: Exercise): Promise<Material> {
  const { sectionsOf } = await import("../exercises/sections.ts");
  const { comment } = cutComment(await readPart(exercise, "exercise.ts"));
  return {
    title: comment.split("\n")[0] || exercise.id,
    hints: sectionsOf(await readPart(exercise, "hints.md")).map(({ text }) => text),
    solution: await readPart(exercise, "solution.ts"),
  };
}
