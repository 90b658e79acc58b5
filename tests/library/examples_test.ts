import { runDeno } from "../../tools/command/process.ts";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { NAMES } from "../../tools/offline/names.ts";
import { importMapUrl } from "../../tools/offline/import_map.ts";
import { examplePrograms, writeExamples } from "./example_programs.ts";
import { examplesOf, inPrograms, programOf } from "./examples.ts";

const root = new URL("../../", import.meta.url);

/** Checks and runs programs, and returns its exit code and what it printed. */
async function run(programs: readonly string[], ...options: string[]): Promise<{ code: number; said: string }> {
  const folder = await Deno.makeTempDir();
  await writeExamples(programs, folder);
  const map = `--import-map=${importMapUrl(NAMES, root)}`;
  const limits = ["--no-prompt", "--allow-read", "--no-lock"];
  const project = `--config=${new URL("deno.json", root).pathname}`;
  const { code, out, err } = await runDeno(["test", ...limits, project, map, ...options, folder], {
    env: { NO_COLOR: "1" },
  });
  return { code, said: out + err };
}

Deno.test("every example of the library, of the figures and of what chapters show is true", async () => {
  const { programs, count } = await examplePrograms();
  const { code, said } = await run(programs, "--no-check"); // their types are checked with those of the chapters
  const failed = said.split("\n").filter((line) => /FAILED|\[ERROR\]|^error/.test(line));
  assertEquals(code, 0, failed.join("\n") + "\n" + said.slice(-4_000));
  assertMatch(said, new RegExp(`${count} passed`));
});

Deno.test("an example whose assertion or type is wrong fails, and is named", async () => {
  const block = (
    line: string,
  ) => ["/**", " * ```ts", ' * import { assertEquals } from "@std/assert";', ` * ${line}`, " * ```", " */"];
  const wrong = examplesOf("core/a.ts", block("assertEquals(1, 2);").join("\n"));
  const { code, said } = await run([programOf(wrong)], "--no-check");
  assertEquals(code, 1);
  assertMatch(said, /core\/a\.ts:2 \.\.\. FAILED/);
  const badType = await run([
    programOf(examplesOf("core/a.ts", block('assertEquals(1, 1 + "x".size);').join("\n"))),
  ]);
  assertEquals(badType.code, 1);
  assertMatch(badType.said, /TS2339|Property 'size' does not exist/);
});

Deno.test("blocks that import the same name share one import, a type stays a type", () => {
  const one = { place: "a:1", lines: ['import { P, type Mode } from "m";', "P;"] };
  const two = { place: "b:1", lines: ["import {", "  P,", "  type Level,", '} from "m";', "P;"] };
  assertMatch(programOf([one, two]), /^import \{ P, type Level, type Mode \} from "m";\nDeno\.test\("a:1"/);
});

Deno.test("blocks that import the same name from two modules are in two programs", () => {
  const from = (module: string, ...names: string[]) => ({
    place: `${module}:1`,
    lines: [`import { ${names.join(", ")} } from "${module}";`],
  });
  const [a, b, c] = [from("m", "P", "RW"), from("n", "P"), from("n", "US")];
  assertEquals(inPrograms([a, b, c]), [[a, c], [b]]);
});

Deno.test("a block without an end is named", () => {
  assertThrows(() => examplesOf("core/a.ts", "/**\n * ```ts\n * x\n */\n"), RangeError, "core/a.ts:2");
});
