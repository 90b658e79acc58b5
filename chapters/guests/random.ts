/**
 * Seeded random numbers: the same seed gives the same cases on every machine.
 *
 * @module
 */

/** A stream of random numbers. */
export class Random {
  #state: number;

  /** Any integer is a seed; its low 32 bits count. */
  constructor(seed: number) {
    this.#state = ((seed ^ 0x9e3779b9) >>> 0) || 1;
    for (let i = 0; i < 16; i++) this.word();
  }

  /** 32 random bits: Marsaglia's xorshift (13, 17, 5), its output scrambled by one multiplication. */
  word(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    const product = Math.imul(x, 0x2c1b3c6d);
    return (product ^ (product >>> 15)) >>> 0;
  }

  /** An integer from 0 to `bound` - 1. */
  below(bound: number): number {
    return Math.floor(this.word() / 2 ** 32 * bound);
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True with the odds given, 0 to 1. */
  chance(odds: number): boolean {
    return this.word() < odds * 2 ** 32;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined) throw new RangeError("Expected a list to pick from but found an empty one");
    return chosen;
  }
}

/** A seed for a run by hand. */
export function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
}
