/**
 * Runs `deno test` or `deno check` where JSR answers and where it does not. With JSR the command runs
 * as it is. Without, an import map takes `@std/assert` from npm and `@std/testing/bdd` from `node:test`.
 * `TEXTBOOK_STD=jsr` or `TEXTBOOK_STD=npm` decides without asking.
 *
 *     deno task test [paths and options of deno test]
 *
 * Tests may read the project, write to a scratch folder that lives as long as the run, and start Deno
 * itself (the command-line tests do). They get neither the network nor the environment. With `-A` they
 * may do anything: those in a browser need that.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { standInOptions } from "./offline/stand_in_options.ts";

const root = new URL("../", import.meta.url);

function permissions(scratch: string): string[] {
  return [
    "--no-prompt",
    `--allow-read=.,${scratch}`,
    `--allow-write=${scratch}`,
    `--allow-run=${Deno.execPath()}`,
  ];
}

async function run(
  args: string[],
  env: Record<string, string>,
): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args, env, cwd: root });
  return (await child.spawn().status).code;
}

async function runTests(args: string[]): Promise<number> {
  const scratch = await Deno.realPath(await Deno.makeTempDir());
  const interrupted = () => {}; // the child gets the signal too; the folder must still go
  Deno.addSignalListener("SIGINT", interrupted);
  try {
    const limits = args.includes("-A") ? [] : permissions(scratch);
    return await run(["test", ...limits, ...args], {
      TMPDIR: scratch,
      TMP: scratch,
      TEMP: scratch,
    });
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

const HELP: Readonly<Record<string, string>> = Object.freeze({
  test: `Runs the tests, and those that stand in the texts. Without JSR, @std comes from npm for the run.

usage: deno task test [PATH]... [options of deno test]

  PATH    a test file or a folder (default: all)
  --help  print this; "deno test --help" has Deno's own options

Tests may read the project, write to a folder that goes with the run, and start Deno itself.

Exit codes: 0 all passed, 1 some failed, or Deno does not know an option.

example: deno task test tests/core/mmu --filter PDPTE
`,
  "test-browser": `Runs the tests of what readers see, in Chromium, and says why it skips those that it cannot run.

usage: deno task test-browser [options of deno test]

  --help  print this; "deno test --help" has Deno's own options

Exit codes: 0 all passed or were skipped, 1 some failed, or Deno does not know an option.

example: deno task test-browser --filter notebook
`,
  "test-consumer": `Packs the library and uses it from elsewhere: in Deno, in Node and in a browser.

usage: deno task test-consumer [options of deno test]

  --help  print this; "deno test --help" has Deno's own options

Exit codes: 0 all passed or were skipped, 1 some failed, or Deno does not know an option.

example: deno task test-consumer
`,
  check: `Type-checks the whole project. Without JSR, @std comes from npm for the run.

usage: deno task check [PATH]... [options of deno check]

  PATH    a module to check besides
  --help  print this; "deno check --help" has Deno's own options

Exit codes: 0 no error, 1 errors, or Deno does not know an option.

example: deno task check
`,
});

const [command = "test", ...rest] = Deno.args;
/** The task by which this program was started. */
const task = rest.includes("tests/browser")
  ? "test-browser"
  : rest.includes("tests/consumer")
  ? "test-consumer"
  : command;
const help = rest.some((arg) => arg === "--help" || arg === "-h") ? HELP[task] : undefined;
if (help !== undefined) {
  await Deno.stdout.write(new TextEncoder().encode(help));
  Deno.exit(0);
}
const standIns = await standInOptions(config, root);
if (standIns.length > 0) {
  await Deno.stderr.write(new TextEncoder().encode("JSR is out of reach: @std comes from npm for this run.\n"));
}
const args = [...standIns, ...rest];
Deno.exit(
  command === "test" ? await runTests(args) : await run([command, ...args], {}),
);
