/**
 * How a planted bug gets into a source file.
 *
 * @module
 */

import type { Mutant } from "./mutant.ts";
import { patternOf, type Place, placeOf } from "./place.ts";

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
