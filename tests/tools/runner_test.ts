import { runDeno } from "../../tools/command/process.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
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

Deno.test("--quick stands for the machine and its properties; types are checked if that is asked for", () => {
  assertEquals(testArguments(["--quick", "--filter", "x"]), [
    "--no-check",
    "tests/core",
    "tests/properties",
    "--filter",
    "x",
  ]);
  for (const asked of ["--check", "--check=all", "--no-check"]) assertEquals(testArguments([asked]), [asked]);
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
