/**
 * A solution.
 *
 * Alternatives: a loop that steps through the range, taking a large page where the
 * address is a multiple and enough is left, is slower and hard to get wrong.
 * `audit(machine).coverage.tlbEntries` counts what a machine really has. And Linux of
 * 2007 was more generous than this task: its last large page may reach beyond the end of
 * memory.
 *
 * @module
 */

const SMALL = 4096;

export function linesForRange(start: number, bytes: number, largeBytes: number): number {
  const end = start + bytes;
  // Your lines: about four.
  const first = Math.ceil(start / largeBytes) * largeBytes;
  const last = Math.floor(end / largeBytes) * largeBytes;
  if (first >= last) return bytes / SMALL;
  return (first - start + end - last) / SMALL + (last - first) / largeBytes;
  // End of your lines.
}
