/**
 * A map without tables: what a text lists of an address space.
 *
 * @module
 */

import type { Mode } from "../../../core/mmu/mod.ts";

/** Consecutive pages that a text lists. */
export interface ListedRange {
  /** Linear page number of the first, without sign extension. */
  readonly page: number;
  /** Number of 4K pages. */
  readonly pages: number;
  /** Log2 of the page size; 12 where it is not told. */
  readonly shift: number;
  /** First frame; -1 where it is not told. */
  readonly frame: number;
  /** Rights (`RIGHT_…`), as far as they are told. */
  readonly rights: number;
  /** `packLeafFlags`: PAT index and global. */
  readonly flags: number;
}

/** A region that the text itself names. */
export interface NamedRegion {
  /** Linear page number of its first page, without sign extension. */
  readonly page: number;
  readonly name: string;
}

/** A map as a text has it. */
export interface Listed {
  /** The program that printed it. */
  readonly source: string;
  /** A mode of its width: a text does not tell its mode. */
  readonly mode: Mode;
  /** Whether the text tells of a page whether it can be executed. */
  readonly nxTold: boolean;
  /** Whether it tells the size of each page, so that leaves can be counted. */
  readonly sizes: boolean;
  /** The ranges, by address. */
  readonly ranges: readonly ListedRange[];
  /** Regions, if the text names them. */
  readonly regions: readonly NamedRegion[];
  /** The limits of an audit of it: a line for each thing that it does not tell. */
  readonly limits: readonly string[];
}

/** The most lines of one text: those of a machine with 4 GiB in 4K pages, four times. */
export const MAX_LISTED: number = 2 ** 22;
