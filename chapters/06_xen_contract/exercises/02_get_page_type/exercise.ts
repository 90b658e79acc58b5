/**
 * Give a frame a type.
 *
 * An entry asks Xen for one more use of a frame, as a writable page or as a table of some
 * level. Return whether Xen agrees, and keep `type` and `uses` of the frame right:
 *
 * 1. A frame that is in use as something else is refused, and nothing changes.
 * 2. A frame that is in use as the same thing gets one use more; nothing else is done.
 * 3. A frame without uses gets the new type and one use. If its type changes, `flush`:
 *    the CPU may remember the page as what it was.
 * 4. If the new type is a table, `validate` after that, while the frame has its new type
 *    and its use already. If that fails, the frame has no type and no uses, and Xen does
 *    not agree. A writable page may hold anything and is not validated.
 *
 * @module
 */

/** What Xen knows of a frame. */
export interface FrameRow {
  type: "none" | "writable" | "L1" | "L2" | "L3";
  uses: number;
}

/** What Xen does at that moment: each returns whether it went well. */
export interface Actions {
  /** Makes every CPU forget its translations. */
  readonly flush: () => void;
  /**
   * Reads all entries of the frame as those of a table; false if one of them is not
   * allowed.
   */
  readonly validate: () => boolean;
}

export function getPageType(
  frame: FrameRow,
  type: FrameRow["type"],
  { flush, validate }: Actions,
): boolean {
  // Your lines: about eight.
  frame.type = type;
  return true;
  // End of your lines.
}
