/**
 * The audit of each page of lowmem, as one small integer a page.
 *
 * @module
 */

import { type Audit, audit, type CoverageRange, type Guest } from "../../core/audit/mod.ts";
import { lowmemErrors } from "../figures/cell.ts";
import { type Fate, fateOf, FATES } from "../figures/coverage_bars.ts";
import { ERROR_CLASSES } from "../figures/error_classes.ts";

/** The colour of a page, by name. */
export type PageColor = Fate | "error" | "readOnly";

/** The colour and the words of a state. */
export interface StateWords {
  readonly color: PageColor;
  /** For example `right frame, 4K page; writable page table`. */
  readonly words: string;
}

const FATE_CODES: readonly Fate[] = ["unmapped", "small", "large", "wrongFrame"];
const READ_ONLY = 4; // the page must be read-only, by the intent of the audit
const FIRST_ERROR = 8; // a bit for each class of errors

/** Pages with their states, and the audit that says so. */
export interface AuditedPages {
  readonly found: Audit;
  /** A code for each page of lowmem. */
  readonly states: Uint16Array;
}

function codeOf(run: CoverageRange): number {
  return FATE_CODES.indexOf(fateOf(run));
}

/**
 * Audits a machine, page by page.
 *
 * @param guest The guest on it.
 * @returns The audit and a code for each page: two bits for how it is mapped, one for a page that must be read-only, and one for each class
 * of `ERROR_CLASSES` that the page has where the direct map has it.
 */
export function auditPages(guest: Guest): AuditedPages {
  const found = audit({ guest });
  const states = new Uint16Array(guest.lowmemPages);
  for (const run of found.coverageRanges) states.fill(codeOf(run), run.firstPfn, run.firstPfn + run.pages);
  for (const pfn of guest.readOnly) if (pfn < states.length) states[pfn] = (states[pfn] ?? 0) | READ_ONLY;
  const cell = { audit: found, platform: { space: { pageOffset: guest.pageOffset.lo } } };
  for (const [at, { key }] of ERROR_CLASSES.entries()) {
    for (const { firstPfn, pages } of lowmemErrors(cell, key)) {
      const end = Math.min(firstPfn + pages, states.length);
      for (let pfn = firstPfn; pfn < end; pfn++) states[pfn] = (states[pfn] ?? 0) | (FIRST_ERROR << at);
    }
  }
  return { found, states };
}

/**
 * A code in words.
 *
 * @param code As `auditPages` has it.
 * @returns Colour and words.
 */
export function stateWords(code: number): StateWords {
  const fate = FATE_CODES[code & 3] ?? "unmapped";
  const errors = ERROR_CLASSES.filter((_, at) => (code & (FIRST_ERROR << at)) !== 0).map(({ label }) => label);
  const readOnly = (code & READ_ONLY) !== 0;
  const says = FATES.find(({ color }) => color === fate)?.says ?? "";
  const words = [says, ...(readOnly ? ["must be read-only"] : []), ...errors].join("; ");
  if (fate === "wrongFrame" || fate === "unmapped") return { color: fate, words };
  return { color: errors.length > 0 ? "error" : readOnly ? "readOnly" : fate, words };
}
