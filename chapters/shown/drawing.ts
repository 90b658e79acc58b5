/**
 * A figure as a result.
 *
 * @module
 */

import type { Figure } from "../figures/figure.ts";
import { escapeMarkup } from "../figures/markup.ts";
import { renderSvg } from "../figures/render.ts";
import { Shown } from "./shown.ts";
import { tableHtml } from "./table.ts";

/** A figure with a name: in a chapter `figures/NAME.svg`, with caption, alternative text and table. */
export class Drawing extends Shown {
  /** The name: snake_case. */
  readonly name: string;
  /** What is drawn. */
  readonly figure: Figure;

  /**
   * @param name The name: snake_case.
   * @param figure What to draw.
   * @throws {RangeError} If the name is anything else.
   */
  constructor(name: string, figure: Figure) {
    super();
    if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
      throw new RangeError(`Expected a snake_case name but found ${JSON.stringify(name)}`);
    }
    this.name = name;
    this.figure = figure;
  }

  /** The SVG text, in colours that follow the reader's preference for light or dark. */
  get svg(): string {
    return renderSvg(this.figure, { id: this.name.replaceAll("_", "-"), scheme: "auto" });
  }

  /** For a notebook: drawing, caption and data. */
  override mimeBundle(): Readonly<Record<string, string>> {
    const { caption, description, table } = this.figure;
    const data = `<details><summary>The same as a table</summary>${tableHtml(table)}</details>`;
    return {
      "text/html": `<figure>${this.svg}<figcaption>${escapeMarkup(caption)}</figcaption>${data}</figure>`,
      "text/plain": description,
    };
  }
}

/**
 * Shows a figure.
 *
 * @param name Its name in the chapter, snake_case: the drawing is kept as `figures/NAME.svg`.
 * @param figure What to draw.
 * @returns What a block can end in.
 * @throws {RangeError} If the name is not snake_case.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { addressFields, draw } from "@pagetable-init/chapters";
 * import { MODES } from "@pagetable-init/textbook";
 *
 * const drawing = draw("fields", addressFields(MODES["two-level"], 0xc0100abc));
 * assertStringIncludes(drawing.svg, "<svg");
 * ```
 */
export function draw(name: string, figure: Figure): Drawing {
  return new Drawing(name, figure);
}
