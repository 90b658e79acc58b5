/**
 * Facts that nobody can change.
 *
 * @module
 */

/**
 * Freezes a value and all that it holds.
 *
 * @param value Plain data. What is frozen already is taken to be frozen throughout.
 * @returns The value itself.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
