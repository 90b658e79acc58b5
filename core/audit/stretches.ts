/**
 * Sets of frames as stretches of consecutive ones.
 *
 * @module
 */

/** Consecutive frames, from `first` to `end` - 1. */
export interface Stretch {
  /** The first frame. */
  readonly first: number;
  /** The frame behind the last. */
  readonly end: number;
}

/**
 * The stretches of a set of frames.
 *
 * @param sorted The frames, ascending, each once.
 * @returns The stretches, ascending.
 */
export function stretchesOf(sorted: Int32Array | Float64Array): Stretch[] {
  const stretches: Stretch[] = [];
  let first = sorted[0] ?? 0;
  for (const [i, frame] of sorted.entries()) {
    const next = sorted[i + 1];
    if (next === frame + 1) continue;
    stretches.push({ first, end: frame + 1 });
    first = next ?? 0;
  }
  return stretches;
}

/**
 * Finds a frame among stretches.
 *
 * @param stretches Stretches, ascending.
 * @param frame A frame.
 * @returns Index of the first stretch that ends above the frame; the number of stretches if none does.
 */
export function firstEndingAfter(stretches: readonly Stretch[], frame: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stretches[middle]?.end ?? Infinity) <= frame) low = middle + 1;
    else high = middle;
  }
  return low;
}
