/**
 * The exercises as pages: one for each chapter, and one that lists them all.
 *
 * @module
 */

import hljs from "highlight.js/lib/core";
import { escapeMarkup } from "../../chapters/figures/markup.ts";
import { type Exercise, readPart } from "../exercises/exercise.ts";
import { cutComment } from "../exercises/hole.ts";
import { sectionsOf } from "../exercises/sections.ts";
import { CONTENTS, numberOf } from "../pages/contents.ts";
import { chapterFile, type Page } from "./layout.ts";
import { htmlOf, type Surroundings } from "./markdown.ts";

/** The file of the exercises of a chapter. */
export function exercisesFile(chapter: string): string {
  return `exercises_${chapter}.html`;
}

/** Where an exercise stands: page and anchor. */
export function exerciseAddress({ id, chapter }: Exercise): string {
  return `${exercisesFile(chapter)}#${slugOf(id)}`;
}

/** The file of an exercise, from the project's folder. */
export function exercisePath({ id, chapter }: Exercise): string {
  return `chapters/${chapter}/exercises/${slugOf(id)}/exercise.ts`;
}

function slugOf(id: string): string {
  return id.split("/")[1] ?? id;
}

/** An exercise with what its page says. */
interface Told {
  readonly exercise: Exercise;
  readonly title: string;
  readonly html: string;
}

/**
 * The pages of the exercises.
 *
 * @param exercises All exercises.
 * @param around Links, drawings and notes.
 * @returns A page for each chapter that has exercises, then the list of all.
 */
export async function exercisePages(
  exercises: readonly Exercise[],
  around: (path: string) => Surroundings,
): Promise<Page[]> {
  const told = await Promise.all(
    exercises.map((it) => tell(it, around(exercisePath(it)))),
  );
  const chapters = CONTENTS.filter(({ slug }) => exercises.some(({ chapter }) => chapter === slug));
  const pages = chapters.map(({ slug, title }) =>
    chapterExercises(slug, title, told.filter(({ exercise }) => exercise.chapter === slug))
  );
  return [...pages, listPage(told)];
}

const NO_SCRIPT =
  "With JavaScript each exercise is edited and judged in this page. Without it, read the task here, and " +
  "solve it in a terminal with <code>deno task learn</code>.";

function chapterExercises(chapter: string, title: string, told: readonly Told[]): Page {
  const heading = `Exercises of chapter ${numberOf(chapter)}`;
  const body = `<h1>${heading}</h1>
<p class="of">Read <a href="${chapterFile(chapter)}">${
    escapeMarkup(title)
  }</a> first. Fill the hole between the two comments; the tests are those of <code>deno task learn</code>, and so are their words. Types are taken away here, not checked. <a href="exercises.html">All exercises, and what you have solved</a>.</p>
<noscript><p>${NO_SCRIPT}</p></noscript>
${told.map(({ html }) => html).join("\n")}`;
  const sections = told.map(({ exercise, title }) => ({ title, slug: slugOf(exercise.id) }));
  return { file: exercisesFile(chapter), title: heading, body, sections };
}

async function tell(exercise: Exercise, around: Surroundings): Promise<Told> {
  const [shipped, test, hints, solution] = await Promise.all(
    ["exercise.ts", "exercise_test.ts", "hints.md", "solution.ts"].map((name) => readPart(exercise, name)),
  ) as [string, string, string, string];
  const task = partsOf(shipped);
  const [title = exercise.id, ...rest] = task.comment.split("\n");
  const html = (markdown: string) => htmlOf(markdown, around, [][Symbol.iterator]());
  const answer = partsOf(solution);
  const slug = slugOf(exercise.id);
  return {
    exercise,
    title: title.replace(/\.$/, ""),
    html: `<section class="exercise" data-exercise="${exercise.id}">
<h2 id="${slug}">${
      html(title.replace(/\.$/, "")).replace(/<\/?p>/g, "")
    }<a class="anchor" href="#${slug}" aria-label="Link to this section">#</a></h2>
${html(rest.join("\n"))}
<div class="answer">${listing("Your file", task.code)}</div>
<div class="verdict" role="status"></div>
${hintsOf(hints).map((hint, at) => folded("hint", `Hint ${at + 1}`, html(hint))).join("\n")}
${folded("tests", "The tests", listing("Tests", test))}
${
      folded(
        "solution",
        "A solution",
        html(answer.comment.replace(/^A solution\.\s*/, "")) + listing("Solution", answer.code),
      )
    }
</section>`,
  };
}

/** A file as task and code: the comment without its tag, and what is below it. */
function partsOf(source: string): { readonly comment: string; readonly code: string } {
  const { comment, rest } = cutComment(source);
  return { comment: comment.replace(/\n*@module\s*$/, ""), code: rest.trimEnd() };
}

function hintsOf(markdown: string): string[] {
  return sectionsOf(markdown).map(({ text }) => text);
}

function listing(label: string, code: string): string {
  const html = hljs.highlight(code, { language: "typescript" }).value;
  return `<pre tabindex="0" role="group" aria-label="${label}"><code>${html}</code></pre>`;
}

function folded(name: string, summary: string, html: string): string {
  return `<details class="${name}"><summary>${summary}</summary>${html}</details>`;
}

function listPage(told: readonly Told[]): Page {
  const chapters = CONTENTS.flatMap(({ slug, title }) => {
    const mine = told.filter(({ exercise }) => exercise.chapter === slug);
    if (mine.length === 0) return [];
    const items = mine.map(({ exercise, title }) =>
      `<li data-exercise="${exercise.id}"><a href="${exerciseAddress(exercise)}">${escapeMarkup(title)}</a></li>`
    );
    return [`<h2 id="${slug}">${numberOf(slug)}. ${escapeMarkup(title)}</h2>\n<ol>${items.join("\n")}</ol>`];
  });
  const body = `<h1>Exercises</h1>
<p>There are ${told.length} exercises, at least three to a chapter. Each is a file with a hole and the tests that judge what you put into it; a failed test names the misconception. There are three hints to each.</p>
<noscript><p>${NO_SCRIPT}</p></noscript>
<div class="progress"></div>
${chapters.join("\n")}`;
  return { file: "exercises.html", title: "Exercises", body, sections: [] };
}
