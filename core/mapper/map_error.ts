/**
 * The errors of the mapper, as values.
 *
 * @module
 */

import type { Level } from "../mmu/mod.ts";

/** An entry on the way to an address. */
export interface EntryPlace {
  /** Level of the table that holds it. */
  readonly level: Level;
  /** Frame of its table. */
  readonly frame: number;
  /** Its index in that frame. */
  readonly index: number;
  /** Bits 31..0, unsigned. */
  readonly lo: number;
  /** Bits 63..32, unsigned; 0 in two-level paging. */
  readonly hi: number;
}

/**
 * Causes of errors:
 *
 * - `not-canonical`: the address does not fit the paging mode.
 * - `size-unavailable`: mode, CPU or CR4 have no pages of this size.
 * - `address-unaligned`, `frame-unaligned`: no page of this size begins there.
 * - `frame-too-wide`: the frame number has more bits than an entry of this CPU and mode.
 * - `reserved-bits`: an entry has, or would have, a bit set that is reserved on this CPU with these registers.
 * - `already-mapped`: the page is mapped.
 * - `not-mapped`: the page is not mapped.
 * - `parent-is-large`: a large page covers the address.
 * - `table-present`: the entry for the large page points to a table of smaller pages.
 * - `parent-denies`: an entry above revokes a right that the flags ask for.
 * - `no-memory`: an entry points to a table where no memory is.
 * - `out-of-frames`: the allocator has no frame for a table.
 */
export type MapErrorKind =
  | "not-canonical"
  | "size-unavailable"
  | "address-unaligned"
  | "frame-unaligned"
  | "frame-too-wide"
  | "reserved-bits"
  | "already-mapped"
  | "not-mapped"
  | "parent-is-large"
  | "table-present"
  | "parent-denies"
  | "no-memory"
  | "out-of-frames";

/** Why nothing was changed. */
export interface MapError {
  /** Always false: nothing was changed. */
  readonly ok: false;
  /** Cause of the error, for programs. */
  readonly kind: MapErrorKind;
  /** One line for people: "Expected … but found …". */
  readonly message: string;
  /** The entry that blocks the change; undefined for a cause that is not an entry. */
  readonly entry: EntryPlace | undefined;
}

/** A `MapError`. */
export function mapError(kind: MapErrorKind, message: string, entry?: EntryPlace): MapError {
  return { ok: false, kind, message, entry };
}

/** `PDE 768 in frame 0x1`. */
export function placeName({ level, frame, index }: EntryPlace): string {
  return `${level.entry} ${index} in frame 0x${frame.toString(16)}`;
}
