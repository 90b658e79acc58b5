/**
 * Planted bugs: what one is, and how it gets into a source file.
 *
 * @module
 */

/** One bug. */
export interface Mutant {
  /** What is wrong, in a few words; unique in its table. */
  readonly name: string;
  /** The file, from the root of the project. */
  readonly file: string;
  /** Source text that occurs exactly once in the file. */
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

/**
 * Plants a bug.
 *
 * @param source The file as it is.
 * @returns The file with the bug.
 * @throws {RangeError} If the text is not there, or not unique: the code has moved and the mutant must follow it.
 */
export function plant(source: string, { name, file, find, replace }: Mutant): string {
  const found = source.split(find).length - 1;
  if (found !== 1) throw new RangeError(`Expected the text of "${name}" once in ${file} but found it ${found} times`);
  if (find === replace) throw new RangeError(`Expected "${name}" to change ${file} but found the same text`);
  return source.replace(find, () => replace);
}
