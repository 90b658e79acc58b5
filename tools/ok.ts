/**
 * Every check, of which CI makes most: one line a step with its time. The first step that fails ends the run; its output is shown.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { columns } from "../chapters/shown/columns.ts";
import { type Command, main, oneOf, type Streams } from "./command.ts";
import { runDeno } from "./command/process.ts";

/**
 * Steps in order, the quick ones first, each with the arguments of the `deno` that does it. The tests check the types of everything and hold all chapters, so
 * types are no step, and `book` does one chapter, with the permissions of its line.
 */
const STEPS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  format: ["fmt", "--check"],
  chapters: ["fmt", "--check", "--config=chapters/fmt.json"],
  lint: ["lint"],
  docs: ["doc", "--lint", ...Object.values(config.exports)],
  publish: ["publish", "--dry-run", "--allow-dirty"],
  exercises: ["task", "-q", "check-exercises"],
  book: ["task", "-q", "book", "1"],
  consumer: ["task", "-q", "test-consumer"],
  machines: ["task", "-q", "test-machines"],
  classroom: ["task", "-q", "test-classroom"],
  notebooks: ["task", "-q", "notebooks"],
  browser: ["task", "-q", "test-browser"],
  matrix: ["task", "-q", "matrix"],
  settle: ["task", "-q", "settle"],
  tests: ["task", "-q", "test"],
});

/** The exit code of a task of a live reference if a program is missing. */
const MISSING = 3;

/** Runs a step, prints its line and, if it failed or could not be done, what it said. */
async function passes(name: string, args: readonly string[], streams: Streams): Promise<boolean> {
  const started = performance.now();
  const { code, out, err } = await runDeno(args);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const verdict = code === 0 ? "ok" : code === MISSING ? "absent" : "FAILED";
  streams.out(`${columns([[verdict, name, `${seconds} s`]], { right: [2], widths: [6, 9, 8] })}\n`);
  if (code !== 0) streams.out(out + err);
  return code === 0 || code === MISSING;
}

/** The command. */
export const okCommand: Command = {
  name: "ok",
  words: 0,
  options: [],
  values: ["without"],
  help: `Makes every check and prints a line for each. The first step that fails ends the run; its output is shown.

usage: deno task ok [--without STEP]...

  --without STEP  leave a step out; may be repeated
  --help          print this

Steps: ${Object.keys(STEPS).slice(0, 10).join(", ")},
${Object.keys(STEPS).slice(10).join(", ")}.

Exit codes: 0 all is well, 1 a step failed, 2 a wrong option.

example: deno task ok --without tests
`,
  async run({ values: { without = [] } }, streams) {
    const names = Object.keys(STEPS);
    const left = without.map((name) => oneOf(names, name));
    for (const name of names) {
      if (!left.includes(name) && !await passes(name, STEPS[name] ?? [], streams)) return 1;
    }
    return 0;
  },
};

if (import.meta.main) await main(okCommand);
