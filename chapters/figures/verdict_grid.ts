/**
 * The verdict matrix with its table as a grid: a line for each strategy, a column for each platform.
 *
 * @module
 */

import type { Row } from "../../core/matrix.ts";
import type { Figure } from "./figure.ts";
import { count, defectsOf, stopWords, type Verdict, verdictOf } from "./verdict.ts";
import { verdictMatrix } from "./verdict_matrix.ts";

const WORDS: Readonly<Record<Verdict, (row: Row) => string>> = {
  clean: () => "✓",
  errors: (row) => defectsOf(row).map(({ pages, short }) => `${count(pages)} ${short}`).join(", "),
  stopped: (row) => `✕ ${stopWords(row)}`,
  void: () => "–",
};

/**
 * The verdict matrix for a page: small enough a table for all strategies on all platforms.
 *
 * @param rows Rows of the matrix, in any order; strategies and platforms appear in the order in which they first do.
 * @param caption What stands below it; that of `verdictMatrix` unless said otherwise.
 * @returns The figure.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { verdictGrid } from "@pagetable-init/chapters";
 * import { matrix } from "@pagetable-init/textbook";
 *
 * const rows = [...matrix({ platforms: ["native-486"], strategies: ["keep-template"] })].map(({ row }) => row);
 * assertEquals(verdictGrid(rows).table.rows, [["keep-template", "3,072 user"]]);
 * ```
 */
export function verdictGrid(rows: readonly Row[], caption?: string): Figure {
  const figure = verdictMatrix(rows);
  const platforms = [...new Set(rows.map(({ platform }) => platform))];
  const strategies = [...new Set(rows.map(({ strategy }) => strategy))];
  const cell = (strategy: string, platform: string) => {
    const row = rows.find((it) => it.strategy === strategy && it.platform === platform);
    return row === undefined ? "" : WORDS[verdictOf(row)](row);
  };
  return {
    ...figure,
    caption: caption ?? figure.caption,
    table: {
      header: ["strategy", ...platforms],
      rows: strategies.map((strategy) => [strategy, ...platforms.map((platform) => cell(strategy, platform))]),
    },
  };
}
