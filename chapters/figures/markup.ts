/**
 * A drawn element as XML text. The drawing library's own text is HTML, in which `&` and `<` may stand bare in an
 * attribute; a file of its own must be well-formed.
 *
 * @module
 */

// Not characters in XML 1.0, section 2.2: most controls, lone surrogates, U+FFFE and U+FFFF.
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Text that is safe between tags and in quoted attributes, of HTML and of XML. What XML cannot hold becomes U+FFFD.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { escapeMarkup } from "./markup.ts";
 *
 * assertEquals(escapeMarkup(`<b title="x">&\u0000`), "&lt;b title=&quot;x&quot;&gt;&amp;\ufffd");
 * ```
 */
export function escapeMarkup(text: string): string {
  return text.replace(NOT_XML, "\ufffd").replace(/[&<>"']/g, (it) => ESCAPES[it] ?? it);
}

/** Elements whose letters and spaces are the content: no line feed may be added to them. */
const LETTERS: ReadonlySet<string> = new Set(["style", "text", "title", "tspan"]);

/**
 * An element and all inside it as XML text, attributes in the order of their names, siblings on lines of their own.
 *
 * @param node Element or text of any DOM.
 * @returns Well-formed XML, without the declaration.
 */
export function markupOf(node: Node): string {
  if (node.nodeType === 3) return escapeMarkup(node.nodeValue ?? "");
  if (node.nodeType !== 1) return "";
  const element = node as Element;
  const name = element.localName;
  const attributes = [...element.attributes].map((it) => ` ${it.name}="${escapeMarkup(it.value)}"`).sort().join("");
  const gap = LETTERS.has(name) || element.childNodes.length < 2 ? "" : "\n";
  const inside = [...element.childNodes].map(markupOf).join(gap);
  return inside === "" ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`;
}
