/**
 * A walk as a table, a row for each entry that was read.
 *
 * @module
 */

import type { Explanation, Step } from "../../core/mmu/mod.ts";
import { formatFlags } from "../../core/mmu/mod.ts";
import { hex } from "./hex.ts";
import { Table } from "./table.ts";

const HEADER = ["entry", "in frame", "index", "value", "flags", "takes away"] as const;

/**
 * Shows a walk.
 *
 * @param explanation The result of `explain`.
 * @returns A row for each entry that was read, root first; below it where the walk ended.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { walkTable } from "@pagetable-init/chapters";
 * import { CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 *
 * const machine = new Machine(CPUS.i486, new PhysicalMemory(1 << 24));
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8000_0001);
 * const { rows, caption } = walkTable(explain(machine, 0xc0100000));
 * assertEquals(rows, [["PDE", "0x1", 768, "0x00000000", "-", ""]]);
 * assertEquals(caption, "Page fault, error code 0x0: not-present, at the PDE.");
 * ```
 */
export function walkTable({ steps, outcome }: Explanation): Table {
  return new Table({ header: HEADER, rows: steps.map(rowOf) }, endOf(outcome));
}

function rowOf({ level, table, index, lo, hi, revoked }: Step): (string | number)[] {
  const wide = hi === 0 ? hex(lo, 8) : `0x${(hi >>> 0).toString(16)}${hex(lo, 8).slice(2)}`;
  const place = table < 0 ? "register" : hex(table);
  return [level.entry, place, index, wide, formatFlags(hi, lo, level), revoked.join(", ")];
}

function endOf(outcome: Explanation["outcome"]): string {
  if (outcome.ok) return `Physical address ${hex(outcome.physical, 8)}, in frame ${hex(outcome.frame)}.`;
  const { fault } = outcome;
  if (fault.vector === 13) return `General protection: ${fault.reason}.`;
  return `Page fault, error code ${hex(fault.errorCode)}: ${fault.reason}, at the ${fault.entry}.`;
}
