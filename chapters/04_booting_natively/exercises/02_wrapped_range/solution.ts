/**
 * A solution.
 *
 * Alternatives: work out the number of steps first, `((end - start) >>> 0) / step`, and
 * count. Linux compares with `!=` as here and lets C's unsigned arithmetic wrap.
 * JavaScript's numbers do not wrap by themselves, `>>> 0` makes them.
 *
 * @module
 */

export function* addressesOf(
  start: number,
  end: number,
  step: number,
): Generator<number> {
  // Your lines: about three.
  for (let address = start; address !== end; address = (address + step) >>> 0) {
    yield address;
  }
  // End of your lines.
}
