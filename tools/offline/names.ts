/**
 * The names of this project: its own, and those that it imports.
 *
 * The imports stand in `tools/imports.json`, not in `deno.json`: of those in `deno.json`, `deno task` fetches every package before it starts
 * a task, which then fails without a network although it needs none of them.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import map from "../imports.json" with { type: "json" };
import type { PackageNames } from "./import_map.ts";

/** The names. Files stand as they would in `deno.json`, seen from the root of the project. */
export const NAMES: PackageNames = Object.freeze({
  name: config.name,
  exports: config.exports,
  imports: Object.fromEntries(
    Object.entries(map.imports).map(([name, target]) => [name, target.replace(/^\.\.\//, "./")]),
  ),
});
