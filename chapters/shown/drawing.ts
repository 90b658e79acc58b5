/**
 * A figure as a result.
 *
 * @module
 */

import type { Figure } from "../figures/figure.ts";
import { escapeMarkup } from "../figures/markup.ts";
import { renderSvg } from "../figures/render.ts";
import { NOTEBOOK_FIGURE, notebookCss } from "./notebook_style.ts";
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
    return renderSvg(this.figure, { id: this.#id, scheme: "auto" });
  }

  get #id(): string {
    return this.name.replaceAll("_", "-");
  }

  /** For a notebook: drawing, caption and data in its colours; the bare drawing and its description for what shows no HTML. */
  override mimeBundle(): Readonly<Record<string, string>> {
    const { caption, description, table } = this.figure;
    const svg = renderSvg(this.figure, { id: `${NOTEBOOK_FIGURE}-${this.#id}`, scheme: "page" });
    const data = `<details><summary>The same as a table</summary>${tableHtml(table)}</details>`;
    const below = `<figcaption>${escapeMarkup(caption)}</figcaption>${data}`;
    return {
      "text/html": `<figure class="${NOTEBOOK_FIGURE}"><style>${notebookCss()}</style>${svg}${below}</figure>`,
      "image/svg+xml": this.svg,
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
