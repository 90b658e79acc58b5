/**
 * What `deno task bench` prints for people.
 *
 * @module
 */

import type { Result } from "./compare.ts";
import type { Measured } from "./memory_process.ts";

/**
 * The ratios as a table.
 *
 * @param results The ratios.
 * @returns Lines, each with its end.
 */
export function ratioTable(results: readonly Result[]): string {
  const name = widest(results);
  const lines = results.map(({ name: what, ratio, target, against }) =>
    `${what.padEnd(name)} ${ratio.toPrecision(3).padStart(8)} ${`${target}`.padStart(7)}  ${against}${
      ratio <= target ? "" : "  (missed)"
    }\n`
  );
  return `${"".padEnd(name)} ${"ratio".padStart(8)} ${"target".padStart(7)}  to\n${lines.join("")}`;
}

/**
 * The memory as a table.
 *
 * @param measured What was measured.
 * @returns Lines, each with its end.
 */
export function memoryTable(measured: readonly Measured[]): string {
  const name = widest(measured);
  const columns = ["entries", "tables", "growth", "limit", "audit", "in"];
  const row = (first: string, cells: readonly string[]) =>
    `${first.padEnd(name)} ${cells.map((cell) => cell.padStart(10)).join(" ")}\n`;
  const lines = measured.map((it) =>
    row(it.name, [
      it.entries.toLocaleString("en"),
      `${it.tables} MiB`,
      `${it.growth} MiB`,
      it.limit === undefined ? "" : `${it.limit} MiB`,
      `+${it.auditGrowth} MiB`,
      `${it.auditMilliseconds} ms`,
    ])
  );
  return row("", columns) + lines.join("");
}

function widest(rows: readonly { readonly name: string }[]): number {
  return Math.max(0, ...rows.map(({ name }) => name.length));
}
