/**
 * Permission errors: pages with a wrong right or a missing one.
 *
 * @module
 */

import { type Linear, RIGHT_NX, RIGHT_RW, RIGHT_US } from "../mmu/mod.ts";
import type { LowmemPiece } from "./coverage.ts";
import { addPart, addWritable, type ErrorRange } from "./error_ranges.ts";
import type { Guest } from "./guest.ts";
import { type IntendedRange, sortedPfns } from "./intent.ts";
import { type GuestRange, pagesBetween, pagesPerLeaf } from "../tables/range_list.ts";

/** All errors of one class. */
export interface PermissionError {
  /** Number of 4K pages, each alias counted. */
  readonly pages: number;
  /** Ranges of pages with the error, by linear address. */
  readonly ranges: readonly ErrorRange[];
  /** The first address, for `explain`; undefined for a class without errors. */
  readonly example: Linear | undefined;
}

/**
 * The classes of error. The first two are searched in the whole address space. The others are searched among lowmem pages that map their
 * own frame, because a page that maps another frame is counted as an error of coverage.
 */
export interface PermissionErrors {
  /** A frame that must be read-only, as page tables under Xen, is writable at this address. Every alias counts. */
  readonly writablePageTable: PermissionError;
  /** User mode reaches a page at or above PAGE_OFFSET. Not searched if US does not grant access to user mode (`Guest.usGrantsUser`). */
  readonly userAccessible: PermissionError;
  /** Data can be executed although the kernel sees NX. A large page that holds any text may be executable. */
  readonly executableData: PermissionError;
  /** Text cannot be executed. */
  readonly nonExecutableText: PermissionError;
  /** A page that should be writable is not. */
  readonly notWritable: PermissionError;
  /** A page is not global though the kernel sees PGE. */
  readonly missingGlobal: PermissionError;
  /** A page is a small one though the kernel sees PSE. */
  readonly notLarge: PermissionError;
}

/**
 * The names of the classes, in the order of reports.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { audit, PERMISSION_ERRORS } from "@pagetable-init/textbook/audit";
 *
 * const { machine } = boot({ platform: "native-486", strategy: "keep-template", memory: "64M" });
 * const errors = audit(machine).permissionErrors;
 * assertEquals(PERMISSION_ERRORS.filter((name) => errors[name].pages > 0), ["userAccessible"]);
 * ```
 */
export const PERMISSION_ERRORS: readonly (keyof PermissionErrors)[] = Object.freeze(
  [
    "writablePageTable",
    "userAccessible",
    "executableData",
    "nonExecutableText",
    "notWritable",
    "missingGlobal",
    "notLarge",
  ] as const,
);

type ByClass<T> = { readonly [name in keyof PermissionErrors]: T };
type Lists = ByClass<ErrorRange[]>;

/** The classes that compare a lowmem page with its intent. */
const COMPARISONS:
  readonly (readonly [keyof PermissionErrors, (range: GuestRange, intended: IntendedRange) => boolean])[] = [
    ["executableData", ({ rights }, { executable }) => !executable && (rights & RIGHT_NX) === 0],
    ["nonExecutableText", ({ rights }, { executable }) => executable && (rights & RIGHT_NX) !== 0],
    ["notWritable", ({ rights }, { writable }) => writable && (rights & RIGHT_RW) === 0],
    ["missingGlobal", (range, { global }) => global && !range.global],
    ["notLarge", ({ pageShift }, { large }) => large && pageShift === 12],
  ];

/**
 * Finds the permission errors of a guest. Rights are the effective ones: what the CPU grants, over all levels.
 *
 * @param guest The guest.
 * @param ranges Its leaves, frames as pfns.
 * @param pieces Its lowmem (`lowmemPieces`).
 * @param intended Intent of lowmem, by pfn.
 * @returns Every class, empty ones too.
 */
export function findPermissionErrors(
  guest: Guest,
  ranges: readonly GuestRange[],
  pieces: readonly LowmemPiece[],
  intended: readonly IntendedRange[],
): PermissionErrors {
  const found = Object.fromEntries(PERMISSION_ERRORS.map((name) => [name, [] as ErrorRange[]])) as Lists;
  addWritable(found.writablePageTable, sortedPfns(guest.readOnly), ranges);
  for (const range of ranges) {
    if (guest.usGrantsUser && (range.rights & RIGHT_US) !== 0) {
      addPart(found.userAccessible, range, pagesBetween(range.linear, guest.pageOffset));
    }
  }
  compare(guest, pieces, intended, found);
  const errors = PERMISSION_ERRORS.map((name) => [name, summary(found[name])] as const);
  return Object.fromEntries(errors) as ByClass<PermissionError>;
}

function compare(
  guest: Guest,
  pieces: readonly LowmemPiece[],
  intended: readonly IntendedRange[],
  found: Lists,
): void {
  let at = 0;
  for (const { firstPfn, pages, kind, range } of pieces) {
    if (range === undefined || kind !== "right") continue;
    const end = firstPfn + pages;
    while (at < intended.length && endOf(intended[at]) <= firstPfn) at++;
    for (let i = at; i < intended.length; i++) {
      const wanted = intended[i];
      if (wanted === undefined || wanted.firstPfn >= end) break;
      const from = Math.max(firstPfn, wanted.firstPfn);
      judge(guest, range, wanted, from, Math.min(end, endOf(wanted)), found);
    }
  }
}

function endOf(range: IntendedRange | undefined): number {
  return range === undefined ? 0 : range.firstPfn + range.pages;
}

function judge(
  guest: Guest,
  range: GuestRange,
  intended: IntendedRange,
  from: number,
  end: number,
  found: Lists,
): void {
  for (const [name, isError] of COMPARISONS) {
    if (!isError(range, intended)) continue;
    const [first, last] = name === "executableData" ? withoutText(guest, range, from, end) : [from, end];
    const offset = pagesBetween(guest.pageOffset, range.linear);
    addPart(found[name], range, first - offset, last - offset);
  }
}

/** Pages of data, except those in a leaf with text: a leaf has one NX bit, so a large page with text in it is executable as a whole. */
function withoutText(guest: Guest, range: GuestRange, from: number, end: number): readonly [from: number, end: number] {
  const { firstExecutablePage, executablePages } = guest;
  const pages = pagesPerLeaf(range);
  if (end <= firstExecutablePage) return [from, Math.min(end, Math.floor(firstExecutablePage / pages) * pages)];
  return [Math.max(from, Math.ceil(executablePages / pages) * pages), end];
}

function summary(ranges: readonly ErrorRange[]): PermissionError {
  return { pages: ranges.reduce((sum, range) => sum + range.pages, 0), ranges, example: ranges[0]?.linear };
}
