/**
 * Branches that no test can take, by how they are written, and why.
 *
 * @module
 */

/** A way to write a branch that is never taken. */
export interface Reason {
  readonly id: string;
  readonly why: string;
  /** Source text of a line with such a branch. */
  readonly form: RegExp;
}

/** The reasons; the first that fits counts. */
export const REASONS: readonly Reason[] = Object.freeze([
  {
    id: "index-within",
    why: "the index is always within the list: the type checker asks for a default (noUncheckedIndexedAccess)",
    form: /\?\? (-?\d\w*|""|\[\]|\{\}|NaN|NONE|Infinity|"\?"|undefined|MODES\[|\w+\.length|\w+)(?=[\s),;\]}:.]|$)/,
  },
  {
    id: "item-there",
    why: "a list is walked by index and its item is always there: the type checker asks what if not",
    form: /\bif \(\w+(\.\w+)? === undefined( \|\| .*)?\)|=== undefined \? (0|-1|""|\[\]|false|undefined)\b/,
  },
  {
    id: "long-enough",
    why: "a list is taken apart that is always long enough: the defaults are for the type checker",
    form: /\[[^\]]*= (0|-1|""|\[\])[^\]]*\]/,
  },
]);

/** The reason for which no test takes a branch of a line; undefined if a test could. */
export function reasonFor(line: string): Reason | undefined {
  return REASONS.find(({ form }) => form.test(line));
}
