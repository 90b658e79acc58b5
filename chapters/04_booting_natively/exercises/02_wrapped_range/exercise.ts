/**
 * Go round the end.
 *
 * `page_table_range_init` goes through a range of addresses, a table at a time, and makes
 * the tables that are missing. The fixmap ends where the 32-bit addresses end, so the end
 * of its range is 0. Yield every address from `start` up to, but not including, `end`.
 *
 * `start` and `end` are multiples of `step`, and addresses are numbers from 0 to
 * 0xffffffff.
 *
 * @module
 */

export function* addressesOf(
  start: number,
  end: number,
  step: number,
): Generator<number> {
  // Your lines: about three.
  for (let address = start; address < end; address += step) yield address;
  // End of your lines.
}
