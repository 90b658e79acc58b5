import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { importMapUrl } from "../../tools/offline/import_map.ts";
import { type Example, examplesOf, programOf } from "./examples.ts";
import { sourcesBelow } from "./sources.ts";

const root = new URL("../../", import.meta.url);

/** The examples of some files. What a block imports from beside it, it imports by its whole name. */
async function examplesIn(...paths: string[]): Promise<Example[]> {
  const found = await Promise.all(paths.map(async (path) => {
    const url = new URL(path, root);
    const examples = examplesOf(path, await Deno.readTextFile(url));
    const whole = (line: string) => line.replace(/(?<=from ")\.{1,2}\/[^"]*/, (beside) => new URL(beside, url).href);
    return examples.map(({ place, lines }) => ({ place, lines: lines.map(whole) }));
  }));
  return found.flat();
}

/** Checks and runs programs, and returns its exit code and what it printed. */
async function run(programs: readonly string[], ...options: string[]): Promise<{ code: number; said: string }> {
  const folder = await Deno.makeTempDir();
  for (const [i, program] of programs.entries()) await Deno.writeTextFile(`${folder}/${i}_test.ts`, program);
  const map = `--import-map=${importMapUrl(config, root)}`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--no-prompt",
      "--allow-read",
      "--no-lock",
      `--config=${new URL("deno.json", root).pathname}`,
      map,
      ...options,
      folder,
    ],
    env: { NO_COLOR: "1" },
    cwd: root,
  });
  const { code, stdout, stderr } = await child.output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

const SHOWN = ["figures", "shown", "stepper"].map((name) => `chapters/${name}`);

Deno.test("every example of the library, of the figures and of what chapters show is true", async () => {
  const library = await examplesIn("mod.ts", ...await sourcesBelow("core"));
  const shown = await examplesIn(...(await Promise.all(SHOWN.map(sourcesBelow))).flat());
  // Where the same name comes from elsewhere, there is a program of its own.
  const apart = [`from "${config.name}/core"`, `from "${config.name}/`, 'from "file:'];
  const programOfItsOwn = ({ lines }: Example) => apart.findIndex((from) => lines.some((line) => line.includes(from)));
  const programs = [library, shown].flatMap((examples) => Object.values(Object.groupBy(examples, programOfItsOwn)))
    .filter((examples) => examples !== undefined);
  const { code, said } = await run(programs.map(programOf));
  const failed = said.split("\n").filter((line) => /FAILED|\[ERROR\]|^error/.test(line));
  assertEquals(code, 0, failed.join("\n") + "\n" + said.slice(-4_000));
  assertMatch(said, new RegExp(`${library.length + shown.length} passed`));
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

Deno.test("a block without an end is named", () => {
  assertThrows(() => examplesOf("core/a.ts", "/**\n * ```ts\n * x\n */\n"), RangeError, "core/a.ts:2");
});
