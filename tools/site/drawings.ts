/**
 * The drawings of the chapters, in the colours of the page that they stand in.
 *
 * @module
 */

import { paint, type PaintName, PALETTE } from "../../chapters/figures/palette.ts";

const NAMES = Object.keys(PALETTE) as PaintName[];

/** The first role of each colour on light paper. */
const ROLES: ReadonlyMap<string, PaintName> = new Map(
  [...NAMES].reverse().map((name) => [PALETTE[name].light, name]),
);

/**
 * A drawing as it is kept beside its chapter, for a page that defines the colours.
 *
 * @param svg The text of the file: plain colours, and a style sheet that turns them into those of dark paper.
 * @returns The same without a style sheet of its own, in the page's colours.
 */
export function onPage(svg: string): string {
  return svg.trim()
    .replace(/<\?xml[^>]*\?>\s*/, "")
    .replace(/<style>[^]*?<\/style>\s*/g, "")
    .replace(/<rect fill="#[0-9a-f]{6}" height="100%" width="100%"\/>\s*/, "")
    .replace(/<svg color="#[0-9a-f]{6}"/, "<svg")
    .replace(/"(#[0-9a-f]{6})"/g, (text, color: string) => {
      const role = ROLES.get(color);
      return role === undefined ? text : `"${paint(role)}"`;
    });
}
