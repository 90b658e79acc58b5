/**
 * The notebooks that are kept against those that were made.
 *
 * @module
 */

import { CONTENTS } from "../pages/contents.ts";
import { NOTEBOOKS } from "./execute.ts";
import type { Notebook } from "./notebook.ts";

const WRITE = "deno task notebooks --write";

/** The file of a notebook. */
export function fileOf(name: string): URL {
  return new URL(`${name}.ipynb`, NOTEBOOKS);
}

/** The text of a notebook that is kept, or undefined. */
export async function keptText(name: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(fileOf(name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Compares a notebook, byte by byte.
 *
 * @param kept The text of the file, or undefined if there is none.
 * @param made The text that was made now.
 * @returns What is wrong and how it is put right, or nothing.
 */
export function staleness(kept: string | undefined, made: string): string[] {
  if (kept === made) return [];
  if (kept === undefined) return [`the notebook is not there: ${WRITE}`];
  return [`the notebook is stale${firstDifference(kept, made)}: ${WRITE}`];
}

function firstDifference(kept: string, made: string): string {
  const [before, after] = [cellsOf(kept), cellsOf(made)];
  const cell = after.find(({ text }, at) => text !== before[at]?.text);
  return cell === undefined ? "" : `, first in cell ${cell.id}`;
}

function cellsOf(text: string): { readonly id: string; readonly text: string }[] {
  try {
    const { cells }: Notebook = JSON.parse(text);
    return cells.map((cell) => ({ id: cell.id, text: JSON.stringify(cell) }));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return [];
    throw error;
  }
}

/** Names of kept notebooks that belong to no chapter; a reader's own, without a number, may be there. */
export async function leftOver(): Promise<string[]> {
  const slugs = new Set(CONTENTS.map(({ slug }) => `${slug}.ipynb`));
  const names = [];
  for await (const { name } of Deno.readDir(NOTEBOOKS)) {
    if (/^\d\d_\w+\.ipynb$/.test(name) && !slugs.has(name)) names.push(name);
  }
  return names.sort();
}
