/**
 * Outputs as they are kept in a notebook: whoever opens it, trusted or not, sees them.
 *
 * A kernel's drawing is an SVG image. A front end that does not trust a notebook shows no SVG, so a picture in PNG is added. HTML
 * beside a drawing needs scripts: it goes, and comes back when the cell is run.
 *
 * @module
 */

import { type Notebook, type NotebookCell, type NotebookOutput, textOf } from "./notebook.ts";
import { pngOf } from "./png.ts";

const SVG = "image/svg+xml";

/**
 * The part of an output that is kept.
 *
 * @param data The representations that the kernel sent.
 * @returns The same without HTML, if there is a drawing.
 */
export function stored<T>(data: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return SVG in data ? Object.fromEntries(Object.entries(data).filter(([type]) => type !== "text/html")) : data;
}

/**
 * The notebook as it is kept.
 *
 * @param text The file that Jupyter wrote.
 * @returns The file with pictures, in Jupyter's own layout.
 */
export async function storedNotebook(text: string): Promise<string> {
  const notebook: Notebook = JSON.parse(text);
  const cells = await Promise.all(notebook.cells.map(storedCell));
  return `${JSON.stringify({ ...notebook, cells }, null, 1)}\n`;
}

async function storedCell(cell: NotebookCell): Promise<NotebookCell> {
  return cell.outputs === undefined ? cell : { ...cell, outputs: await Promise.all(cell.outputs.map(storedOutput)) };
}

async function storedOutput(output: NotebookOutput): Promise<NotebookOutput> {
  const svg = textOf(output.data?.[SVG] ?? "");
  if (svg === "") return output;
  const { base64, width, height } = await pngOf(svg);
  const data = sorted({ ...stored(output.data ?? {}), "image/png": base64 });
  return { ...output, data, metadata: { "image/png": { height, width } } };
}

/** Jupyter sorts what it writes. */
function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => one < other ? -1 : 1));
}
