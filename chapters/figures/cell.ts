/**
 * The fields of a matrix cell that the figures draw.
 *
 * @module
 */

import type { Audit } from "../../core/audit/mod.ts";
import type { Cell, Row } from "../../core/matrix.ts";
import type { Platform } from "../../core/platforms.ts";
import type { Run } from "./runs.ts";

/** Name of a class of permission errors. */
export type ErrorClass = keyof Row["permissionErrors"];

/** A cell of the matrix, with at least the fields that are drawn. */
export interface FigureCell extends Pick<Cell, "row" | "log"> {
  /** Where lowmem begins. */
  readonly platform: { readonly space: Pick<Platform["space"], "pageOffset"> };
  /** The runs; undefined for a void cell. */
  readonly audit: Pick<Audit, "coverageRanges" | "permissionErrors"> | undefined;
}

/**
 * The places of a class of errors in lowmem. Errors at other addresses (aliases, the fixmap) are only counted in the row.
 *
 * @param cell The cell.
 * @param errorClass The class.
 * @returns Runs by pfn: the pages that the direct map maps to their own frames with this error.
 */
export function lowmemErrors(
  { platform, audit }: Pick<FigureCell, "platform" | "audit">,
  errorClass: ErrorClass,
): Run[] {
  const isLowmem = (lo: number, pfn: number) => pfn >= 0 && (platform.space.pageOffset + pfn * 4096) >>> 0 === lo >>> 0;
  const runs = audit?.permissionErrors[errorClass].ranges ?? [];
  return runs.filter(({ linear, pfn }) => isLowmem(linear.lo, pfn)).map(({ pfn, pages }) => ({ firstPfn: pfn, pages }));
}
