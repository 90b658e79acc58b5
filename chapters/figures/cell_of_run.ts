/**
 * A boot as a cell of the matrix, so that figures can show boots outside the matrix: another allocator, another registry, a reader's own strategy.
 *
 * @module
 */

import type { Run } from "../../core/boot.ts";
import { cellOf } from "../../core/matrix.ts";
import type { FigureCell } from "./cell.ts";

/**
 * Audits a boot and makes a cell of it.
 *
 * @param run The boot.
 * @param name Name in the figure; the strategy's id unless said otherwise.
 * @returns The cell, as `matrix` would have made it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cellOfRun, verdictOf } from "@pagetable-init/chapters";
 * import { boot } from "@pagetable-init/textbook";
 *
 * const run = boot({ platform: "xen-pae", strategy: "filter-set-pte", bootmem: "highest-first", memory: "16M" });
 * assertEquals(verdictOf(cellOfRun(run).row), "stopped");
 * ```
 */
export function cellOfRun(run: Run, name: string = run.strategy.id): FigureCell {
  const cell = cellOf(run);
  return { ...cell, row: { ...cell.row, strategy: name } };
}
