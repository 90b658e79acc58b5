/**
 * What a block shows, as elements. Text stays text; a drawing is cleaned of all that is no drawing.
 *
 * @module
 */

import type { Shown } from "./protocol.ts";

/** An element with attributes and children. */
export function make(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Node | string)[]
): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function tableOf(header: readonly string[], rows: readonly (readonly (string | number)[])[]): HTMLElement {
  const head = make("tr", {}, ...header.map((name) => make("th", { scope: "col" }, name)));
  const lines = rows.map((row) =>
    make("tr", {}, ...row.map((cell) => make("td", typeof cell === "number" ? { class: "number" } : {}, `${cell}`)))
  );
  const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...lines));
  return make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table" }, table);
}

/** The cleaner is loaded with the first drawing. */
async function drawing(svg: string, description: string): Promise<Node> {
  const { DOMPurify } = await import(new URL("purify.js", import.meta.url).href) as typeof import("./purify.ts");
  const clean = DOMPurify.sanitize(svg, { USE_PROFILES: { svg: true, svgFilters: false }, RETURN_DOM_FRAGMENT: true });
  return make("div", { class: "drawing", tabindex: "0", role: "img", "aria-label": description }, clean);
}

/** What a block shows. */
export async function elementOf(shown: Shown): Promise<HTMLElement> {
  if (shown.kind === "text") return make("pre", { tabindex: "0", role: "group", "aria-label": "Output" }, shown.text);
  if (shown.kind === "table") {
    const below = shown.caption === "" ? [] : [make("p", { class: "caption" }, shown.caption)];
    return make("div", {}, tableOf(shown.header, shown.rows), ...below);
  }
  const data = make("details", {}, make("summary", {}, "The same as a table"), tableOf(shown.header, shown.rows));
  return make("figure", {}, await drawing(shown.svg, shown.description), make("figcaption", {}, shown.caption), data);
}
