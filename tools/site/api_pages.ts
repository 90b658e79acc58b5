/**
 * The reference of the library as pages: one for the front door, one for each part.
 *
 * @module
 */

import hljs from "highlight.js/lib/core";
import config from "../../deno.json" with { type: "json" };
import { escapeMarkup } from "../../chapters/figures/markup.ts";
import { ROOT } from "../command/root.ts";
import { type Documented, readReference, type Tag } from "./api_reference.ts";
import type { Page } from "./layout.ts";
import { htmlOf, type Surroundings } from "./markdown.ts";

/** The page of a part, by its key in `exports`. */
function fileOf(part: string): string {
  return part === "." ? "api.html" : `api_${part.slice(2)}.html`;
}

/**
 * The pages.
 *
 * @param around Links, drawings and notes.
 * @returns The front door, then the parts in the order of `exports`.
 */
export async function apiPages(around: Surroundings): Promise<Page[]> {
  const modules = await readReference();
  const parts = Object.entries(config.exports).flatMap(([part, path]) => {
    const found = modules.get(new URL(path, ROOT).href);
    return found === undefined ? [] : [{ part, ...found }];
  });
  const homes = new Map(
    [...parts].reverse().flatMap(({ part, symbols }) =>
      symbols.map(({ name }) => [name, `${fileOf(part)}#${name}`] as const)
    ),
  );
  const html = (markdown: string) => htmlOf(markdown, around, [][Symbol.iterator]());
  return parts.map(({ part, doc, symbols }): Page => {
    const name = config.name + part.slice(1);
    const others = part === "." ? partsList(parts.slice(1), html) : "";
    const body = `<h1><code>${name}</code></h1>
${html(doc)}${others}
${symbols.map((it) => symbolHtml(it, homes, html)).join("\n")}`;
    return {
      file: fileOf(part),
      title: part === "." ? "Reference" : `Reference: ${part.slice(1)}`,
      body,
      sections: [],
    };
  });
}

function partsList(
  parts: readonly { readonly part: string; readonly doc: string }[],
  html: (text: string) => string,
): string {
  const items = parts.map(({ part, doc }) =>
    `<li><a href="${fileOf(part)}"><code>${config.name}${part.slice(1)}</code></a>: ${
      html(doc.split("\n\n")[0] ?? "").replace(/<\/?p>/g, "")
    }</li>`
  );
  return `<h2 id="parts">Parts</h2><ul>${items.join("\n")}</ul><h2 id="names">The front door</h2>`;
}

function symbolHtml(
  { name, kind, signature, members, doc, tags }: Documented,
  homes: ReadonlyMap<string, string>,
  html: (text: string) => string,
): string {
  const code = (text: string) => `<pre tabindex="0" role="group" aria-label="Code"><code>${text}</code></pre>`;
  const told = tags.filter((tag) => ["param", "return", "throws"].includes(tag.kind));
  const list = told.length === 0 ? "" : `<dl>${told.map((tag) => tagHtml(tag, html)).join("")}</dl>`;
  const examples = tags.filter((tag) => tag.kind === "example").map(({ doc = "" }) =>
    code(hljs.highlight(doc.replace(/^[^]*?```ts\n|\n```[^]*$/g, ""), { language: "typescript" }).value)
  );
  const below = examples.length === 0 ? "" : `<details><summary>Example</summary>${examples.join("")}</details>`;
  return `<section class="symbol"><h3 id="${name}">${name} <small>${kind}</small></h3>
${code(linked(signature, name, homes))}
${html(doc)}${list}${members === "" ? "" : code(linked(members, name, homes))}${below}</section>`;
}

function tagHtml({ kind, name, type, doc = "" }: Tag, html: (text: string) => string): string {
  const term = {
    param: `<code>${name}</code>`,
    return: "returns",
    throws: `throws <code>${escapeMarkup(type ?? "")}</code>`,
  }[kind] ??
    kind;
  return `<dt>${term}</dt><dd>${html(doc).replace(/^<p>|<\/p>$/g, "")}</dd>`;
}

/** Text in which the first mention of each other symbol is a link; a word that begins a line of prose is none. */
function linked(text: string, self: string, homes: ReadonlyMap<string, string>): string {
  const seen = new Set([self]);
  return escapeMarkup(text).replace(/(?<!^ +)\b[A-Z]\w+/gm, (word) => {
    const home = homes.get(word);
    if (home === undefined || seen.has(word)) return word;
    seen.add(word);
    return `<a href="${home}">${word}</a>`;
  });
}
