/**
 * The book itself: every chapter's program is checked, linted and run, and its page held to what it shows and to the rules.
 * Here one compiler checks the types of everything, for a second one would load the same library again: of the project with its tests, of the chapters,
 * and of the examples in doc comments and texts. Every other test runs without a check of types.
 */
import { assert, assertEquals } from "@std/assert";
import { NAMES } from "../../tools/offline/names.ts";
import { ROOT } from "../../tools/command/root.ts";
import { type Chapter, readChapter, readChapters, writtenSlugs } from "../../tools/book/chapters.ts";
import { outputProblems, ruleProblems, runChapter, runChapters } from "../../tools/book/check_book.ts";
import { CONTENTS, numberOf } from "../../tools/pages/contents.ts";
import type { PageOutput } from "../../tools/book/output.ts";
import { referenceProblems } from "../../tools/book/pages.ts";
import { problemText } from "../../tools/book/problems.ts";
import { lint, type Programs, typeCheck, writePrograms } from "../../tools/book/programs.ts";
import { importMapUrl } from "../../tools/offline/import_map.ts";
import { examplePrograms, writeExamples } from "../library/example_programs.ts";

const slugs = await writtenSlugs();

/** The program of one chapter in a folder of its own, so that a chapter that does not parse harms no other. */
async function programOf(slug: string): Promise<Programs & { readonly chapter: Chapter }> {
  const chapter = await readChapter(slug);
  return { ...await writePrograms([chapter], await Deno.makeTempDir()), chapter };
}

/** All chapters' programs together; undefined if one does not parse. Whatever fails of all is asked of each alone. */
let together: Promise<Programs | undefined> | undefined;
async function allPrograms(): Promise<Programs | undefined> {
  together ??= readChapters().then(async (chapters) => await writePrograms(chapters, await Deno.makeTempDir()))
    .catch(() => undefined);
  return await together;
}

const { programs: exampleTexts } = await examplePrograms();
const pageTexts = (await Promise.all(["README.md", "chapters/conventions.md"].map(blocksOf))).flat();

/** The `ts` blocks of a page. */
async function blocksOf(page: string): Promise<string[]> {
  return [...(await Deno.readTextFile(page)).matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, block = ""]) => block);
}

const WITH_NAMES = [`--import-map=${importMapUrl(NAMES, ROOT)}`, "--no-lock"];
/** Options and files for the compiler. */
async function examples(): Promise<string[]> {
  return [...WITH_NAMES, ...await writeExamples([...exampleTexts, ...pageTexts], await Deno.makeTempDir())];
}

/** Deno keeps what the compiler found by the first file that it is given: with this one it checks anew only what has changed since the last run. */
const FIRST = "mod.ts";

/** What compiler and linter say of the project and all programs and examples together: nothing, as a rule. */
let complaints: Promise<string> | undefined;
async function allComplaints(): Promise<string> {
  complaints ??= allPrograms().then(async (all) =>
    all === undefined
      ? "a chapter does not parse"
      : await typeCheck(all, [FIRST, ...await examples(), "."]) + await lint(all)
  );
  return await complaints;
}

let outputs: Promise<ReadonlyMap<string, PageOutput[]>> | undefined;
/** What a chapter's program shows. */
async function outputsOf(slug: string): Promise<readonly PageOutput[]> {
  outputs ??= allPrograms().then(async (all) => {
    if (all === undefined) return new Map();
    const shown = await runChapters(all.chapters, all);
    return new Map(all.chapters.map((chapter, i) => [chapter.slug, shown[i] ?? []]));
  }).catch(() => new Map());
  const shown = (await outputs).get(slug);
  if (shown !== undefined) return shown;
  const { chapter, ...alone } = await programOf(slug);
  return await runChapter(chapter, alone);
}

for (const slug of slugs) {
  const name = `chapter ${numberOf(slug)}, ${CONTENTS.find((it) => it.slug === slug)?.title ?? slug}:`;

  Deno.test(`${name} its blocks are one program, without fault for compiler and linter`, async () => {
    if (await allComplaints() === "") return;
    const alone = await programOf(slug);
    assertEquals(await typeCheck(alone) + await lint(alone), "");
  });

  Deno.test(`${name} the program runs, and shows what the page says it shows`, async () => {
    const problems = await outputProblems(await readChapter(slug), await outputsOf(slug));
    assertEquals(problems.map(problemText), []);
  });

  Deno.test(`${name} the page keeps the rules, its numbers are proven, its links lead somewhere`, async () => {
    assertEquals((await ruleProblems(await readChapter(slug))).map(problemText), []);
  });
}

const none = async () => ({ folder: await Deno.makeTempDir(), chapters: [] });

Deno.test("the project has no fault for the compiler, tests and tools included", async () => {
  if (await allComplaints() === "") return;
  assertEquals(await typeCheck(await none(), [...WITH_NAMES, "."]), "");
});

Deno.test("the examples of the library, of the figures, of what chapters show and of the texts have no fault for the compiler", async () => {
  assert(exampleTexts.length > 2 && pageTexts.length > 1);
  if (await allComplaints() === "") return;
  assertEquals(await typeCheck(await none(), await examples()), "");
});

Deno.test("contents, glossary, bibliography and errata are complete and lead somewhere", async () => {
  assertEquals((await referenceProblems(await readChapters())).map(problemText), []);
});
