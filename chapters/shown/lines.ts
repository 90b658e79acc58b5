/**
 * Lines of text as a result: a log, a listing.
 *
 * @module
 */

import { escapeMarkup } from "../figures/markup.ts";
import { Shown } from "./shown.ts";

/** JupyterLab would break a long line in the middle of a word. */
const WRAPPED = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere";

/** Lines that are shown as they are, one below the other. */
export class Lines extends Shown {
  /** The lines, without line feeds. */
  readonly lines: readonly string[];

  /** @param lines The lines, without line feeds. */
  constructor(lines: readonly string[]) {
    super();
    this.lines = Object.freeze([...lines]);
  }

  /** For a notebook. */
  override mimeBundle(): Readonly<Record<string, string>> {
    const text = this.lines.join("\n");
    return { "text/html": `<pre style="${WRAPPED}">${escapeMarkup(text)}</pre>`, "text/plain": text };
  }
}

/**
 * Shows lines as they are, such as a hypervisor's log.
 *
 * @param all The lines.
 * @returns What a block can end in.
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
