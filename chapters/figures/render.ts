/**
 * A figure as SVG text. The text depends only on the figure, so drawing it again gives the same bytes.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Figure } from "./figure.ts";
import { markupOf } from "./markup.ts";
import { darkCss, paint, PALETTE, plainColors, type Scheme } from "./palette.ts";

/** Options of a drawing: its id and its paper. */
export interface RenderOptions {
  /** The paper: `"auto"` follows the reader, `"page"` takes the colours that the page around it defines. */
  readonly scheme: Scheme;
  /** Begins every id and class in the text: give each figure of a page its own. A letter, then letters, digits and hyphens. */
  readonly id: string;
}

const CSS = `text { white-space: pre; }`;
const PAPER = `color: ${paint("ink")}; background: ${paint("paper")}`; // for a picture that lies on a page

function checkId(id: string): void {
  if (!/^[a-z][a-z0-9-]*$/i.test(id)) {
    throw new RangeError(`Expected an id of letters, digits and hyphens but found ${JSON.stringify(id)}`);
  }
}

/** Plot numbers its ids through a whole process; here they are counted within the figure. */
function normaliseIds(svg: Element, prefix: string): void {
  const names = new Map<string, string>();
  for (const it of svg.querySelectorAll("[id]")) {
    const name = `${prefix}-${names.size + 1}`;
    names.set(`url(#${it.id})`, `url(#${name})`);
    it.id = name;
  }
  for (const it of svg.querySelectorAll("[clip-path], [fill], [mask]")) {
    for (const attribute of ["clip-path", "fill", "mask"]) {
      const name = names.get(it.getAttribute(attribute) ?? "");
      if (name !== undefined) it.setAttribute(attribute, name);
    }
  }
}

const GEOMETRY = ["d", "height", "r", "transform", "width", "x", "x1", "x2", "y", "y1", "y2"] as const;

/** A hundredth of a pixel is enough, and keeps the last digits of logarithms out of the text. */
function roundGeometry(svg: Element): void {
  for (const it of svg.querySelectorAll("*")) {
    for (const name of GEOMETRY) {
      const value = it.getAttribute(name);
      if (value?.includes(".")) it.setAttribute(name, value.replace(/\d+\.\d{3,}/g, (n) => `${+(+n).toFixed(2)}`));
    }
  }
}

/** A picture whose parts can be chosen is a group of links, each with its title for a name; the names of Plot's marks say nothing in it. */
function nameLinks(svg: Element): void {
  const links = svg.querySelectorAll("a");
  if (links.length === 0) return;
  svg.setAttribute("role", "group");
  for (const mark of svg.querySelectorAll("g[aria-label]")) mark.removeAttribute("aria-label");
  for (const link of links) {
    const href = link.getAttribute("xlink:href") ?? link.getAttribute("href") ?? "";
    link.removeAttribute("xlink:href");
    link.setAttribute("href", href);
    link.setAttribute("aria-label", link.querySelector("title")?.textContent ?? href);
  }
}

/**
 * Draws a figure.
 *
 * @param figure The figure.
 * @param how Paper and id.
 * @returns A complete `<svg>` element, well-formed on its own, with the figure's caption and description for screen readers.
 * @throws {RangeError} if the id is not an identifier.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../core/matrix.ts";
 * import { renderSvg, verdictMatrix } from "./mod.ts";
 *
 * const rows = [...matrix({ platforms: ["native-p6"], memory: "16M" })].map(({ row }) => row);
 * const svg = renderSvg(verdictMatrix(rows), { scheme: "auto", id: "verdict" });
 * assertEquals(svg.slice(0, 4), "<svg");
 * ```
 */
export function renderSvg(figure: Figure, how: RenderOptions): string {
  checkId(how.id);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({ ...figure.options, document, className: how.id });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("role", "img");
  nameLinks(svg);
  svg.setAttribute("aria-label", figure.caption);
  svg.setAttribute("aria-description", figure.description);
  const own = svg.getAttribute("style");
  svg.setAttribute("style", [...(own ? [own.replace(/;\s*$/, "")] : []), PAPER].join("; "));
  const sheet = svg.querySelector("style");
  if (sheet !== null) sheet.textContent = `.${how.id} ${CSS}`;
  normaliseIds(svg, how.id);
  roundGeometry(svg);
  return onPaper(markupOf(svg), how);
}

/**
 * Converts a figure drawn for a page to another paper: adds the colours that the page would define.
 *
 * @param svg Text that `renderSvg` made with the scheme `"page"` and the same id.
 * @param how Paper and id.
 * @returns The text that `renderSvg` would make for that paper.
 */
export function onPaper(svg: string, { scheme, id }: RenderOptions): string {
  if (scheme === "page") return svg;
  const light = scheme === "dark" ? "dark" : "light";
  const [ink, paper] = [PALETTE.ink[light], PALETTE.paper[light]];
  const sheet = `<rect fill="${paper}" height="100%" width="100%"/>`;
  const plain = plainColors(svg.replace(PAPER, ""), light);
  const css = [
    `.${id} { color: ${ink}; background: ${paper}; }`,
    ...(scheme === "auto" ? [darkCss(sheet + plain, `.${id}`)] : []),
  ];
  return plain.replace("<svg", () => `<svg color="${ink}"`)
    .replace("<style>", () => `<style>${css.join("\n")}\n`)
    .replace("</style>", () => `</style>\n${sheet}`);
}
