/**
 * The book itself: every chapter's program is checked, linted and run, and its page held to what it shows and to the rules.
 */
import { assert, assertEquals } from "@std/assert";
import { readChapter, readChapters, writtenSlugs } from "../../tools/book/chapters.ts";
import { outputProblems, ruleProblems, runChapter } from "../../tools/book/check_book.ts";
import { CONTENTS, numberOf } from "../../tools/book/contents.ts";
import { referenceProblems } from "../../tools/book/pages.ts";
import { problemText } from "../../tools/book/problems.ts";
import { lint, type Programs, typeCheck, writePrograms } from "../../tools/book/programs.ts";

const slugs = await writtenSlugs();

/** The program of one chapter in a folder of its own, so that a chapter that does not parse harms no other. */
const programs = new Map<string, Promise<Programs>>();
function programOf(slug: string): Promise<Programs> {
  const made = programs.get(slug) ??
    readChapter(slug).then(async (chapter) => await writePrograms([chapter], await Deno.makeTempDir()));
  programs.set(slug, made);
  return made;
}

/** What compiler and linter say of all chapters together: nothing, as a rule, and then nobody need ask for each. */
let together: Promise<string> | undefined;
async function complaintsAbout(slug: string): Promise<string> {
  together ??= readChapters().then(async (chapters) => {
    const all = await writePrograms(chapters, await Deno.makeTempDir());
    return await typeCheck(all) + await lint(all);
  }).catch(String);
  if (await together === "") return "";
  const alone = await programOf(slug);
  return await typeCheck(alone) + await lint(alone);
}

for (const slug of slugs) {
  const name = `chapter ${numberOf(slug)}, ${CONTENTS.find((it) => it.slug === slug)?.title ?? slug}:`;

  Deno.test(`${name} its blocks are one program, without fault for compiler and linter`, async () => {
    assertEquals(await complaintsAbout(slug), "");
  });

  Deno.test(`${name} the program runs, and shows what the page says it shows`, async () => {
    const { chapters: [chapter], ...rest } = await programOf(slug);
    assert(chapter !== undefined);
    const outputs = await runChapter(chapter, { ...rest, chapters: [chapter] });
    assertEquals((await outputProblems(chapter, outputs)).map(problemText), []);
  });

  Deno.test(`${name} the page keeps the rules, its numbers are proven, its links lead somewhere`, async () => {
    assertEquals((await ruleProblems(await readChapter(slug))).map(problemText), []);
  });
}

Deno.test("contents, glossary, bibliography and errata are complete and lead somewhere", async () => {
  assertEquals((await referenceProblems(await readChapters())).map(problemText), []);
});
