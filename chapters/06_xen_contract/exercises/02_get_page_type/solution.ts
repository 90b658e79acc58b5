/**
 * A solution.
 *
 * Alternatives: Xen also flushes lazily. It notes the time at which the count fell to
 * zero and skips the flush if every CPU has flushed since. And it keeps "validated" as a
 * bit of its own, so that a second CPU can see that validation is still going on.
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
  if (frame.uses > 0 && frame.type !== type) return false;
  frame.uses += 1;
  if (frame.uses > 1) return true;
  if (frame.type !== type) flush();
  frame.type = type;
  if (type === "writable" || validate()) return true;
  frame.type = "none";
  frame.uses = 0;
  return false;
  // End of your lines.
}
