/**
 * The notebook of a chapter, with the blocks as the reader has them.
 *
 * @module
 */

/** A cell of a notebook, as far as it is changed. */
interface NotebookCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly unknown[];
}

/** A block and what the reader made of it. */
export interface EditedBlock {
  readonly original: string;
  readonly source: string;
}

/**
 * Puts edits into a notebook.
 *
 * @param json The notebook.
 * @param blocks The edited blocks.
 * @returns The notebook; a cell that was edited has the new code and shows nothing until it is run.
 */
export function withEdits(json: string, blocks: readonly EditedBlock[]): string {
  const notebook = JSON.parse(json) as { cells: NotebookCell[] };
  const cells = notebook.cells.map((cell) => {
    const text = typeof cell.source === "string" ? cell.source : cell.source.join("");
    const edit = blocks.find(({ original }) => original.trim() === text.trim());
    if (cell.cell_type !== "code" || edit === undefined) return cell;
    return { ...cell, source: edit.source.split(/(?<=\n)/), outputs: [], execution_count: null };
  });
  return JSON.stringify({ ...notebook, cells }, null, 1);
}
