/**
 * The bars of a coverage map: runs of lowmem with the same coverage, and the pages with wrong permissions.
 *
 * @module
 */

import type { CoverageRange } from "../../core/audit/mod.ts";
import { type FigureCell, lowmemErrors } from "./cell.ts";
import { ERROR_CLASSES } from "./error_classes.ts";
import { type Run, thinRuns } from "./runs.ts";

/** The coverage of a page: mapped to its frame by a large or a 4K page, mapped to a wrong frame, not mapped. */
export type Fate = "large" | "small" | "wrongFrame" | "unmapped";

/** The look and the name of a kind of coverage. */
export interface FateLook {
  readonly color: Fate;
  /** Height of its bars, as a share of the band. */
  readonly share: number;
  /** Words for the legend. */
  readonly label: string;
  /** Words for tables and tips. */
  readonly says: string;
}

/** The kinds of coverage in the order of the legend. */
export const FATES: readonly FateLook[] = Object.freeze([
  { color: "large", share: 1, label: "mapped, large page", says: "right frame, large page" },
  { color: "small", share: 0.6, label: "mapped, 4K page", says: "right frame, 4K page" },
  { color: "wrongFrame", share: 1, label: "wrong frame", says: "wrong frame" },
  { color: "unmapped", share: 0.12, label: "not mapped", says: "not mapped" },
]);

/** One bar: a run of one band. */
export interface Bar extends Run {
  readonly band: number;
  readonly fate: Fate | "error";
  readonly title: string;
}

const BADNESS: Readonly<Record<Fate, number>> = { large: 0, small: 1, unmapped: 2, wrongFrame: 3 };

/** The fate of a run. */
export function fateOf(run: CoverageRange): Fate {
  if (run.kind === "wrong-frame") return "wrongFrame";
  if (run.kind === "unmapped") return "unmapped";
  return run.large ? "large" : "small";
}

/** The coverage of a run in words. */
export function fateWords(run: CoverageRange): string {
  return FATES.find((it) => it.color === fateOf(run))?.says ?? "";
}

function place(run: Run): string {
  const last = run.firstPfn + run.pages - 1;
  return `pfn 0x${run.firstPfn.toString(16)}${run.pages > 1 ? ` to 0x${last.toString(16)}` : ""}`;
}

/** The bars of a band, at most `limit`. */
export function coverageBars({ row, audit }: FigureCell, band: number, limit: number): Bar[] {
  return thinRuns(audit?.coverageRanges ?? [], limit, (run) => BADNESS[fateOf(run)]).map((run) => ({
    ...run,
    band,
    fate: fateOf(run),
    title: `${row.strategy}, ${place(run)}: ${fateWords(run)}`,
  }));
}

/** The hatched bars of a band, at most `limit`: wherever in lowmem some permission is wrong. */
export function errorBars(cell: FigureCell, band: number, limit: number): Bar[] {
  const wrong = ERROR_CLASSES.map(({ key, label }) => ({ label, runs: lowmemErrors(cell, key) }));
  const each = Math.max(1, Math.floor(limit / ERROR_CLASSES.length));
  return wrong.flatMap(({ label, runs }) =>
    thinRuns(runs, each, () => 0).map((run) => ({
      ...run,
      band,
      fate: "error" as const,
      title: `${cell.row.strategy}, ${place(run)}: ${label}`,
    }))
  );
}
