import { assertEquals } from "@std/assert";
import { sourcesBelow } from "../library/sources.ts";

const root = new URL("../../", import.meta.url);
const TRAP = /(?<=\btraps? (?:T\d+(?:, | and ))*)T\d+/g;

async function trapsIn(...folders: string[]): Promise<Set<string>> {
  const paths = (await Promise.all(folders.map(sourcesBelow))).flat().filter((path) => !path.includes("tests/book/"));
  const texts = await Promise.all(paths.map((path) => Deno.readTextFile(new URL(path, root))));
  return new Set(texts.flatMap((text) => text.replace(/\n\s*(?:\*|\/\/) /g, " ").match(TRAP) ?? []));
}

const listed: readonly string[] = (await Deno.readTextFile(new URL("docs/traps.md", root))).match(/(?<=^\| )T\d+/gm) ??
  [];

Deno.test("every trap that a comment or a test names is in the list", async () => {
  const named = await trapsIn("core", "tests", "chapters", "tools");
  assertEquals([...named].filter((trap) => !listed.includes(trap)), []);
});

Deno.test("every trap in the list is tried by a test that names it", async () => {
  const tried = await trapsIn("tests/core", "tools/mutants", "tests/properties");
  assertEquals(listed.filter((trap) => !tried.has(trap)), []);
});

Deno.test("the list counts on from T1", () => {
  assertEquals(listed, listed.map((_, at) => `T${at + 1}`));
});
