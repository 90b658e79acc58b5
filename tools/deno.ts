/**
 * Runs `deno test` or `deno check` where JSR answers and where it does not. With JSR the command runs
 * as it is. Without, an import map takes `@std/assert` from npm and `@std/testing/bdd` from `node:test`.
 * `TEXTBOOK_STD=jsr` or `TEXTBOOK_STD=npm` decides without asking.
 *
 *     deno task test [paths and options of deno test]
 *
 * Tests may read the project, write to a scratch folder that lives as long as the run, and start Deno
 * itself (the command-line tests do) and `ps`, which tells how much processor time a child has used. They get neither the network nor the environment. With `-A` they
 * may do anything: those in a browser need that.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { type Command, main, type Streams } from "./command.ts";
import { start } from "./command/process.ts";
import { ROOT } from "./command/root.ts";
import { withScratch } from "./command/scratch.ts";
import { writeGroups } from "./command/test_groups.ts";
import { NAMES } from "./offline/names.ts";
import { standInOptions } from "./offline/stand_in_options.ts";

/** Deno's warning that the import map of `deno.json` gives way to that of the run. It is left out. */
const OTHER_MAP =
  /^.*Warning.* the configuration file .* contains an entry for "importMap" that is being ignored\.\n/gm;

const HELP: Readonly<Record<string, string>> = Object.freeze({
  test: `Runs the tests, and those that stand in the texts. Without JSR, @std comes from npm for the run.

usage: deno task test [PATH]... [--quick] [--check] [options of deno test]

  PATH     a test file or a folder (default: all)
  --quick  the machine and its properties alone, with a sixth of the random cases and two of four sizes: between two edits
  --check  check the types of what runs; one of the tests checks those of the whole project, as deno task check does
  --help   print this; "deno test --help" has Deno's own options

Tests may read the project, write to a folder that goes with the run, and start Deno itself and ps. The files of a
folder run in groups, a file that is named by itself; a whole run takes 240 seconds of processor time, --quick 20.

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
  "test-machines":
    `Makes the situations of other people's machines in a temporary clone, and ends every task by every signal.

usage: deno task test-machines [options of deno test]

  --help  print this; "deno test --help" has Deno's own options

Exit codes: 0 all passed or were skipped, 1 some failed, or Deno does not know an option.

example: deno task test-machines --filter CRLF
`,
  "test-classroom":
    `Makes a class's folder and its hub, and lets three students work, each with an account of this machine. Needs root.

usage: deno task test-classroom [options of deno test]

  --help  print this; "deno test --help" has Deno's own options

Exit codes: 0 all passed or were skipped, 1 some failed, or Deno does not know an option.

example: deno task test-classroom --filter idle
`,
  check: `Type-checks the whole project. Without JSR, @std comes from npm for the run.

usage: deno task check [PATH]... [options of deno check]

  PATH    a module to check besides
  --help  print this; "deno check --help" has Deno's own options

Exit codes: 0 no error, 1 errors, or Deno does not know an option.

example: deno task check
`,
});

/** What `--quick` stands for. */
const QUICK: readonly string[] = ["tests/core", "tests/properties"];

function permissions(scratch: string): string[] {
  return [
    "--no-prompt",
    `--allow-read=.,${scratch}`,
    `--allow-write=${scratch}`,
    `--allow-run=${Deno.execPath()},ps`,
  ];
}

/** Options of `deno test` whose value is the next argument. */
const WITH_VALUE = new Set(
  ("-c --cert --conditions --config --coverage-threshold --ext --filter --import-map --junit-path --location --preload " +
    "--related --repeats --reporter --require --retry --seed --shard").split(" "),
);

/** With these each file stays by itself: what is allowed everything looks after itself, and the others choose among files. */
const BY_FILE = /^(-A|--(changed|related|shard)\b)/;

/** The path of a folder of tests: no file, and no pattern. */
const TEST_FOLDER = /^tests(\/\w+)*\/?$/;

/**
 * What `deno test` gets for the arguments of `deno task test`.
 *
 * @param args The arguments.
 * @param grouped Writes modules that run the tests in folders, and returns their paths.
 * @returns The same with groups in place of folders, without a check of types if none was asked for, and with a word for the tests if the run is to be quick.
 */
export async function testArguments(
  args: readonly string[],
  grouped: (folders: readonly string[], ignored: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  const types = args.some((arg) => /^--(no-)?check\b/.test(arg)) ? [] : ["--no-check"];
  const wanted = args.flatMap((arg) => arg === "--quick" ? QUICK : [arg]);
  const named = wanted.filter((arg, i) => !arg.startsWith("-") && !WITH_VALUE.has(wanted[i - 1] ?? ""));
  const options = wanted.filter((arg) => !named.includes(arg));
  if (options.some((arg) => BY_FILE.test(arg))) return [...types, ...wanted];
  const paths = named.length > 0 ? named : config.test.include;
  const folders = paths.filter((path) => TEST_FOLDER.test(path));
  const ignored = options.flatMap((arg) => /^--ignore=(.*)/.exec(arg)?.[1]?.split(",") ?? []);
  const groups = await grouped(folders.map((path) => path.replace(/\/$/, "")), ignored);
  const told = args.includes("--quick") ? ["--", "quick"] : [];
  return [...types, ...options, ...paths.filter((path) => !folders.includes(path)), ...groups, ...told];
}

async function runTests(args: readonly string[], streams: Streams): Promise<number> {
  return await withScratch(async (scratch) => {
    const limits = args.includes("-A") ? [] : permissions(scratch);
    const own = await testArguments(args, (...chosen) => writeGroups(...chosen, scratch));
    return await runHeard(
      ["test", ...limits, ...own],
      { TMPDIR: scratch, TMP: scratch, TEMP: scratch },
      streams,
    );
  });
}

/** Runs Deno with the streams of this process. */
async function runHeard(
  args: readonly string[],
  env: Record<string, string>,
  { err, watched }: Streams,
): Promise<number> {
  const colors: Record<string, string> = watched && !Deno.noColor ? { FORCE_COLOR: "1" } : {};
  const child = start(Deno.execPath(), args, { env: { ...env, ...colors }, stdin: "inherit", stderr: "piped" });
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) err(text.replace(OTHER_MAP, ""));
  return (await child.status).code;
}

/** The command by which this program was started: the name of a task, from the arguments that its line has. */
function commandOf([program = "test", ...rest]: readonly string[]): Command {
  const name = ["browser", "classroom", "consumer", "machines"].find((folder) => rest.includes(`tests/${folder}`));
  const task = name === undefined ? program : `test-${name}`;
  return {
    name: task,
    words: "any",
    options: "handed on",
    help: HELP[task] ?? "",
    async run({ words: [, ...args] }, streams) {
      const standIns = await standInOptions(NAMES, ROOT, streams.err);
      if (standIns.length > 0) streams.err("JSR is out of reach: @std comes from npm for this run.\n");
      const all = [...standIns, ...args];
      return program === "test" ? await runTests(all, streams) : await runHeard([program, ...all], {}, streams);
    },
  };
}

if (import.meta.main) await main(commandOf(Deno.args));
