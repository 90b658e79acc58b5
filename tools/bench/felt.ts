/**
 * What people wait for: whole processes, and what a page or a notebook asks of a process that runs already.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { firstError, runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { CONTENTS, numberOf } from "../pages/contents.ts";
import { ReadyTests } from "../learn/ready_tests.ts";
import { median, short } from "./rounds.ts";

/** A wait. */
export interface Felt {
  readonly name: string;
  /** Seconds of the first time: V8 has compiled nothing yet. */
  readonly first: number;
  /** Seconds of the later times, their median. */
  readonly then: number;
  /** Longest of the later times less the shortest, as a part of the median. */
  readonly spread: number;
  /** Seconds of the later times that it should stay below. */
  readonly aim: number;
}

/** Something that is waited for. */
interface Wait {
  readonly name: string;
  readonly aim: number;
  /** What goes before and is not waited for. */
  readonly before?: () => Promise<void>;
  readonly work: () => Promise<void>;
}

const STATE = "tests/fixtures/kernels/linux61-amd64-4level.json";
const LIBRARY = `import "${new URL("mod.ts", ROOT)}";`;

/** What is waited for in a process of its own. */
const WAITS: readonly Wait[] = [
  { name: "start of the library", aim: 0.15, work: () => succeed(["eval", "--no-check", LIBRARY]) },
  task("explain", 0.15, ["explain", STATE, "0xffffffff81000000"]),
  task("audit", 0.2, ["audit", STATE]),
  task("debate at 64M, table alone", 0.9, ["debate", "--json"]),
  task("debate at 64M, with its report", 3, ["debate", "--out", "out/bench/report"]),
  exercise("01_one_page_table/exercises/01_cut_address"),
  exercise("12_verdict/exercises/03_sixth_proposal"),
  exercise("12_verdict/exercises/04_own_property"),
  exercise("12_verdict/exercises/05_rule_that_survives"),
  exercise("13_what_came_after/exercises/04_never_mapped"),
  ...CONTENTS.map(({ slug }) => firstRun(numberOf(slug))),
];

/** Times that a wait is repeated after the first. */
const TIMES = 3;
/** Milliseconds that a learner at least takes from a verdict to saving again. */
const READING = 3_000;

async function succeed(args: readonly string[]): Promise<void> {
  const { code, err } = await runDeno(args);
  if (code !== 0) throw new Error(`Expected deno ${args.join(" ")} to succeed but found code ${code}: ${err}`);
}

/** A task, with the permissions of its line. */
function task(name: string, aim: number, [program = "", ...args]: readonly string[]): Wait {
  const [, ...line] = (new Map(Object.entries(config.tasks)).get(program) ?? "").split(" ");
  return { name, aim, work: () => succeed([...line, ...args]) };
}

const TESTS = new ReadyTests();

/** The verdict of a session of `deno task learn` on a solution, from saving it on. The process that tests it stands ready by then. */
function exercise(folder: string): Wait {
  const from = new URL(`chapters/${folder}/`, ROOT);
  const copy = new URL(`out/bench/${folder}/`, ROOT);
  const path = (name: string) => fileURLToPath(new URL(name, copy));
  const save = async () => {
    await Deno.mkdir(copy, { recursive: true });
    await Deno.copyFile(new URL("exercise_test.ts", from), path("exercise_test.ts"));
    await Deno.copyFile(new URL("solution.ts", from), path("exercise.ts"));
    await new Promise((resolve) => setTimeout(resolve, READING));
  };
  const work = async () => {
    const run = await TESTS.run(path("exercise_test.ts"), { limit: 600_000, options: ["--no-check"] });
    if (run.kind !== "ran") throw new Error(`Expected the tests of ${folder} to run but found ${JSON.stringify(run)}`);
  };
  return { name: `verdict on ${folder.replace("/exercises/", "/")}`, aim: 0.5, before: save, work };
}

/** The first Run in a chapter's page: the library is loaded, and the first block runs. A process stands for the page. */
function firstRun(chapter: number): Wait {
  const work = () =>
    succeed(["run", "-q", "--no-prompt", "--no-check", "--allow-read", "tools/bench/first_block.ts", `${chapter}`]);
  return { name: `first Run in chapter ${chapter}`, aim: 1, work };
}

/**
 * A line of the report.
 *
 * @param name What is waited for.
 * @param aim Seconds that it should stay below.
 * @param seconds Seconds of all times, the first one first.
 * @returns The line.
 */
export function feltOf(name: string, aim: number, [first = NaN, ...later]: readonly number[]): Felt {
  const then = median(later);
  return {
    name,
    first: short(first),
    then: short(then),
    spread: short((Math.max(...later) - Math.min(...later)) / then),
    aim,
  };
}

/** Processes that measure several waits and print them. */
const PROCESSES = {
  "what a process waits for": ["run", "-q", "--no-prompt", "tools/bench/felt_process.ts"],
  "pages in Chromium": ["run", "-q", "--no-prompt", "-A", "tools/bench/felt_page.ts"],
} as const;

/**
 * Measures all waits, one after the other.
 *
 * @param say Is told what could not be measured, a line each.
 * @returns The lines of the report.
 */
export async function measureFelt(say: (text: string) => void): Promise<readonly Felt[]> {
  const lines: Felt[] = [];
  for (const { name, aim, before, work } of WAITS) {
    const seconds = [];
    for (let i = 0; i <= TIMES; i++) {
      await before?.();
      const begun = performance.now();
      await work();
      seconds.push((performance.now() - begun) / 1_000);
    }
    lines.push(feltOf(name, aim, seconds));
  }
  await TESTS[Symbol.asyncDispose]();
  for (const [what, args] of Object.entries(PROCESSES)) {
    const { code, out, err } = await runDeno(args);
    if (code === 0) lines.push(...JSON.parse(out));
    else say(`bench: ${what} could not be measured: ${firstError(err)}\n`);
  }
  return lines;
}
