/**
 * Makes untrusted text safe for a terminal: names of files, texts in them, messages about them.
 *
 * @module
 */

/** Controls (among them ESC and the C1 codes, which are escapes too), directions of writing, line ends, what has no meaning yet. */
const UNPRINTABLE = /[\p{C}\u2028\u2029]+/gu;

/**
 * Text for one line of a terminal.
 *
 * @param text Any text.
 * @returns The text, each run of unprintable characters as one space.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printable } from "./printable.ts";
 *
 * assertEquals(printable("a\n\u001b[31mb\u202e"), "a [31mb ");
 * ```
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, " ");
}

/**
 * A value as JSON that a terminal may print.
 *
 * @param value What `JSON.stringify` takes.
 * @param indent Spaces a level.
 * @returns The same JSON, with every unprintable character in a text escaped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printableJson } from "./printable.ts";
 *
 * assertEquals(printableJson({ a: "\u009b2J" }), `{"a":"\\u009b2J"}`);
 * ```
 */
export function printableJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(/(?!\n)[\p{C}\u2028\u2029]/gu, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
