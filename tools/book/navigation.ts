/**
 * The line by which a reader goes on: below the title of a chapter, and at its end.
 *
 * @module
 */

import { CONTENTS, numberOf, type Planned } from "../pages/contents.ts";
import type { Complaint } from "./page_rules.ts";

/** No other line of a chapter links to the table of contents by this name. */
const MARK = "[Contents](../README.md)";

/** A chapter's number and title, as its heading has them. */
export function headingOf({ slug, title }: Planned): string {
  return `${numberOf(slug)}. ${title}`;
}

/**
 * The line of a chapter.
 *
 * @param slug The chapter's folder.
 * @returns Markdown: the chapter before, the table of contents, the notebook, the chapter behind.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { navigationOf } from "./navigation.ts";
 *
 * assertStringIncludes(navigationOf("03_tlb"), "[4. Booting natively](../04_booting_natively/README.md) →");
 * ```
 */
export function navigationOf(slug: string): string {
  const at = CONTENTS.findIndex((it) => it.slug === slug);
  const link = (to: Planned | undefined) => to === undefined ? [] : [`[${headingOf(to)}](../${to.slug}/README.md)`];
  return [
    ...link(CONTENTS[at - 1]).map((it) => `← ${it}`),
    MARK,
    `[Notebook](../../notebooks/${slug}.ipynb)`,
    ...link(CONTENTS[at + 1]).map((it) => `${it} →`),
  ].join(" · ");
}

/**
 * A chapter with its number and both lines.
 *
 * @param text The README, its title in the first line.
 * @param slug The chapter's folder.
 * @returns The README.
 */
export function withNavigation(text: string, slug: string): string {
  const [title = "", ...rest] = text.split("\n").filter((line) => !line.includes(MARK));
  const heading = title.replace(/^# (?:\d+\. )?/, `# ${numberOf(slug)}. `);
  return `${[heading, navigationOf(slug), rest.join("\n").trim(), navigationOf(slug)].join("\n\n")}\n`;
}

/** The problems with the number of a chapter and its lines. */
export function navigationComplaints({ slug, text }: { readonly slug: string; readonly text: string }): Complaint[] {
  return withNavigation(text, slug) === text
    ? []
    : [{ line: 1, message: "the number, or the line to other chapters, is stale: deno task book --write" }];
}
