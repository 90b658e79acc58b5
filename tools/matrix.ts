/**
 * `deno task matrix`: every case of the condition matrices, on as many workers as there are processors.
 * Progress goes to stderr, a line a matrix to stdout.
 *
 * @module
 */
import { count } from "../chapters/figures/count.ts";
import { joinResults, type MatrixResult } from "./matrix/run.ts";
import { type Matrix, MATRIX_SPACES, matrixOf } from "./matrix/spaces.ts";
import type { MatrixPart } from "./matrix/worker.ts";
import { columns } from "../chapters/shown/columns.ts";
import { type Command, main, oneOf, type Streams } from "./command.ts";
import { Workers } from "./command/workers.ts";

/** Cases that a worker runs between two answers: about a second's work. */
const PART = 2 ** 19;

function partsOf({ space, size }: Matrix): MatrixPart[] {
  return Array.from({ length: Math.ceil(size / PART) }, (_, i) => ({
    space: space.id,
    selection: { first: i * PART, end: Math.min((i + 1) * PART, size), stride: 1 },
  }));
}

/** One line that changes on a terminal; elsewhere a line every ten per cent. */
function progressOf({ space, size }: Matrix, { err, watched: terminal }: Streams): (result: MatrixResult) => void {
  const step = terminal ? 1 : 10;
  let told = 0;
  return ({ cases, differences }) => {
    const percent = Math.floor(100 * cases / size);
    if (percent < told + step && cases < size) return;
    told = percent;
    const line = `${space.id}: ${percent}% of ${count(size)} cases, ${differences} differences`;
    err(terminal && cases < size ? `\r${line}` : `${terminal ? "\r" : ""}${line}\n`);
  };
}

function report({ space }: Matrix, { cases, successes, differences, shown }: MatrixResult, seconds: number): string {
  const faults = cases - successes;
  const found = `${count(successes)} succeed, ${count(faults)} fault; ${count(differences)} differences`;
  const line = columns([[space.id, `${count(cases)} cases:`, `${found} (${seconds.toFixed(1)} s)`]], {
    right: [1],
    widths: [9, 17],
  });
  return [...line, ...shown.map((difference) => `  ${difference}`), ""].join("\n");
}

async function runAll(wanted: readonly Matrix["space"][], streams: Streams): Promise<number> {
  using workers = new Workers<MatrixPart, MatrixResult>(new URL("./matrix/worker.ts", import.meta.url));
  let differences = 0;
  for (const space of wanted) {
    const started = performance.now();
    const matrix = matrixOf(space);
    const progress = progressOf(matrix, streams);
    const results: MatrixResult[] = [];
    await workers.map(partsOf(matrix), (result) => {
      results.push(result);
      progress(joinResults(results));
    });
    const result = joinResults(results);
    streams.out(report(matrix, result, (performance.now() - started) / 1000));
    differences += result.differences;
  }
  return differences === 0 ? 0 : 1;
}

/** The command. */
export const matrixCommand: Command = {
  name: "matrix",
  words: "any",
  options: [],
  help:
    `Makes every combination of entry bits, registers and accesses on the emulated machine, as foreign test suites enumerate
them, and compares each with what a table of rules expects.

usage: deno task matrix [two-level] [pae] [4-level] [5-level]

  two-level, pae, 4-level, 5-level  only these paging modes (default: all four)
  --help                            print this

Exit codes: 0 machine and rules agree, 1 they differ (the first differences are shown), 2 a word that names no mode.

example: deno task matrix two-level
`,
  async run({ words }, streams) {
    const ids = words.map((word) => oneOf(MATRIX_SPACES.map(({ id }) => id), word));
    return await runAll(MATRIX_SPACES.filter(({ id }) => ids.length === 0 || ids.includes(id)), streams);
  },
};

if (import.meta.main) await main(matrixCommand);
