/**
 * Choose NX for a large page.
 *
 * A large page has one NX bit. If any byte of it is kernel text, it must be executable;
 * only a page without any text may be NX.
 *
 * Linux asks whether the first byte or the last byte of the large page is text. That is
 * right for Linux, whose text began where the map begins. Make it right for any text:
 * from `text.start` up to, but not including, `text.end`.
 *
 * @module
 */

/** Addresses from `start` up to, but not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function isNoExecute(start: number, bytes: number, text: Range): boolean {
  // Your lines: about two.
  const isText = (address: number) => address >= text.start && address < text.end;
  return !isText(start) && !isText(start + bytes - 1);
  // End of your lines.
}
