/**
 * The check of a number in the prose.
 *
 * @module
 */

/**
 * Throws unless a result equals the value in the text.
 *
 * @param actual The machine's result.
 * @param expected The text's value: a primitive, or arrays and plain objects of these.
 * @throws {Error} If they differ; the message has both.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { check } from "@pagetable-init/chapters";
 *
 * check([768, 256], [768, 256]);
 * assertThrows(() => check({ pages: 3 }, { pages: 4 }), Error, "The text says { pages: 4 } but the result is { pages: 3 }");
 * ```
 */
export function check<T>(actual: T, expected: NoInfer<T>): void {
  if (isSame(actual, expected)) return;
  throw new Error(`The text says ${inWords(expected)} but the result is ${inWords(actual)}`);
}

function isSame(one: unknown, other: unknown): boolean {
  if (!isRecord(one) || !isRecord(other) || Array.isArray(one) !== Array.isArray(other)) return Object.is(one, other);
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function inWords(value: unknown): string {
  return isRecord(value) ? inWordsOf(value) : typeof value === "string" ? JSON.stringify(value) : String(value);
}

function inWordsOf(value: Record<string, unknown>): string {
  if (Array.isArray(value)) return `[${value.map(inWords).join(", ")}]`;
  const pairs = Object.entries(value).map(([key, it]) => `${key}: ${inWords(it)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}
