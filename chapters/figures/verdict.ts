/**
 * The verdict on a row in one word, and its defects in a few.
 *
 * @module
 */

import { count } from "./count.ts";
import type { Row } from "../../core/matrix.ts";
import { errorsOf } from "./error_classes.ts";

/** The verdict of a cell: it boots clean, it boots with errors, it stopped, or it is void. */
export type Verdict = "clean" | "errors" | "stopped" | "void";

/** A defect, counted in 4K pages. */
export interface Defect {
  readonly pages: number;
  /** Its class. */
  readonly label: string;
  /** The defect, worded to follow an amount of memory: "12 MiB open to user mode". */
  readonly says: string;
}

/** All defects of a row's map, worst first: pages at a wrong frame, pages not mapped, then permissions. */
export function defectsOf(row: Row): Defect[] {
  const { wrongFrame, unmapped } = row.coverage;
  const coverage = [
    { pages: wrongFrame, label: "wrong frame", says: "at a wrong frame" },
    { pages: unmapped, label: "not mapped", says: "not mapped" },
  ].filter((it) => it.pages > 0);
  return [...coverage, ...errorsOf(row).map(({ words, pages }) => ({ pages, label: words.label, says: words.says }))];
}

/**
 * The verdict on a row.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../core/matrix.ts";
 * import { verdictOf } from "./mod.ts";
 *
 * const [cell] = matrix({ platforms: ["xen-pae"], strategies: ["write-always"], memory: "16M" });
 * assertEquals(cell && verdictOf(cell.row), "stopped");
 * ```
 */
export function verdictOf(row: Row): Verdict {
  if (row.void !== undefined) return "void";
  if (!row.booted) return "stopped";
  return defectsOf(row).length === 0 ? "clean" : "errors";
}

type StopKind = NonNullable<Row["stop"]>["kind"];

/** The stop of a boot, in two or three words. */
export const STOP_WORDS: Readonly<Record<StopKind, string>> = Object.freeze({
  "page-fault": "page fault",
  "triple-fault": "triple fault",
  "refused-by-xen": "refused by Xen",
  "killed-by-host": "killed by host",
  "null-operation": "NULL called",
  "kernel-bug": "kernel BUG",
  "no-page-structure": "no mem_map",
  "remap": "remap panics",
  "out-of-memory": "no memory",
  "until": "halted",
});

/** The stop of a row's boot, in two or three words; empty for a boot that reached its end. */
export function stopWords({ stop }: Row): string {
  return stop === undefined ? "" : STOP_WORDS[stop.kind];
}

/** The verdict on a row as one sentence, without strategy and platform. */
export function explainVerdict(row: Row): string {
  if (row.void !== undefined) return `void: ${row.void}`;
  if (row.stop !== undefined) {
    const { kind, message, step } = row.stop;
    return `${kind} ${step === 0 ? "before the first write" : `at write ${count(step)}`}: ${message}`;
  }
  const defects = defectsOf(row).map(({ pages, label }) => `${label} (${countPages(pages)})`);
  return defects.length === 0 ? "boots, every page right" : `boots, but: ${defects.join(", ")}`;
}

/** All defects of a row in words that need no legend: "12 MiB open to user mode, in small pages". */
export function sayDefects(defects: readonly Defect[]): string {
  return defects.map(({ pages, says }, at) => pages === defects[at - 1]?.pages ? says : `${amount(pages)} ${says}`)
    .join(", ");
}

/** A number of pages. */
export function countPages(pages: number): string {
  return `${count(pages)} ${pages === 1 ? "page" : "pages"}`;
}

/** A number of 4K pages as an amount of memory: `4 KiB`, `3.5 MiB`, `12 MiB`. */
export function amount(pages: number): string {
  if (pages < 256) return `${pages * 4} KiB`;
  return `${count(Math.round(pages / 25.6) / 10)} MiB`;
}
