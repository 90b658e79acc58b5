/**
 * A chapter as a page: prose, blocks that can be run, and what they show.
 *
 * @module
 */

import hljs from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import type { Chapter } from "../book/chapters.ts";
import { navigationOf } from "../book/navigation.ts";
import type { Part } from "../book/parse.ts";
import { chapterFile, type Page } from "./layout.ts";
import { exercisesFile } from "./exercise_pages.ts";
import { MOVING, type MovingFigure } from "./figures/mod.ts";
import { movingHtml } from "./moving_figure.ts";
import { headingSlugs, htmlOf, sectionsOf, type Surroundings } from "./markdown.ts";

hljs.registerLanguage("typescript", typescript);

/**
 * The page of a chapter.
 *
 * @param chapter The chapter.
 * @param around Links, drawings and notes.
 * @returns The page.
 */
export function chapterPage({ slug, page: { text, title, parts } }: Chapter, around: Surroundings): Page {
  const slugs = headingSlugs(text)[Symbol.iterator]();
  const lines = text.split("\n").map((line) => line === navigationOf(slug) ? "" : line); // the page has its own
  const slice = (first: number, last: number) => lines.slice(first - 1, last).join("\n");
  const html = (markdown: string) => htmlOf(markdown, around, slugs);
  const moving = movingIn(slug, parts, slice);
  const marked = parts.flatMap((part) => [partHtml(part, slice, html), ...(moving.get(part) ?? []).map(markOf)]).join(
    "\n",
  );
  const body = [...moving.values()].flat().reduce(atSectionEnd, marked);
  return { file: chapterFile(slug), title, body: withTools(slug, body), sections: sectionsOf(text) };
}

/** Ways to take the chapter elsewhere, below its heading. */
function withTools(slug: string, body: string): string {
  const tools = `<p class="tools"><a href="${exercisesFile(slug)}">Exercises</a> · ` +
    `<a class="notebook" href="notebooks/${slug}.ipynb" download>Open as notebook</a></p>`;
  return body.replace("</h1>", `</h1>\n${tools}`);
}

/** The figures with controls of a chapter, by the part that has the drawing below which each stands. */
function movingIn(
  slug: string,
  parts: readonly Part[],
  slice: (first: number, last: number) => string,
): ReadonlyMap<Part, MovingFigure[]> {
  const figures = MOVING.filter(({ below }) => below?.split("/")[0] === slug);
  return Map.groupBy(figures, ({ id, below = "" }) => {
    const drawing = `figures/${below.split("/")[1]}.svg`;
    const shows = (part: Part) =>
      part.kind === "block" && part.output !== undefined &&
      slice(part.output.first, part.output.last).includes(`(${drawing})`);
    const part = parts.find(shows);
    if (part === undefined) throw new RangeError(`Expected ${drawing} in ${slug} for the figure ${id} but found none`);
    return part;
  });
}

/** Stands where the drawing of a figure with controls is. */
function markOf({ id }: MovingFigure): string {
  return `<!-- ${id} -->`;
}

/** Puts a figure with controls to the end of the section that has its mark: between a drawing and what is said of it, it would be in the way. */
function atSectionEnd(body: string, figure: MovingFigure): string {
  const [before = "", after = ""] = body.split(markOf(figure));
  const end = after.search(/<h2 id=|$(?![^])/);
  return `${before}${after.slice(0, end)}${movingHtml(figure)}\n${after.slice(end)}`;
}

function partHtml(
  part: Part,
  slice: (first: number, last: number) => string,
  html: (markdown: string) => string,
): string {
  if (part.kind === "prose") return html(slice(part.first, part.last));
  const code = hljs.highlight(part.source, { language: "typescript" }).value;
  const output = part.output === undefined
    ? ""
    : `<div class="output">${html(slice(part.output.first, part.output.last))}</div>`;
  const play = part.play ? ' data-play=""' : "";
  return `<div class="block"${play}><div class="bar"></div><pre tabindex="0" role="group" aria-label="Code"><code>${code}</code></pre>${output}</div>`;
}
