/**
 * The names under which the package and its parts are imported.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };

/** The package's name, and that of each part. */
export const PACKAGE_NAMES: readonly string[] = Object.freeze(
  Object.keys(config.exports).map((part) => config.name + part.slice(1)),
);
