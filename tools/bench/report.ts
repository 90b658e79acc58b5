/**
 * The output of `deno task bench` for people.
 *
 * @module
 */

import { columns } from "../../chapters/shown/columns.ts";
import type { Result } from "./compare.ts";
import type { Measured } from "./memory_process.ts";

/**
 * The ratios as a table.
 *
 * @param results The ratios.
 * @returns Lines, each with its end.
 */
export function ratioTable(results: readonly Result[]): string {
  const rows = results.map(({ name, ratio, target, against }) => [
    name,
    ratio.toPrecision(3),
    `${target}`,
    `${against}${ratio <= target ? "" : "  (missed)"}`,
  ]);
  return text([["", "ratio", "target", "to"], ...rows], [1, 2]);
}

/**
 * The memory as a table.
 *
 * @param measured What was measured.
 * @returns Lines, each with its end.
 */
export function memoryTable(measured: readonly Measured[]): string {
  const rows = measured.map((it) => [
    it.name,
    it.entries.toLocaleString("en"),
    `${it.tables} MiB`,
    `${it.growth} MiB`,
    it.limit === undefined ? "" : `${it.limit} MiB`,
    `+${it.auditGrowth} MiB`,
    `${it.auditMilliseconds} ms`,
  ]);
  return text([["", "entries", "tables", "growth", "limit", "audit", "in"], ...rows], [1, 2, 3, 4, 5, 6]);
}

function text(rows: readonly (readonly string[])[], right: readonly number[]): string {
  return columns(rows, { right }).map((line) => `${line}\n`).join("");
}
