/**
 * What tests ask about SVG text.
 *
 * @module
 */

const ATTRIBUTE = ` [a-zA-Z][a-zA-Z0-9:-]*="(?:[^"<>&]|&(?:amp|lt|gt|quot|#39);)*"`;
const TAG = new RegExp(`<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:${ATTRIBUTE})*)(/?)>`, "g");

/** The first thing in a text that XML does not allow, or undefined: a stray bracket, a bare ampersand, an open tag. */
export function xmlError(text: string): string | undefined {
  const open: string[] = [];
  for (const [, closing, name = "", , empty] of text.matchAll(TAG)) {
    if (closing === "/") {
      if (open.pop() !== name) return `</${name}> closes nothing`;
    } else if (empty !== "/") open.push(name);
  }
  if (open.length > 0) return `<${open.at(-1)}> stays open`;
  const letters = text.replace(TAG, "").replace(/&(?:amp|lt|gt|quot|#39);/g, "");
  return /[<>&]/.exec(letters)?.[0] ?? /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/.exec(letters)?.[0];
}

/** How many elements of a kind the text has. */
export function countElements(svg: string, name: string): number {
  return svg.match(new RegExp(`<${name}[ />]`, "g"))?.length ?? 0;
}

/** The marks of a drawing: all that is painted. */
export function countMarks(svg: string): number {
  return ["circle", "line", "path", "rect", "text"].reduce((sum, name) => sum + countElements(svg, name), 0);
}
