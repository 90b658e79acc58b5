/**
 * What changed between two states of one machine: pages that appeared, went, moved or changed their rights, and page tables gained and lost.
 *
 * @module
 */

import { audit, type Region } from "../../core/audit/mod.ts";
import { formatAddress, type Machine } from "../../core/mmu/mod.ts";
import { type PageRange, pageRanges, tablesOf, tableUses } from "../../core/tables/mod.ts";
import { lastByte, linearOf, pageOf } from "../../core/tables/range_list.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { hex } from "../../chapters/shown/hex.ts";
import { rangeText, rightsText } from "./map_text.ts";

/** What became of some pages. */
export type ChangeKind = "appeared" | "gone" | "moved" | "rights" | "flags";

/** Neighbouring pages with one change. */
export interface Change {
  readonly kind: ChangeKind;
  /** Number of the first page, without sign extension. */
  readonly page: number;
  /** Number of 4K pages. */
  readonly pages: number;
  /** Their rights in the first state and in the second; empty where nothing was mapped. */
  readonly before: string;
  readonly after: string;
}

/** What became of a region. */
export interface RegionChange {
  readonly kind: "appeared" | "gone" | "moved" | "grown" | "shrunk";
  readonly name: string;
  /** The region in the first state and in the second; undefined where it is not there. */
  readonly before: Region | undefined;
  readonly after: Region | undefined;
}

/** What changed. */
export interface Comparison {
  readonly linearBits: number;
  /** Regions that came, went, moved, or have more or fewer pages. */
  readonly regions: readonly RegionChange[];
  readonly changes: readonly Change[];
  /** Frames that are page tables in the second state alone, and in the first alone, ascending. */
  readonly tablesGained: readonly number[];
  readonly tablesLost: readonly number[];
}

/** A range by page numbers. */
interface Span {
  readonly first: number;
  readonly end: number;
  readonly range: PageRange;
}

function spansOf(machine: Machine, linearBits: number): Span[] {
  return pageRanges(tablesOf(machine)).map((range) => {
    const first = pageOf(range.linear, linearBits);
    return { first, end: first + range.pages, range };
  });
}

/** What became of a page; undefined if nothing did. */
function kindOf(page: number, before: Span | undefined, after: Span | undefined): ChangeKind | undefined {
  if (before === undefined) return after === undefined ? undefined : "appeared";
  if (after === undefined) return "gone";
  if (before.range.rights !== after.range.rights) return "rights";
  const frameIn = ({ first, range }: Span) => range.frame + page - first;
  if (frameIn(before) !== frameIn(after)) return "moved";
  const { global, patIndex, pageShift } = before.range;
  const same = global === after.range.global && patIndex === after.range.patIndex &&
    pageShift === after.range.pageShift;
  return same ? undefined : "flags";
}

/** Joins a change to the one before, if it goes on. */
function push(changes: Change[], change: Change): void {
  const last = changes.at(-1);
  const goesOn = last !== undefined && last.kind === change.kind && last.page + last.pages === change.page &&
    last.before === change.before && last.after === change.after;
  if (goesOn) changes[changes.length - 1] = { ...last, pages: last.pages + change.pages };
  else changes.push(change);
}

function changesBetween(before: readonly Span[], after: readonly Span[]): Change[] {
  const edges = [...new Set([...before, ...after].flatMap(({ first, end }) => [first, end]))].sort((a, b) => a - b);
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  for (const [at, page] of edges.entries()) {
    const end = edges[at + 1];
    if (end === undefined) break;
    while ((before[i]?.end ?? Infinity) <= page) i++;
    while ((after[j]?.end ?? Infinity) <= page) j++;
    const [old, now] = [before[i], after[j]].map((span) => span !== undefined && span.first <= page ? span : undefined);
    const kind = kindOf(page, old, now);
    if (kind === undefined) continue;
    const words = (span: Span | undefined) => span === undefined ? "" : rightsText(span.range.rights);
    push(changes, { kind, page, pages: end - page, before: words(old), after: words(now) });
  }
  return changes;
}

/** Regions by name. Of several with one name, as the rest of the kernel half may have, the first is compared. */
function regionChanges(before: readonly Region[], after: readonly Region[]): RegionChange[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [old, now] = [before, after].map((regions) => regions.find((region) => region.name === name));
    const kind = regionKind(old, now);
    return kind === undefined ? [] : [{ kind, name, before: old, after: now }];
  });
}

function regionKind(old: Region | undefined, now: Region | undefined): RegionChange["kind"] | undefined {
  if (old === undefined) return "appeared";
  if (now === undefined) return "gone";
  if (old.first.hi !== now.first.hi || old.first.lo !== now.first.lo) return "moved";
  if (old.pages === now.pages) return undefined;
  return old.pages < now.pages ? "grown" : "shrunk";
}

function tableFrames(machine: Machine): Set<number> {
  return new Set([...tableUses(tablesOf(machine))].map(({ frame }) => frame));
}

/**
 * Compares two states of one machine.
 *
 * @param before The first.
 * @param after The second, in the same paging mode.
 * @returns What changed, by address.
 * @throws {RangeError} If their paging modes differ.
 */
export function compareStates(before: Machine, after: Machine): Comparison {
  const [one, other] = [before.mode, after.mode];
  if (one === undefined || one !== other) {
    throw new RangeError(
      `Expected two states of one paging mode but found ${one?.id ?? "none"} and ${other?.id ?? "none"}`,
    );
  }
  const [had, has] = [tableFrames(before), tableFrames(after)];
  const ascending = (frames: Iterable<number>) => [...frames].sort((a, b) => a - b);
  return {
    linearBits: one.linearBits,
    regions: regionChanges(audit(tablesOf(before)).regions, audit(tablesOf(after)).regions),
    changes: changesBetween(spansOf(before, one.linearBits), spansOf(after, one.linearBits)),
    tablesGained: ascending([...has].filter((frame) => !had.has(frame))),
    tablesLost: ascending([...had].filter((frame) => !has.has(frame))),
  };
}

const MAX_LINES = 200;

/** A comparison as text. */
export function comparisonText({ linearBits, regions, changes, tablesGained, tablesLost }: Comparison): string {
  const lines = changes.slice(0, MAX_LINES).map(({ kind, page, pages, before, after }) => {
    const linear = linearOf(page, linearBits);
    const rights = before === after ? after : `${before || "nothing"} -> ${after || "nothing"}`;
    return [rangeText(linear, pages, linearBits > 32 ? 16 : 8), `${pages}`, kind, rights];
  });
  const table = columns([["addresses", "pages", "change", "rights"], ...lines], { right: [1] });
  const rest = changes.length - lines.length;
  const frames = (list: readonly number[]) => {
    const shown = `: ${list.slice(0, 8).map((frame) => hex(frame)).join(", ")}${list.length > 8 ? ", …" : ""}`;
    return `${list.length}${list.length === 0 ? "" : shown}`;
  };
  const pages = (region: Region | undefined) => region === undefined ? "" : `${region.pages}`;
  const places = (region: Region | undefined) => region === undefined ? "" : formatAddress(region.first);
  const named = regions.map((
    { kind, name, before, after },
  ) => [name, kind, pages(before), pages(after), places(after ?? before)]);
  const regionTable = columns([["regions", "change", "pages before", "after", "from"], ...named], { right: [2, 3] });
  return [
    ...(regions.length === 0 ? [] : [...regionTable, ""]),
    ...(changes.length === 0 ? ["no address changed"] : table),
    ...(rest > 0 ? [`and ${rest} more`] : []),
    "",
    `page tables gained  ${frames(tablesGained)}`,
    `page tables lost    ${frames(tablesLost)}`,
  ].join("\n");
}

/** A comparison as JSON. */
export function comparisonJson({ linearBits, regions, changes, tablesGained, tablesLost }: Comparison): unknown {
  const place = (region: Region | undefined) =>
    region === undefined
      ? null
      : { first: formatAddress(region.first), last: formatAddress(region.last), pages: region.pages };
  return {
    regions: regions.map(({ kind, name, before, after }) => ({
      kind,
      name,
      before: place(before),
      after: place(after),
    })),
    changes: changes.map(({ kind, page, pages, before, after }) => {
      const linear = linearOf(page, linearBits);
      const place = { first: formatAddress(linear), last: formatAddress(lastByte(linear, pages)), pages };
      return { kind, ...place, before, after };
    }),
    tablesGained: tablesGained.map((frame) => hex(frame)),
    tablesLost: tablesLost.map((frame) => hex(frame)),
  };
}
