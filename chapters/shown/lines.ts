/**
 * Lines of text as a result: a log, a listing.
 *
 * @module
 */

import { type MimeBundle, Shown } from "./shown.ts";

/** Lines that are shown as they are, one below the other. */
export class Lines extends Shown {
  /** The lines, without line feeds. */
  readonly lines: readonly string[];

  /** @param lines The lines, without line feeds. */
  constructor(lines: readonly string[]) {
    super();
    this.lines = Object.freeze([...lines]);
  }

  /** For a notebook: the text. */
  override outputs(): readonly [MimeBundle] {
    return [{ "text/plain": this.lines.join("\n") }];
  }
}

/**
 * Shows lines as they are, such as a hypervisor's log.
 *
 * @param all The lines.
 * @returns A result, for the last line of a block.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lines } from "@pagetable-init/chapters";
 *
 * assertEquals(lines(["one", "two"]).lines.length, 2);
 * ```
 */
export function lines(all: readonly string[]): Lines {
  return new Lines(all);
}
