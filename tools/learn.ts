/**
 * `deno task learn`: the exercises, one after the other: what is next, run as it is saved, hints, progress.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { type Command, main, Misuse, type Streams } from "./command.ts";
import { ROOT } from "./command/root.ts";
import { CONTENTS, numberOf } from "./pages/contents.ts";
import { type Exercise, listExercises, readPart } from "./exercises/exercise.ts";
import { checkTypes, type RunOptions, runTests, type TestRun } from "./exercises/run_tests.ts";
import { Learner, materialOf, type Surroundings } from "./learn/learn.ts";
import { changeProgress, loadProgress } from "./learn/progress.ts";
import type { Progress } from "./learn/progress_text.ts";
import { ReadyTests } from "./learn/ready_tests.ts";
import { listLines } from "./learn/screen.ts";
import { HINTS, openSession, type Session } from "./learn/session.ts";
import { processTerminal } from "./learn/terminal.ts";

const PROGRESS = fileURLToPath(new URL(".progress.json", ROOT));

/** The command. */
export const learnCommand: Command = {
  name: "learn",
  words: "any",
  options: ["list", "hint", "solution", "once"],
  help:
    `The exercises, one after the other. Shows what is next, runs it whenever you save, gives a hint when asked, and keeps
what you have solved.

usage: deno task learn [NN | NN/MM] [--once | --list | --hint | --solution]

  NN          a chapter, by number: begin with its first exercise that is not solved
  NN/MM       an exercise, by numbers: begin with this one
  --once      run what is next once, and end
  --list      list the exercises and which are solved
  --hint      print the next hint for what is next
  --solution  print the solution of the exercise named by NN/MM
  --help      print this

Progress is kept in .progress.json; delete the file to begin anew.

Exit codes: 0 done, or with --once the exercise passes; 1 it does not; 2 no such chapter or exercise.

example: deno task learn 01/02 --once
`,
  async run({ words, options }, streams) {
    if (options.size > 1) throw new Misuse("expected one option at most; see deno task learn --help");
    if (words.length > 1) throw new Misuse(`expected one chapter or exercise but found ${words.length}`);
    const exercises = await listExercises();
    const { progress, note } = await loadProgress(PROGRESS);
    if (note !== "") streams.err(`${note}\n`);
    const wanted = words[0] === undefined ? "" : wantedId(words[0], exercises);
    const session = openSession(exercises.map(({ id }) => id), progress, wanted);
    const [option = "watch"] = options;
    return await MODES[option as keyof typeof MODES](session, exercises, streams, wanted);
  },
};

/** The beginning of the ids that a word names: `3`, `03`, `03_tlb` a chapter, `3/1`, `03_tlb/01_flush` an exercise. */
export function wantedId(word: string, exercises: readonly Exercise[]): string {
  const [chapter = "", exercise] = word.split("/");
  const slug = CONTENTS.find((it) => it.slug === chapter || sameNumber(it.slug, chapter))?.slug;
  if (slug === undefined) throw new Misuse(`expected a chapter from 1 to ${CONTENTS.length} but found ${word}`);
  const mine = exercises.filter((it) => it.chapter === slug).map(({ id }) => id);
  if (mine.length === 0) throw new Misuse(`chapter ${numberOf(slug)} has no exercises`);
  if (exercise === undefined) return `${slug}/`;
  const id = mine.find((it) =>
    it === word || it.endsWith(`/${exercise}`) || sameNumber(it.split("/")[1] ?? "", exercise)
  );
  if (id === undefined) {
    throw new Misuse(`chapter ${numberOf(slug)} has ${mine.length} exercises but none named ${exercise}`);
  }
  return id;
}

function sameNumber(slug: string, word: string): boolean {
  return /^\d{1,2}$/.test(word) && Number(slug.slice(0, 2)) === Number(word);
}

type Mode = (
  session: Session,
  exercises: readonly Exercise[],
  streams: Streams,
  wanted: string,
) => number | Promise<number>;

function currentOf({ current }: Session, exercises: readonly Exercise[]): Exercise {
  return exercises.find(({ id }) => id === current) as Exercise;
}

/** The actions of the command, by option. */
const MODES = {
  async watch(session, exercises, streams) {
    await using tests = new ReadyTests();
    const test: TestExercise = (path, options) => tests.run(path, options);
    await new Learner(session, surroundings(exercises, streams, test)).run();
    return 0;
  },
  async once(session, exercises, streams) {
    const around = surroundings(exercises, streams, (path, options) => runTests([path], options));
    const learner = new Learner(session, {
      ...around,
      terminal: { ...around.terminal, clears: false, async *words() {} },
    });
    await learner.run("saved"); // there is no key to ask for it, and the file may have been edited since it was solved
    return learner.session.verdict?.kind === "passed" ? 0 : 1;
  },
  list(session, _, { out }) {
    out(`${listLines(session).join("\n")}\n`);
    return 0;
  },
  async hint(session, exercises, { out }) {
    const { current } = session;
    const next = ({ hints }: Progress) => Math.min(HINTS, (hints[current] ?? 0) + 1);
    const kept = await changeProgress(PROGRESS, (it) => ({ ...it, hints: { ...it.hints, [current]: next(it) } }));
    const number = kept.hints[current] ?? 1;
    const { hints, title } = await materialOf(currentOf(session, exercises));
    out(`${title}\n\nHint ${number} of ${HINTS}\n${hints[number - 1] ?? ""}\n`);
    return 0;
  },
  async solution(session, exercises, { out }, wanted) {
    if (wanted === "" || wanted.endsWith("/")) {
      throw new Misuse("expected an exercise by name, such as 01/02, but found none");
    }
    out(await readPart(currentOf(session, exercises), "solution.ts"));
    return 0;
  },
} as const satisfies Record<string, Mode>;

type TestExercise = (path: string, options: RunOptions) => Promise<TestRun>;

function surroundings(
  exercises: readonly Exercise[],
  { out, err: say }: Streams,
  test: TestExercise,
): Surroundings {
  const testsOf = ({ folder }: Exercise) => fileURLToPath(new URL("exercise_test.ts", folder));
  return {
    terminal: processTerminal(out),
    exercises,
    progressFile: PROGRESS,
    test: async (exercise, options) => await test(testsOf(exercise), { ...options, options: ["--no-check"], say }),
    check: async (exercise, options) => await checkTypes([testsOf(exercise)], { ...options, say }),
  };
}

if (import.meta.main) await main(learnCommand);
