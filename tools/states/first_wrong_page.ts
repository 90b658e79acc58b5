/**
 * The first wrong page of a boot, as a walk.
 *
 * @module
 */

import type { FigureCell } from "../../chapters/figures/cell.ts";
import { ERROR_CLASSES } from "../../chapters/figures/error_classes.ts";
import { boot } from "../../core/boot.ts";
import type { Strategy } from "../../core/strategies/mod.ts";
import { walkText } from "./walk.ts";

/** A page with wrong permissions. */
export interface WrongPage {
  /** The worst error of the boot, in words. */
  readonly error: string;
  /** The walk to the first page that has it. */
  readonly walk: string;
}

/**
 * The first page with the worst error of a boot. The boot is run again: a cell keeps no machine.
 *
 * @param cell The boot.
 * @param strategy Its strategy, or the id.
 * @returns The page; undefined if no page has wrong permissions.
 */
export function firstWrongPage(
  { row, audit }: Pick<FigureCell, "row" | "audit">,
  strategy: string | Strategy,
): WrongPage | undefined {
  const worst = ERROR_CLASSES.find(({ key }) => audit?.permissionErrors[key].example !== undefined);
  const example = worst === undefined ? undefined : audit?.permissionErrors[worst.key].example;
  if (worst === undefined || example === undefined) return undefined;
  const { machine } = boot({ platform: row.platform, strategy, memory: row.memoryBytes, trace: false });
  return { error: worst.label, walk: walkText(machine, example).trimEnd() };
}
