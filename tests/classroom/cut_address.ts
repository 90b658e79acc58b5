/**
 * Exercise 1.1 as an assignment, and answers to it.
 *
 * @module
 */

import { STUB } from "../../tools/assignment/stub.ts";
import { FOLDER } from "./class.ts";

/** The assignment's name. */
export const NAME = "01_one_page_table_01_cut_address";

/** The solution, for four points of four. */
export const SOLUTION =
  "return { directoryIndex: address >>> 22, tableIndex: (address >>> 12) & 0x3ff, offset: address & 0xfff };";

/** The solution with a signed shift, for two points. */
export const SIGNED: string = SOLUTION.replace(">>> 22", ">> 22");

/** Writes lines in place of the stub into the notebook that an account has fetched. */
export async function answerWith(name: string, lines: string): Promise<void> {
  const file = `${FOLDER}/${name}/textbook/${NAME}/${NAME}.ipynb`;
  const text = await Deno.readTextFile(file);
  if (!text.includes(inJson(STUB)) || text.includes("0x3ff")) {
    throw new Error(`Expected the stub and no solution in ${file} but found otherwise`);
  }
  await Deno.writeTextFile(file, text.replace(inJson(STUB), () => inJson(lines)));
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
