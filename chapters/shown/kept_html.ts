/**
 * Text and tables as HTML and as plain text.
 *
 * The HTML has only tags that every front end keeps: JupyterLab with an untrusted notebook, and `nbconvert --sanitize-html`,
 * which shows the letters of all others (`<p>`, `<th>`, `<figure>`, `<img>` and so on) and of the `<tbody>` that it adds to each
 * table. Both drop attributes that they do not like.
 *
 * @module
 */

import type { FigureTable } from "../figures/figure.ts";
import { escapeMarkup } from "../figures/markup.ts";
import { columns } from "./columns.ts";

/**
 * Paragraphs as HTML.
 *
 * @param paragraphs Text; none of it is markup.
 * @returns Elements.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { paragraphsHtml } from "./kept_html.ts";
 *
 * assertEquals(paragraphsHtml("a < b"), '<div style="margin: 0.5em 0">a &lt; b</div>');
 * ```
 */
export function paragraphsHtml(...paragraphs: readonly string[]): string {
  return paragraphs.map((text) => `<div style="margin: 0.5em 0">${escapeMarkup(text)}</div>`).join("\n");
}

/**
 * A table as HTML: columns of numbers to the right, all others to the left.
 *
 * @param contents Headings and cells.
 * @returns A `<table>` element; all text is escaped.
 */
export function tableHtml({ header, rows }: FigureTable): string {
  const sides = header.map((_, column) => rows.every((row) => typeof row[column] === "number") ? "right" : "left");
  const cell = (text: string, column: number) => `<td style="text-align: ${sides[column] ?? "left"}">${text}</td>`;
  const lines = [
    header.map((name) => `<b>${escapeMarkup(name)}</b>`),
    ...rows.map((cells) => cells.map((it) => escapeMarkup(`${it}`))),
  ].map((cells) => `<tr>${cells.map(cell).join("")}</tr>`);
  return `<table>\n${lines.join("\n")}\n</table>`;
}

/**
 * A table as plain text, its columns below each other.
 *
 * @param contents Headings and cells.
 * @returns Lines without spaces at their ends.
 */
export function plainTable({ header, rows }: FigureTable): string {
  return columns([header, ...rows].map((cells) => cells.map(String))).join("\n");
}
