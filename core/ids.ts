/**
 * Lookup by id; the error for an unknown id suggests the nearest known one.
 *
 * @module
 */

/** An id. An editor completes the known ones; any other text is accepted by the type and fails when it is looked up. */
export type Id<Known extends string> = Known | (string & Record<never, never>);

/**
 * The item with an id.
 *
 * @param what Name of the kind of item, for the message: `platform`, say.
 * @param items The items.
 * @param id The id.
 * @returns The item.
 * @throws {TypeError} If it is no text.
 * @throws {RangeError} If no item has the id. The message names the nearest id and all known ones.
 */
export function findById<T extends { readonly id: string }>(what: string, items: readonly T[], id: string): T {
  if (typeof id !== "string") throw new TypeError(`Expected the id of a ${what} but found ${typeof id}`);
  const found = items.find((item) => item.id === id);
  if (found !== undefined) return found;
  const ids = items.map((item) => item.id);
  const nearest = nearestOf(id, ids);
  const hint = nearest === undefined ? "." : `; did you mean ${nearest}?`;
  throw new RangeError(`Expected a ${what} but found ${JSON.stringify(id)}${hint} Known: ${ids.join(", ")}`);
}

/**
 * The candidate nearest to a word by edit distance, unless all are too far.
 *
 * @param word The word to be corrected.
 * @param candidates The known words.
 * @returns The nearest, or undefined if none is within half the word's length.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nearestOf } from "./ids.ts";
 *
 * assertEquals(nearestOf("xen-pea", ["xen-pae", "lguest"]), "xen-pae");
 * assertEquals(nearestOf("coffee", ["xen-pae", "lguest"]), undefined);
 * ```
 */
export function nearestOf(word: string, candidates: readonly string[]): string | undefined {
  if (typeof word !== "string") throw new TypeError(`Expected a word but found ${typeof word}`);
  if (!Array.isArray(candidates)) throw new TypeError(`Expected a list of words but found ${typeof candidates}`);
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editDistance(word.slice(0, 64), candidate) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(2, word.length / 2) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
