/**
 * A figure as a result.
 *
 * @module
 */

import type { Figure } from "../figures/figure.ts";
import { renderSvg } from "../figures/render.ts";
import { paragraphsHtml, plainTable } from "./kept_html.ts";
import { type MimeBundle, Shown } from "./shown.ts";

/** Figures as results in chapters and notebooks. */
export interface Picture extends Pick<Figure, "caption" | "description" | "table"> {
  /** The drawing. */
  readonly svg: string;
}

/**
 * A picture as the outputs of a cell: the drawing, or its description and table in a front end without images. Caption and description
 * follow below for every reader, because a front end gives an image no alternative text.
 *
 * @param picture The picture.
 * @returns Two outputs.
 */
export function pictureOutputs({ svg, caption, description, table }: Picture): readonly [MimeBundle, MimeBundle] {
  const words = [caption, `In words: ${description}`];
  return [
    { "image/svg+xml": svg, "text/plain": `${description}\n\n${plainTable(table)}` },
    { "text/html": paragraphsHtml(...words), "text/plain": words.join("\n\n") },
  ];
}

/** A figure with a name: in a chapter `figures/NAME.svg`, with caption, alternative text and table. */
export class Drawing extends Shown {
  /** The name: snake_case. */
  readonly name: string;
  /** The figure, as one of the figure functions returns it. */
  readonly figure: Figure;

  /**
   * @param name The name: snake_case.
   * @param figure The figure, as one of the figure functions returns it.
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

  /** For a notebook: the drawing, then caption and description. */
  override outputs(): readonly [MimeBundle, MimeBundle] {
    return pictureOutputs({ ...this.figure, svg: this.svg });
  }
}

/**
 * Shows a figure.
 *
 * @param name Its name in the chapter, snake_case: the drawing is kept as `figures/NAME.svg`.
 * @param figure The figure, as one of the figure functions returns it.
 * @param look A sentence for the caption: what a reader is to look at.
 * @returns A result, for the last line of a block.
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
 * assertStringIncludes(draw("fields", drawing.figure, "Look left.").figure.caption, " Look left.");
 * ```
 */
export function draw(name: string, figure: Figure, look?: string): Drawing {
  return new Drawing(name, look === undefined ? figure : { ...figure, caption: `${figure.caption} ${look}` });
}
