/**
 * `deno task coverage`: how much of the core its own tests run, by folder, and the branches that none of them takes.
 *
 * @module
 */

import { columns } from "../chapters/shown/columns.ts";
import { type Command, main, type Streams } from "./command.ts";
import { runDeno } from "./command/process.ts";
import { withScratch } from "./command/scratch.ts";
import { ROOT } from "./command/root.ts";
import { defaultsIn, WHY } from "./branches/defaults.ts";
import { type Reason, reasonOf, REASONS } from "./branches/reasons.ts";
import { type FileCoverage, foldersOf, parseLcov, shareOf } from "./branches/lcov.ts";

/** The tests of the core, recorded answers of real machines among them: no printed page is. */
const TESTS = [
  "tests/core",
  "tests/properties",
  "tests/matrix/directed_test.ts",
  "tests/matrix/matrix_test.ts",
  "tests/reference/other_states_test.ts",
  "tests/reference/states_test.ts",
  "tests/reference/xen_recorded_test.ts",
];
/** Least share of the branches. */
const MIN_BRANCHES = 0.97;

/** Runs the tests; the coverage of each file of the core, or what went wrong. */
async function measured(folder: string): Promise<readonly FileCoverage[] | string> {
  const tests = await runDeno(["task", "-q", "test", "--no-check", `--coverage=${folder}/profile`, ...TESTS]);
  if (tests.code !== 0) return tests.out + tests.err;
  const report = await runDeno(["coverage", "--lcov", "--include=/core/", "--exclude=/tests/", `${folder}/profile`]);
  return report.code === 0 ? parseLcov(report.out) : report.err;
}

async function cover(streams: Streams): Promise<number> {
  return await withScratch(async (folder) => {
    const files = await measured(folder);
    if (typeof files === "string") {
      streams.err(`coverage: the tests of the core must pass first\n${files}`);
      return 1;
    }
    const rows = foldersOf(files).map(({ name, lines, branches }) => [name, percent(lines), percent(branches)]);
    for (const line of columns([["folder", "lines", "branches"], ...rows], { right: [1, 2] })) streams.out(`${line}\n`);
    const missed = await missedLines(files);
    for (const { path, line, branches, defaults, reason } of missed.filter((it) => it.branches > it.defaults)) {
      const why = reason === undefined ? "no test takes them" : REASONS[reason];
      streams.out(`${path}:${line}: ${branches - defaults}: ${why}\n`);
    }
    const excused = missed.reduce((sum, { defaults }) => sum + defaults, 0);
    streams.out(`${excused} branches: ${WHY}\n`);
    const found = files.reduce((sum, { branches }) => sum + branches.found, 0);
    const share = shareOf(files, "branches") * found / (found - excused);
    streams.out(`${percent(share)} of the branches that a test can take\n`);
    if (share >= MIN_BRANCHES) return 0;
    streams.err(`coverage: expected ${percent(MIN_BRANCHES)} of the branches but found ${percent(share)}\n`);
    return 1;
  });
}

/** A line with branches that no test takes. */
interface MissedLine {
  readonly path: string;
  readonly line: number;
  readonly branches: number;
  /** How many of these no test can take. */
  readonly defaults: number;
  /** Why no test takes the others; undefined if nothing is known. */
  readonly reason: Reason | undefined;
}

async function missedLines(files: readonly FileCoverage[]): Promise<MissedLine[]> {
  const parts = files.filter(({ missed }) => missed.length > 0).map(async ({ path, missed }) => {
    const source = (await Deno.readTextFile(new URL(path, ROOT))).split("\n");
    return missed.map(({ line, branches }): MissedLine => {
      const text = source[line - 1] ?? "";
      return { path, line, branches, defaults: Math.min(branches, defaultsIn(text)), reason: reasonOf(path, text) };
    });
  });
  return (await Promise.all(parts)).flat();
}

function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** The command. */
export const coverageCommand: Command = {
  name: "coverage",
  words: 0,
  options: [],
  help: `Runs the tests of the core, and says by folder which share of its lines and branches they take.

usage: deno task coverage

  --help  print this

Branches that no test takes are named: the line, how many, and why if there is a reason. Those that no test can take, defaults
behind an index, are counted.

Exit codes: 0 at least ${percent(MIN_BRANCHES)} of the branches that can be are taken, 1 fewer are, or a test fails.

example: deno task coverage
`,
  async run(_, streams) {
    return await cover(streams);
  },
};

if (import.meta.main) await main(coverageCommand);
