import { runDeno } from "../../tools/command/process.ts";
import { ROOT } from "../../tools/command/root.ts";
import { dealt, WAITING, writeGroups } from "../../tools/command/test_groups.ts";
import { sourcesBelow } from "../library/sources.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { testArguments } from "../../tools/deno.ts";
import { okCommand } from "../../tools/ok.ts";
import { runHere } from "./run_here.ts";

const folder = await Deno.makeTempDir();

/** Runs a program of tools/ and returns its exit code and all that it printed. */
async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const env = { NO_COLOR: "1", TEXTBOOK_STD: "npm" };
  const { code, out, err } = await runDeno(["run", "-A", ...args], { env });
  return { code, said: out + err };
}

/** Runs a test file of this text with the runner. */
async function runTest(text: string, ...options: string[]): Promise<{ code: number; said: string }> {
  const path = `${folder}/${crypto.randomUUID()}_test.ts`;
  await Deno.writeTextFile(path, text);
  return await run("tools/deno.ts", "test", path, ...options);
}

Deno.test("the runner passes options on and returns the code of deno test", async () => {
  const text = 'Deno.test("good", () => {});\nDeno.test("bad", () => { throw new Error("bad"); });\n';
  const both = await runTest(text);
  assertEquals(both.code, 1);
  assertStringIncludes(both.said, "1 passed | 1 failed");
  const one = await runTest(text, "--filter", "good");
  assertEquals(one.code, 0);
  assertStringIncludes(one.said, "1 passed | 0 failed | 1 filtered out");
});

/** The arguments of `deno test`, with the folders that are grouped in place of the groups. */
const argumentsFor = (...args: string[]) =>
  testArguments(args, (folders, ignored) => Promise.resolve(["GROUPS", ...folders, ...ignored.map((it) => `-${it}`)]));

Deno.test("--quick stands for the machine and its properties; types are checked if that is asked for", async () => {
  assertEquals(
    await argumentsFor("--quick", "--filter", "x"),
    ["--no-check", "--filter", "x", "GROUPS", "tests/core", "tests/properties", "--", "quick"],
  );
  for (const asked of ["--check", "--check=all", "--no-check"]) {
    assertEquals(await argumentsFor(asked, "tests/core"), [asked, "GROUPS", "tests/core"]);
  }
});

Deno.test("folders of tests are grouped; files, texts and the values of options are handed on", async () => {
  const texts = ["*.md", "chapters/conventions.md"];
  assertEquals(await argumentsFor("--ignore=tests/browser,tests/site"), [
    ...["--no-check", "--ignore=tests/browser,tests/site", ...texts],
    ...["GROUPS", "tests", "-tests/browser", "-tests/site"],
  ]);
  assertEquals(await argumentsFor("--filter", "tests"), [
    "--no-check",
    "--filter",
    "tests",
    ...texts,
    "GROUPS",
    "tests",
  ]);
  assertEquals(
    await argumentsFor("README.md", "tests/core/", "tests/a_test.ts", "--fail-fast"),
    ["--no-check", "--fail-fast", "README.md", "tests/a_test.ts", "GROUPS", "tests/core"],
  );
  const byFile = ["tests/core", "--related", "core/mmu/walk.ts"];
  assertEquals(await argumentsFor(...byFile), ["--no-check", ...byFile]);
  assertEquals(await argumentsFor("-A", "tests/browser"), ["--no-check", "-A", "tests/browser"]);
});

Deno.test("groups hold every test file of the folders once, but for the ignored ones, and name no other", async () => {
  const into = await Deno.makeTempDir();
  const files = async (...ignored: string[]) => {
    const modules = await writeGroups(["tests/core/xen", "tests/core", "tests/tools"], ignored, into);
    const texts = await Promise.all(modules.map((path) => Deno.readTextFile(path)));
    return texts.map((text) => [...text.matchAll(/"(.*)"/g)].map(([, url = ""]) => url.slice(ROOT.href.length)));
  };
  const wanted = [...await sourcesBelow("tests/core"), ...await sourcesBelow("tests/tools")]
    .filter((path) => path.endsWith("_test.ts"));
  const groups = await files();
  assertEquals(groups[0], ["tests/tools/piped_test.ts"]);
  assert(groups.slice(1).every(({ length }) => length > 2));
  assertEquals(groups.flat().toSorted(), wanted.toSorted());
  assertEquals(
    (await files("tests/core/xen", "tests/tools/runner_test.ts")).flat().toSorted(),
    wanted.filter((path) => !path.startsWith("tests/core/xen/") && path !== "tests/tools/runner_test.ts").toSorted(),
  );
});

Deno.test("what waits for other programs is by itself and begins first, all else is shared among the processors", async () => {
  for (const file of WAITING) assert((await Deno.stat(new URL(file, ROOT))).isFile, file);
  const [last = ""] = WAITING.slice(-1);
  const others = Array.from({ length: 24 }, (_, i) => `tests/${i}_test.ts`);
  assertEquals(dealt([...others, last], 3).map(({ length }) => length), [1, 8, 8, 8]);
  assertEquals(dealt([...others, last], 3)[0], [last]);
  assertEquals(dealt(others, 64).length, 4, "a group has six files at least");
  assertEquals(dealt(Array.from({ length: 8 }, () => others).flat(), 64).length, 8);
  assertEquals(dealt([last], 2), [[last]]);
});

Deno.test("tests may write to their scratch folder, and it is gone afterwards", async () => {
  const { code, said } = await runTest(`Deno.test("scratch", async () => {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(folder + "/a", await Deno.readTextFile("deno.json"));
    console.log("<" + folder + ">");
  });`);
  assertEquals(code, 0);
  const scratch = said.match(/<(.*)>/)?.[1] ?? "";
  assertMatch(scratch, /./);
  assertEquals(await Deno.stat(scratch).then(() => "there", () => "gone"), "gone");
});

Deno.test("tests get neither the network nor the environment, and write nowhere else", async () => {
  const { code, said } = await runTest(`
    const refused = (what: () => unknown) => { try { what(); return false; } catch (e) { return e instanceof Deno.errors.NotCapable; } };
    Deno.test("permissions", () => console.log("<" + [
      () => Deno.env.get("HOME"),
      () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
      () => Deno.writeTextFileSync("stray.tmp", ""),
      () => Deno.readTextFileSync("../stray.tmp"),
      () => new Deno.Command("ls").outputSync(),
    ].map(refused).join(" ") + ">"));`);
  assertEquals(code, 0);
  assertStringIncludes(said, "<true true true true true>");
});

/** The steps that ok knows, as its help lists them. */
const STEPS = /^Steps: ([^]*?)\.$/m.exec(okCommand.help)?.[1]?.split(/,\s+/) ?? [];

Deno.test("ok refuses a step that it does not know and names the others", async () => {
  const { code, err } = await runHere(okCommand, "--without", "coffee");
  assertEquals(code, 2);
  assertStringIncludes(err, `expected ${STEPS.join(", ")} but found coffee`);
});

Deno.test("ok prints one line a step with its time", async () => {
  const others = STEPS.filter((step) => step !== "lint").flatMap((step) => ["--without", step]);
  const { said } = await run("tools/ok.ts", ...others);
  assertMatch(said, /^(ok {4}|FAILED) {2}lint +\d+\.\d s\n/);
});
