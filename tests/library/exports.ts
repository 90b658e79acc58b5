/**
 * Which names the parts of the package export, and which of them nobody uses.
 *
 * @module
 */

/** A name that a part exports. */
export interface Exported {
  /** The name. */
  readonly name: string;
  /** Path of the file that declares it, from the root of the project. */
  readonly file: string;
  /** `function`, `class`, `variable`, or what a type is called. */
  readonly kind: string;
  /** Its categories in the reference. */
  readonly categories?: readonly string[];
}

/** A constant of an interface: its set, by file and prefix, is used as a whole, as the commands of a hypercall are. */
const CONSTANT = /^[A-Z]+(?=_[A-Z0-9_]+$)/;
const VALUES: readonly string[] = ["function", "class", "variable"];

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
}

function wordsOf(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_$][\w$]*/g));
}

/**
 * The exports that no other file names: nothing of the library, no chapter, no exercise, no tool and no test uses them. A type is used too where
 * the code beside it names it, a constant where another of its set is used. Comments do not count, nor do the lists of exports themselves.
 *
 * @param exported The exports.
 * @param sources Texts of the files that may use them, by path.
 * @returns Names of the unused ones, in order.
 */
export function unusedExports(exported: readonly Exported[], sources: ReadonlyMap<string, string>): string[] {
  const code = [...sources].filter(([path]) => !/(^|\/)mod\.ts$/.test(path) && !path.endsWith("every_part.ts"));
  const words = new Map(
    code.map(([path, text]) => [path, wordsOf(path.endsWith(".ts") ? withoutComments(text) : text)]),
  );
  const files = [...words];
  const elsewhere = ({ name, file }: Exported) => files.some(([path, used]) => path !== file && used.has(name));
  const setOf = ({ name, file }: Exported) => `${file} ${CONSTANT.exec(name)?.[0] ?? name}`;
  const usedSets = new Set(exported.filter(elsewhere).map(setOf));
  return exported.filter(({ name, file, kind }) => {
    if (usedSets.has(setOf({ name, file, kind }))) return false;
    const own = withoutComments(sources.get(file) ?? "").match(new RegExp(`\\b${name}\\b`, "g"))?.length ?? 0;
    return own < 2 || VALUES.includes(kind);
  }).map(({ name }) => name).sort();
}
