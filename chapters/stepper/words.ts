/**
 * The texts of a page about a step. These functions also run in a browser, as text of their own, so they use only each other.
 *
 * @module
 */

import type { OpenRecording, StepState } from "./state_at.ts";

/** A number with its thousands apart. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A page by its number; an entry may lead to none of the guest's. */
export function pageName(pfn: number): string {
  return pfn < 0 ? "no page" : `page 0x${pfn.toString(16)}`;
}

/** An entry: where it leads, and its flags. */
export function entryWords(open: OpenRecording, at: number): string {
  const flags = open.flags[open.writes[at + 1] ?? 0] ?? "";
  return flags === "-" ? "nothing" : `${pageName(open.writes[at] ?? -1)}, ${flags}`;
}

/** The write of a step, as rows of a name and a value; empty before the first write. */
export function writeRows(open: OpenRecording, step: number): [name: string, value: string][] {
  if (step === 0) return [];
  const at = (step - 1) * 9;
  const operation = open.operations[open.writes[at] ?? 0] ?? "";
  const place = `entry ${open.writes[at + 2]} of the table in ${pageName(open.writes[at + 1] ?? -1)}`;
  return [
    ["operation", operation],
    ["writes", place],
    ["there was", entryWords(open, at + 3)],
    ["asked for", entryWords(open, at + 5)],
    ["is stored", entryWords(open, at + 7) + (step === open.refused ? ", refused" : "")],
  ];
}

/** A step in a line. */
export function stepWords(open: OpenRecording, step: number): string {
  if (step === 0) return `Before the first of ${grouped(open.steps)} writes.`;
  const at = (step - 1) * 9;
  const operation = open.operations[open.writes[at] ?? 0] ?? "";
  const what = `${operation} for ${pageName(open.writes[at + 5] ?? -1)}`;
  return `Write ${grouped(step)} of ${grouped(open.steps)}: ${what}${step === open.refused ? ", refused" : ""}.`;
}

/** Number of the guest's pages of each type, for the types that any page ever has. */
export function typeRows(open: OpenRecording, state: StepState): [kind: string, pages: number][] {
  const kinds = [...new Set(open.types.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    let pages = 0;
    for (const type of state.frames) if (open.types[type]?.kind === kind) pages++;
    return [kind, pages];
  });
}

/** The totals, those that are ever anything but 0. */
export function totalRows(open: OpenRecording, state: StepState): [name: string, value: number][] {
  const rows: [string, number][] = open.totals.map(({ name }, at) => [name, state.totals[at] ?? 0]);
  return rows.filter((_, at) => open.totals[at]?.rows.some((value, column) => column % 2 === 1 && value !== 0));
}

/** Linear address of a square; empty if the square has none. */
export function squareAddress(open: OpenRecording, square: number): string {
  const range = open.space?.ranges.find(({ first, squares }) => square >= first && square < first + squares);
  if (open.space === undefined || range === undefined) return "";
  return `0x${(BigInt(range.linear) + BigInt((square - range.first) * open.space.unit) * 4096n).toString(16)}`;
}

/** Pages of the map, in whole rows and at least 8 MiB: pages above the last one that is ever mapped are left out. */
export function shownPages(open: OpenRecording, columns: number): number {
  let end = 2048;
  for (let at = 0; at < open.map.length; at += 4) {
    if (open.states[open.map[at + 3] ?? 0]?.color === "unmapped") continue;
    end = Math.max(end, (open.map[at + 1] ?? 0) + (open.map[at + 2] ?? 0));
  }
  return Math.min(open.pages, Math.ceil(end / columns) * columns);
}

/** The subject of the map, in a line. */
export function mapWords(open: OpenRecording, columns: number): string {
  const left = open.pages - shownPages(open, columns);
  const above = left > 0 ? ` The ${grouped(left / 256)} MiB above are not mapped at any step.` : "";
  if (open.space === undefined) return `Lowmem, ${columns / 256} MiB a row.${above}`;
  return `All addresses that are ever mapped, by address, ${open.space.unit * 4} KiB a square; gaps are left out.`;
}

/** The meanings of the map's colours, in the order of a legend. */
export function colorWords(open: OpenRecording): Record<string, string> {
  return open.space === undefined
    ? {
      large: "right frame, large page",
      small: "right frame, 4K page",
      readOnly: "right frame, must be read-only",
      error: "permission error",
      wrongFrame: "wrong frame",
      unmapped: "not mapped",
    }
    : {
      large: "writable, large page",
      small: "writable, 4K page",
      readOnly: "read-only",
      error: "a finding",
      unmapped: "not mapped",
    };
}

/** A page: how lowmem has it, and what its frame counts as. */
export function pageRows(open: OpenRecording, state: StepState, pfn: number): [name: string, value: string][] {
  const mapped = pfn < open.pages ? open.states[state.pages[pfn] ?? 0]?.words ?? "" : "not in the map";
  if (open.space !== undefined) return [["address", squareAddress(open, pfn)], ["in the map", mapped]];
  const type = open.types[state.frames[pfn] ?? 0]?.words;
  return [["in the map", mapped], ...(type === undefined ? [] : [["its type", type] as [string, string]])];
}
