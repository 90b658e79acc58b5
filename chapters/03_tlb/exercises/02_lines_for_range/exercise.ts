/**
 * Count the lines of the TLB.
 *
 * A kernel maps the addresses from `start` to `start + bytes`, and nothing outside. It
 * uses large pages wherever a whole one fits, and 4 KiB pages elsewhere. How many lines
 * does the TLB need to hold all of it?
 *
 * A large page of `largeBytes` begins at a multiple of `largeBytes`. `start` and `bytes`
 * are multiples of 4,096.
 *
 * @module
 */

const SMALL = 4096;

export function linesForRange(start: number, bytes: number, largeBytes: number): number {
  const end = start + bytes;
  // Your lines: about four.
  return end > start + largeBytes ? Math.ceil(bytes / largeBytes) : bytes / SMALL;
  // End of your lines.
}
