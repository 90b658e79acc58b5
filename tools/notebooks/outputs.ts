/**
 * Compares the outputs of an executed notebook's cells with those of the chapter's blocks that run as one program.
 *
 * @module
 */

import { type MimeBundle, pictureOutputs, Table } from "../../chapters/mod.ts";
import { ROOT } from "../command/root.ts";
import type { Output, Recorded } from "../book/record.ts";
import { stored } from "./stored.ts";
import { type Notebook, type NotebookCell, type NotebookOutput, textOf } from "./notebook.ts";

// The colours of printed values begin with U+001B.
const COLOURS = new RegExp("\u{1b}\\[[0-9;]*m", "g");

/**
 * Compares the outputs of a notebook with those of the chapter's program.
 *
 * @param notebook The notebook, executed.
 * @param recorded What the blocks showed.
 * @returns A line for each cell that shows something else, or nothing, or too much.
 */
export function outputProblemsOf(notebook: Notebook, recorded: readonly Recorded[]): string[] {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  return cells.flatMap((cell, block) => {
    const shown = recorded.filter((it) => it.block === block).map(({ output }) => output);
    return [...differences(cell, shown), ...places(cell)].map((message) => `cell ${cell.id}: ${message}`);
  });
}

function differences({ outputs = [] }: NotebookCell, shown: readonly Output[]): string[] {
  const expected = shown.flatMap(bundlesOf);
  const lost = expected.length - outputs.length;
  if (lost > 0) return ["its output was lost"];
  if (lost < 0) return ["it shows more than the block does"];
  return expected.every((bundle, at) => shows(outputs[at], bundle))
    ? []
    : ["it shows something else than the block does"];
}

/** The output that a cell must have, given that of a block. */
function bundlesOf(output: Output): readonly MimeBundle[] {
  if (output.kind === "lines") return [{ "text/plain": output.lines.join("\n") }];
  if (output.kind === "outputs") return output.outputs.map(stored);
  if (output.kind === "table") return new Table(output.table, output.caption).outputs();
  return pictureOutputs({ ...output, svg: output.svg.trimEnd() });
}

function shows(found: NotebookOutput | undefined, expected: MimeBundle): boolean {
  const text = (type: string) => textOf(found?.data?.[type] ?? "");
  return Object.entries(expected).every(([type, it]) =>
    type === "text/plain" && Object.keys(expected).length === 1
      ? isSameText(text(type).replace(COLOURS, ""), it)
      : text(type) === it
  );
}

/** Line breaks of a printed value depend on the width of the screen. */
function isSameText(one: string, other: string): boolean {
  const words = (text: string) => text.split(/\s+/).join(" ");
  return words(one) === words(other);
}

/** Paths of this machine in an output. */
function places({ outputs = [] }: NotebookCell): string[] {
  const text = JSON.stringify(outputs);
  return text.includes("file://") || text.includes(ROOT.pathname) ? ["its output names a path of this machine"] : [];
}
