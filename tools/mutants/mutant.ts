/**
 * Planted bugs: what one is.
 *
 * @module
 */

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
