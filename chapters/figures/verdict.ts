/**
 * A row in one word, and the worst thing about it in three.
 *
 * @module
 */

import type { Row } from "../../core/matrix.ts";
import { errorsOf } from "./error_classes.ts";

/** What a cell of the matrix says: it boots clean, it boots with errors, it stopped, or it cannot be asked. */
export type Verdict = "clean" | "errors" | "stopped" | "void";

/** A defect, counted in 4K pages: `short` fits a cell, `label` a sentence. */
export interface Defect {
  readonly pages: number;
  readonly short: string;
  readonly label: string;
}

/** A verdict in words: as a legend has it, and after the number of cells that have it. */
export interface VerdictWords {
  readonly label: string;
  readonly says: string;
}

/** The words for the verdicts, in the order of the legends. */
export const VERDICT_WORDS: Readonly<Record<Verdict, VerdictWords>> = Object.freeze({
  clean: { label: "boots, every page right", says: "boot with every page right" },
  errors: { label: "boots with errors: 4K pages, worst kind, +other kinds", says: "boot with errors" },
  stopped: { label: "refused or stopped", says: "are refused or stop" },
  void: { label: "void: cannot be asked", says: "void" },
});

/** Everything wrong with the map of a row, worst first: pages at a wrong frame, pages not mapped, then permissions. */
export function defectsOf(row: Row): Defect[] {
  const { wrongFrame, unmapped } = row.coverage;
  const coverage = [
    { pages: wrongFrame, short: "frame", label: "wrong frame" },
    { pages: unmapped, short: "unmapped", label: "not mapped" },
  ].filter((it) => it.pages > 0);
  return [...coverage, ...errorsOf(row).map(({ words, pages }) => ({ pages, short: words.short, label: words.label }))];
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

/** What stopped a boot, in a word or two that fit a cell. */
export const STOP_WORDS: Readonly<Record<StopKind, string>> = Object.freeze({
  "page-fault": "page fault",
  "triple-fault": "triple fault",
  "refused-by-xen": "refused",
  "killed-by-host": "killed",
  "null-operation": "null op",
  "kernel-bug": "BUG",
  "no-page-structure": "mem_map",
  "remap": "remap",
  "out-of-memory": "no memory",
  "until": "halted",
});

/** What stopped a row's boot, in a word or two; empty if nothing did. */
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

/** A whole number with its thousands marked. */
export function count(pages: number): string {
  return pages.toLocaleString("en-GB");
}

/** A number of pages. */
export function countPages(pages: number): string {
  return `${count(pages)} ${pages === 1 ? "page" : "pages"}`;
}
