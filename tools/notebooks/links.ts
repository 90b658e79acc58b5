/**
 * Links of a chapter, so that they lead to the same place from the folder of the notebooks.
 *
 * @module
 */

import { toString } from "mdast-util-to-string";
import { CONTENTS } from "../pages/contents.ts";
import { anchorsOf } from "../book/links.ts";
import { nodesIn, parseMarkdown } from "../pages/markdown.ts";

/** The text of a chapter, by the name of its folder. */
export type PageTexts = ReadonlyMap<string, string>;

const OUTSIDE = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Rewrites the links of a cell.
 *
 * @param source Markdown, its links relative to the chapter's folder.
 * @param slug The chapter's folder.
 * @param pages The texts of all chapters: their headings are looked up.
 * @returns The same Markdown with links that are relative to `notebooks/`: to the notebook of a chapter, to anything else on disk.
 * @throws {RangeError} If a link leads to a heading that the chapter does not have.
 */
export function linksFromNotebooks(source: string, slug: string, pages: PageTexts): string {
  const edits: { readonly at: number; readonly url: string; readonly target: string }[] = [];
  for (const node of nodesIn(parseMarkdown(source))) {
    if (node.type !== "link" && node.type !== "image" && node.type !== "definition") continue;
    const target = targetOf(node.url, slug, pages);
    if (target === node.url) continue;
    const [begin, end] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
    const at = source.slice(begin, end).lastIndexOf(node.url);
    if (at < 0) throw new RangeError(`Expected the link ${node.url} as it is written but found it escaped`);
    edits.push({ at: begin + at, url: node.url, target });
  }
  return edits.sort((a, b) => b.at - a.at).reduce(
    (text, { at, url, target }) => text.slice(0, at) + target + text.slice(at + url.length),
    source,
  );
}

function targetOf(url: string, slug: string, pages: PageTexts): string {
  if (OUTSIDE.test(url)) return url;
  const [file = "", anchor = ""] = url.split("#");
  const path = file === "" ? `/chapters/${slug}/README.md` : new URL(file, `file:///chapters/${slug}/`).pathname;
  const [, chapter] = /^\/chapters\/(\d\d_\w+)\/README\.md$/.exec(path) ?? [];
  if (chapter === undefined || !CONTENTS.some((planned) => planned.slug === chapter)) {
    return `..${path}${anchor === "" ? "" : `#${anchor}`}`;
  }
  const heading = anchor === "" ? "" : `#${jupyterAnchor(anchor, pages.get(chapter) ?? "")}`;
  return chapter === slug && heading !== "" ? heading : `${chapter}.ipynb${heading}`;
}

/** Jupyter's anchor of a heading: its words, joined by hyphens. */
function jupyterAnchor(anchor: string, text: string): string {
  const { children } = parseMarkdown(text);
  const heading = children.find((node) =>
    node.type === "heading" && anchorsOf({ type: "root", children: [node] }).has(anchor)
  );
  if (heading === undefined) throw new RangeError(`Expected a heading for #${anchor} but found none`);
  return encodeURI(toString(heading).replaceAll(" ", "-"));
}
