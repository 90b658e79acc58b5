/**
 * Things that rows refer to by number.
 *
 * @module
 */

/** A list without repetition, in the order in which things first came. */
export class Names<T extends string | number> {
  readonly #numbers = new Map<T, number>();

  /** The number of a thing: a new one if it never came before. */
  numberOf(thing: T): number {
    const known = this.#numbers.get(thing);
    if (known !== undefined) return known;
    this.#numbers.set(thing, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /** The things, each at its number. */
  get all(): T[] {
    return [...this.#numbers.keys()];
  }
}
