/**
 * The output of a block, as the Markdown below it.
 *
 * @module
 */

import type { FigureTable } from "../../chapters/mod.ts";
import { type RootContent, writeMarkdown } from "../pages/markdown.ts";
import { OUTPUT_BEGINS, OUTPUT_ENDS } from "./parse.ts";
import type { Output, Recorded } from "./record.ts";

const MAX_LINES = 30;
const MAX_ROWS = 60;
const FOLD_BEGINS = "<details>\n<summary>Guess first, then open</summary>";

/** An output with the Markdown that shows it. */
export interface PageOutput extends Recorded {
  /** Markdown, with the comments around it, ending in a line feed. */
  readonly markdown: string;
}

/**
 * The Markdown for the outputs of a chapter; its figures are numbered.
 *
 * @param chapter Number of the chapter.
 * @param outputs What the blocks showed, in order.
 * @param folded Whether what a block shows is folded, by the number of the block; if not given, nothing is.
 * @returns The same with the text for the page.
 */
export function pageOutputs(
  chapter: number,
  outputs: readonly Recorded[],
  folded: (block: number) => boolean = () => false,
): PageOutput[] {
  let figures = 0;
  return outputs.map((recorded) => {
    const name = recorded.output.kind === "figure" ? `Figure ${chapter}.${++figures}` : "";
    const shown = nodesOf(recorded.output, name);
    const nodes = folded(recorded.block) ? [comment(FOLD_BEGINS), ...shown, comment("</details>")] : shown;
    const children = [comment(OUTPUT_BEGINS), ...nodes, comment(OUTPUT_ENDS)];
    return { ...recorded, markdown: writeMarkdown(children) };
  });
}

/**
 * The problems of an output by itself.
 *
 * @param output What a block showed.
 * @returns A complaint, or undefined.
 */
export function outputProblem(output: Output): string | undefined {
  if (output.kind === "outputs") return "it is for a notebook alone";
  if (output.kind === "lines") {
    return tooMany("lines of output", output.lines.length, MAX_LINES);
  }
  if (output.kind === "figure" && output.caption.trim() === "") return `the figure ${output.name} has no caption`;
  if (output.kind === "figure" && output.description.trim().length < 20) {
    return `the figure ${output.name} has no alternative text of more than a few words`;
  }
  const { rows } = output.table;
  return rows.length === 0 ? "the table has no rows" : tooMany("rows in a table", rows.length, MAX_ROWS);
}

function tooMany(what: string, found: number, max: number): string | undefined {
  return found > max ? `expected at most ${max} ${what} but found ${found}` : undefined;
}

function nodesOf(output: Output, figure: string): RootContent[] {
  if (output.kind === "outputs") return [];
  if (output.kind === "lines") return [{ type: "code", lang: "text", value: output.lines.join("\n") }];
  const table = tableNode(output.table);
  if (output.kind === "table") return output.caption === "" ? [table] : [table, emphasised(output.caption)];
  return [
    { type: "paragraph", children: [{ type: "image", url: `figures/${output.name}.svg`, alt: output.description }] },
    emphasised(`${figure}. ${output.caption}`),
    comment(`<details>\n<summary>${figure} as a table</summary>`),
    table,
    comment("</details>"),
  ];
}

function comment(value: string): RootContent {
  return { type: "html", value };
}

function emphasised(value: string): RootContent {
  return { type: "paragraph", children: [{ type: "emphasis", children: [{ type: "text", value }] }] };
}

function tableNode({ header, rows }: FigureTable): RootContent & { type: "table" } {
  const row = (cells: readonly (string | number)[]) => ({
    type: "tableRow" as const,
    children: cells.map((cell) => ({
      type: "tableCell" as const,
      children: [{ type: "text" as const, value: `${cell}` }],
    })),
  });
  return { type: "table", children: [row(header), ...rows.map(row)] };
}
