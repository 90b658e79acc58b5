/**
 * A strategy from somebody's file.
 *
 * @module
 */

import { anyStrategy } from "../../core/strategies/list.ts";
import type { Strategy } from "../../core/strategies/mod.ts";

/**
 * The strategy that a module exports.
 *
 * @param module The module.
 * @returns The strategy.
 * @throws {TypeError} If it exports none, or more than one.
 */
export function ownStrategy(module: { readonly [name: string]: unknown }): Strategy {
  const found = Object.entries(module).filter(([, value]) => typeof value === "object" && value !== null);
  const names = found.map(([name]) => name).join(", ");
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new TypeError(`Expected one exported Strategy but found ${first === undefined ? "no object" : names}`);
  }
  const [name, value] = first;
  anyStrategy(value, name);
  return value as Strategy;
}
