/**
 * What people wait for: whole processes, and what a page or a notebook asks of a process that runs already.
 *
 * @module
 */

import { runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { median, short } from "./rounds.ts";

/** A wait. */
export interface Felt {
  readonly name: string;
  /** Seconds of the first time: V8 has compiled nothing yet. */
  readonly first: number;
  /** Seconds of the later times, their median. */
  readonly then: number;
  /** Seconds of the later times that it should stay below. */
  readonly aim: number;
}

/** What is waited for in a process of its own: the arguments of `deno`. */
const PROCESSES: readonly { readonly name: string; readonly aim: number; readonly args: readonly string[] }[] = [
  { name: "start of the library", aim: 0.15, args: ["eval", "--no-check", `import "${new URL("mod.ts", ROOT)}";`] },
  {
    name: "explain",
    aim: 0.15,
    args: task("explain", "tests/fixtures/kernels/linux61-amd64-4level.json", "0xffffffff81000000"),
  },
  { name: "audit", aim: 0.2, args: task("audit", "tests/fixtures/kernels/linux61-amd64-4level.json") },
  { name: "debate at 64M, table alone", aim: 0.9, args: task("debate", "--json") },
  { name: "debate at 64M, with its report", aim: 3, args: task("debate", "--out", "out/bench/report") },
  exercise("01_one_page_table/exercises/01_cut_address"),
  exercise("13_what_came_after/exercises/04_never_mapped"),
];

/** Times that a process is started after the first. */
const TIMES = 3;

function task(name: string, ...args: string[]): string[] {
  return ["run", "-q", "--no-prompt", "--allow-read", "--allow-write=out/bench", `tools/${name}.ts`, ...args];
}

function exercise(folder: string): (typeof PROCESSES)[number] {
  const file = `chapters/${folder}/exercise_test.ts`;
  const name = `verdict on ${folder.replace("/exercises/", "/")}`;
  return { name, aim: 0.5, args: ["test", "-q", "--no-check", "--allow-read=.", file] };
}

/**
 * Measures all waits, one after the other.
 *
 * @returns The lines of the report; or why there are none.
 */
export async function measureFelt(): Promise<readonly Felt[] | string> {
  const lines: Felt[] = [];
  for (const { name, aim, args } of PROCESSES) {
    const first = await secondsOf(args);
    const later = [];
    for (let i = 0; i < TIMES; i++) later.push(await secondsOf(args));
    lines.push({ name, first, then: short(median(later)), aim });
  }
  const { code, out, err } = await runDeno(["run", "-q", "--no-prompt", "tools/bench/felt_process.ts"]);
  return code === 0 ? [...lines, ...JSON.parse(out)] : err;
}

async function secondsOf(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  await runDeno(args); // an exercise as it is shipped fails: its code is no fault here
  return short((performance.now() - begun) / 1_000);
}
