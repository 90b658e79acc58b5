/**
 * Everything that CI checks: one line a step with its time; the first step that fails ends it, with its output.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { type Command, main, oneOf } from "./command.ts";

/** Steps in order, the quick ones first, each with the arguments of the `deno` that does it. */
const STEPS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  format: ["fmt", "--check"],
  lint: ["lint"],
  types: ["task", "-q", "check"],
  docs: ["doc", "--lint", ...Object.values(config.exports)],
  publish: ["publish", "--dry-run", "--allow-dirty"],
  exercises: ["task", "-q", "check-exercises"],
  book: ["task", "-q", "book"],
  consumer: ["task", "-q", "test-consumer"],
  notebooks: ["task", "-q", "notebooks"],
  browser: ["task", "-q", "test-browser"],
  matrix: ["task", "-q", "matrix"],
  settle: ["task", "-q", "settle"],
  tests: ["task", "-q", "test"],
});

async function print(bytes: Uint8Array): Promise<void> {
  const writer = Deno.stdout.writable.getWriter();
  await writer.write(bytes);
  writer.releaseLock();
}

/** What the tasks of live references exit with where a program of theirs is missing. */
const MISSING = 3;

/** Runs a step, prints its line and, if it failed or could not be done, what it said. */
async function passes(name: string, args: readonly string[]): Promise<boolean> {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), { args: [...args], cwd: new URL("../", import.meta.url) });
  const { code, stdout, stderr } = await child.output();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const verdict = code === 0 ? "ok    " : code === MISSING ? "absent" : "FAILED";
  await print(encoder.encode(`${verdict} ${name.padEnd(9)} ${seconds.padStart(6)} s\n`));
  if (code !== 0) {
    await print(stdout);
    await print(stderr);
  }
  return code === 0 || code === MISSING;
}

/** The command. */
export const okCommand: Command = {
  name: "ok",
  words: 0,
  options: [],
  values: ["without"],
  help: `Does what CI does, a line a step; the first step that fails ends it, with its output.

usage: deno task ok [--without STEP]...

  --without STEP  leave a step out; may be repeated
  --help          print this

Steps: ${Object.keys(STEPS).join(", ")}.

Exit codes: 0 all is well, 1 a step failed, 2 a wrong option.

example: deno task ok --without tests
`,
  async run({ values: { without = [] } }) {
    const names = Object.keys(STEPS);
    const left = without.map((name) => oneOf(names, name));
    for (const name of names) {
      if (!left.includes(name) && !await passes(name, STEPS[name] ?? [])) return 1;
    }
    return 0;
  },
};

const encoder = new TextEncoder();
if (import.meta.main) await main(okCommand);
