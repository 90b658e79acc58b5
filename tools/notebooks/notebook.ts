/**
 * A chapter as a notebook in Jupyter's format, version 4.5, before it is executed.
 *
 * @module
 */

import { type Cell, cellsOf } from "../book/cells.ts";
import type { Chapter } from "../book/chapters.ts";
import { linksFromNotebooks, type PageTexts } from "./links.ts";

/** The output of a code cell. Jupyter may write a long text as a list of its lines. */
export interface NotebookOutput {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A cell in a file. */
export interface NotebookCell {
  readonly id: string;
  readonly cell_type: Cell["kind"];
  readonly metadata: {
    readonly tags?: readonly string[];
    /** The flag of JupyterLab and Notebook: the output is there, and folded. */
    readonly jupyter?: { readonly outputs_hidden: true };
  };
  /** Its lines, all but the last with their line feed. */
  readonly source: readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly NotebookOutput[];
}

/** A notebook in a file. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: { readonly kernelspec: Readonly<Record<string, string>> };
  readonly nbformat: 4;
  readonly nbformat_minor: 5;
}

/** The kernel of the notebooks, as their metadata names it. */
export const KERNEL: Readonly<Record<"display_name" | "language" | "name", string>> = Object.freeze({
  display_name: "Deno",
  language: "typescript",
  name: "deno",
});

/** The facts about the kernel that a reader needs before changing a cell. A test holds them to the real kernel. */
export const KERNEL_NOTE = `**Running and changing cells.** Shift+Enter runs a cell. \
A mistake in a value or a name is answered below the cell. \
But the kernel of Deno 2.9.6 shows nothing for a cell that does not parse (\`const =\`, \`foo(\`), \
nor for a last value of \`2n\`, \`NaN\` or \`-0\`: a cell without output may have failed. \
*Stop*, in an endless loop for example, ends the kernel with all its variables: choose *Run All Cells* then.`;

/**
 * Makes the notebook of a chapter.
 *
 * @param chapter The chapter.
 * @param pages The texts of all chapters, for links to their headings.
 * @returns A notebook without outputs. The ids of its cells are their kind and their number among their kind.
 */
export function notebookOf({ slug, page }: Chapter, pages: PageTexts): Notebook {
  const counts = new Map<string, number>();
  const all = cellsOf(page);
  const first = all.findIndex(({ kind }) => kind === "code");
  const cells = all.map((cell) => {
    const kind = cell.kind === "markdown" ? "prose" : cell.play ? "play" : "code";
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    return cellOf(cell, `${kind}-${number}`, slug, pages);
  });
  const note = { id: "kernel-note", cell_type: "markdown", metadata: {}, source: linesOf(KERNEL_NOTE) } as const;
  if (first >= 0) cells.splice(first, 0, note);
  return { cells, metadata: { kernelspec: KERNEL }, nbformat: 4, nbformat_minor: 5 };
}

function cellOf({ kind, source, play, guess }: Cell, id: string, slug: string, pages: PageTexts): NotebookCell {
  if (kind === "markdown") {
    return { id, cell_type: kind, metadata: {}, source: linesOf(linksFromNotebooks(source, slug, pages)) };
  }
  const folded = { tags: ["guess"], jupyter: { outputs_hidden: true } } as const;
  const metadata = play ? { tags: ["play"] } : guess ? folded : {};
  return { id, cell_type: kind, metadata, source: linesOf(source), execution_count: null, outputs: [] };
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/** The text of a cell, or of one representation of an output. */
export function textOf(lines: string | readonly string[]): string {
  return typeof lines === "string" ? lines : lines.join("");
}
