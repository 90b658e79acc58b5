/**
 * Give a frame a type.
 *
 * Somebody wants to use a frame as something: an entry wants it writable, another entry
 * wants it as a table. Return whether he may, and keep the books. A frame that is in use
 * as something else is refused. A frame that nobody uses may change its type: then old
 * translations must be forgotten, and if it becomes a table, its contents must be
 * validated while it already has that type and one use. If validation fails the frame has
 * no type and no uses.
 *
 * This exercise leaves out one thing of the real function: a writable frame needs no
 * validation, and neither does a table that is in use as one.
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
