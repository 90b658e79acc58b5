/**
 * Runs `deno test` or `deno check` where JSR answers and where it does not. With JSR the command runs
 * as it is. Without, an import map takes `@std/assert` from npm and `@std/testing/bdd` from `node:test`.
 * `TEXTBOOK_STD=jsr` or `TEXTBOOK_STD=npm` decides without asking.
 *
 *     deno run -A tools/deno.ts test [paths and options of deno test]
 *
 * Tests may read the project, write to a scratch folder that lives as long as the run, and start Deno
 * itself (the command-line tests do). They get neither the network nor the environment.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { importMapUrl, jsrSpecifiers } from "./offline/import_map.ts";

const root = new URL("../", import.meta.url);

async function jsrAnswers(): Promise<boolean> {
  const decided = Deno.env.get("TEXTBOOK_STD");
  if (decided) return decided === "jsr";
  try {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "cache",
        "-q",
        "--no-lock",
        "--no-config",
        ...jsrSpecifiers(config),
      ],
      stdout: "null",
      stderr: "null",
      signal: AbortSignal.timeout(8_000), // a host that accepts and never answers
    }).output();
    return success;
  } catch {
    return false;
  }
}

async function standInOptions(): Promise<string[]> {
  if (await jsrAnswers()) return [];
  const note = "JSR is out of reach: @std comes from npm for this run.\n";
  await Deno.stderr.write(new TextEncoder().encode(note));
  return [`--import-map=${importMapUrl(config, root)}`, "--no-lock"];
}

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
    return await run(["test", ...permissions(scratch), ...args], {
      TMPDIR: scratch,
      TMP: scratch,
      TEMP: scratch,
    });
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

const [command = "test", ...rest] = Deno.args;
const args = [...await standInOptions(), ...rest];
Deno.exit(
  command === "test" ? await runTests(args) : await run([command, ...args], {}),
);
