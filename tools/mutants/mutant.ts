/**
 * Planted bugs: what one is, and how it gets into a source file.
 *
 * @module
 */

import { patternOf, type Place, placeOf } from "./place.ts";

/** One bug. */
export interface Mutant {
  /** What is wrong, in a few words; unique in its table. */
  readonly name: string;
  /** The file, from the root of the project. */
  readonly file: string;
  /** The function, method or constant in which it is (`placeOf`). The whole file unless said otherwise. */
  readonly within?: string;
  /** Source text that occurs exactly once there. White space between its tokens does not count. */
  readonly find: string;
  /** What stands there instead. */
  readonly replace: string;
  /** Who makes this mistake, or what goes wrong for a reader who trusts it. */
  readonly why: string;
}

/** The bugs of one part of the project, and the tests that must notice each of them. */
export interface MutantTable {
  /** Name on the command line. */
  readonly id: string;
  /** Test files, the quickest first: a mutant that one suite lets live meets the next. */
  readonly suites: readonly (readonly string[])[];
  readonly mutants: readonly Mutant[];
}

/** A bug of a file: where it is, the text, what stands there instead, what is wrong, and why somebody makes the mistake. */
export type MutantRow = readonly [within: string, find: string, replace: string, name: string, why: string];

/** The bugs of one file. */
export function bugsIn(file: string, rows: readonly MutantRow[]): Mutant[] {
  return rows.map(([within, find, replace, name, why]) => ({ name, file, within, find, replace, why }));
}

/**
 * Plants a bug.
 *
 * @param source The file as it is.
 * @returns The file with the bug.
 * @throws {RangeError} If the text is not there, or not unique: the code has moved and the mutant must follow it.
 */
export function plant(source: string, mutant: Mutant): string {
  const { name, file, within, find, replace } = mutant;
  if (find === replace) throw new RangeError(`Expected "${name}" to change ${file} but found the same text`);
  const places = placesOf(source, mutant);
  const [place] = places;
  if (place === undefined || places.length > 1) {
    const where = within === undefined ? file : `${within} of ${file}`;
    throw new RangeError(`Expected the text of "${name}" once in ${where} but found it ${places.length} times`);
  }
  return source.slice(0, place.start) + replace + source.slice(place.end);
}

/** Where the text of a bug stands. */
function placesOf(source: string, { within, find, name, file }: Mutant): Place[] {
  const { start, end } = within === undefined
    ? { start: 0, end: source.length }
    : declaration(source, within, `"${name}" in ${file}`);
  return [...source.slice(start, end).matchAll(patternOf(find))].map(({ index, 0: text }) => ({
    start: start + index,
    end: start + index + text.length,
  }));
}

function declaration(source: string, within: string, whose: string): Place {
  try {
    return placeOf(source, within);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${error.message}, for ${whose}`, { cause: error });
  }
}
