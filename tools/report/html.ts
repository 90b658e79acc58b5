/**
 * HTML as a template that escapes: whatever is put in is text, unless it was made here.
 *
 * @module
 */

import { escapeMarkup } from "../../chapters/figures/markup.ts";

/** Markup that was made by a program, not by a user. */
export class Html {
  /** @param text The markup, complete as it stands. */
  constructor(readonly text: string) {}
}

/** The values that a template takes: text and numbers, which are escaped, markup, and lists of these. */
export type Content = string | number | Html | readonly Content[];

function markup(content: Content): string {
  if (content instanceof Html) return content.text;
  if (typeof content === "object") return content.map(markup).join("");
  return escapeMarkup(String(content));
}

/**
 * A piece of HTML.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { html } from "./html.ts";
 *
 * assertEquals(html`<b>${"<i>"}${html`<br>`}</b>`.text, "<b>&lt;i&gt;<br></b>");
 * ```
 */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Html {
  return new Html(parts.map((part, at) => (at === 0 ? "" : markup(contents[at - 1] ?? "")) + part).join(""));
}
