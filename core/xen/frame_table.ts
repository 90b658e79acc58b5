/**
 * The frame table: type, type count, reference count and owner of every machine frame.
 *
 * ```text
 *   31 .. 29   28      27         26            25 .. 0
 *   type       pinned  validated  pae_xen_l2    uses as that type
 * ```
 *
 * Source: Xen 3.1, include/asm-x86/mm.h (`struct page_info`). Xen 4.17 keeps the same fields in a 64-bit word; only its log lines show that
 * (`formatTypeInfo`).
 *
 * @module
 */

import { checkFrame, integer, isWord, word } from "../check.ts";
/**
 * No type: never used, or the last validation failed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PGT_COUNT_MASK, PGT_GDT, PGT_L1, PGT_L2, PGT_L3, PGT_L4, PGT_NONE } from "@pagetable-init/textbook/xen";
 * import { PGT_PAE_XEN_L2, PGT_PINNED, PGT_TYPE_MASK, PGT_VALIDATED } from "@pagetable-init/textbook/xen";
 * import { PGT_WRITABLE } from "@pagetable-init/textbook/xen";
 *
 * const types = [PGT_NONE, PGT_L1, PGT_L2, PGT_L3, PGT_L4, PGT_GDT, PGT_WRITABLE];
 * assertEquals(types.map((type) => (type & PGT_TYPE_MASK) >>> 29), [0, 1, 2, 3, 4, 5, 7]);
 * const rest = PGT_PINNED | PGT_VALIDATED | PGT_PAE_XEN_L2 | PGT_COUNT_MASK;
 * assertEquals(rest, ~PGT_TYPE_MASK);
 * ```
 */
export const PGT_NONE = 0;
/** The frame is an L1 table. */
export const PGT_L1 = 0x2000_0000;
/** The frame is an L2 table. */
export const PGT_L2 = 0x4000_0000;
/** The frame is an L3 table. */
export const PGT_L3 = 0x6000_0000;
/** The frame is an L4 table, as a signed 32-bit number like the types that follow. */
export const PGT_L4: number = 0x8000_0000 | 0;
/** The frame holds segment descriptors: `PGT_gdt_page`, since April 2008 `PGT_seg_desc_page`. */
export const PGT_GDT: number = 0xa000_0000 | 0;
/** The frame is, or was last, mapped writable. */
export const PGT_WRITABLE: number = 0xe000_0000 | 0;
/** The type bits. */
export const PGT_TYPE_MASK: number = 0xe000_0000 | 0;
/** The guest holds one type reference by a pin. */
export const PGT_PINNED = 0x1000_0000;
/** The contents were checked for the type. */
export const PGT_VALIDATED = 0x0800_0000;
/** This L2 is in slot 3 of a PAE root and carries Xen's own mappings. */
export const PGT_PAE_XEN_L2 = 0x0400_0000;
/** The type count. Xen 3.1 uses only its lower 16 bits (`maxTypeCount`). */
export const PGT_COUNT_MASK = 0x03ff_ffff;

const TYPE_SHIFT = 29;

/**
 * Owner: none. Free memory, and Xen's own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FrameTable, OWNER_FOREIGN, OWNER_GUEST, OWNER_IO, OWNER_NONE } from "@pagetable-init/textbook/xen";
 *
 * const frames = new FrameTable(16);
 * frames.owner[3] = OWNER_GUEST;
 * assertEquals([frames.at(2).owner, frames.at(3).owner], [OWNER_NONE, OWNER_GUEST]);
 * assertEquals([OWNER_IO, OWNER_FOREIGN], [2, 3]);
 * ```
 */
export const OWNER_NONE = 0;
/** Owner: the guest. */
export const OWNER_GUEST = 1;
/** Owner: `dom_io`. The first megabyte, and all addresses without memory. */
export const OWNER_IO = 2;
/** Owner: some other domain. */
export const OWNER_FOREIGN = 3;

/** One frame of the table, for looking at. */
export interface Frame {
  /** Level of the page table, 1 to 4; 0 if the frame is no page table. */
  readonly tableLevel: number;
  /** Type bits (`PGT_…`). */
  readonly type: number;
  /** Uses as that type. */
  readonly typeCount: number;
  /** `PGT_PINNED`: a pin of the guest's holds one of the uses. */
  readonly pinned: boolean;
  /** `PGT_VALIDATED`: Xen has checked all entries and counted the frames that they refer to. */
  readonly validated: boolean;
  /** `PGT_PAE_XEN_L2`: an L2 in slot 3 of a PAE root, with entries of Xen's own. */
  readonly paeXenL2: boolean;
  /** General references, the one of the allocation included. */
  readonly count: number;
  /** `OWNER_…`. */
  readonly owner: number;
}

/**
 * The frame table: one row a machine frame, kept in columns.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FrameTable, PGT_L1, PGT_VALIDATED } from "@pagetable-init/textbook/xen";
 *
 * const frames = new FrameTable(16);
 * frames.typeInfo[3] = PGT_L1 | PGT_VALIDATED | 2;
 * assertEquals(frames.at(3).tableLevel, 1);
 * assertEquals(frames.at(3).typeCount, 2);
 * ```
 */
export class FrameTable {
  /** Number of frames. */
  readonly length: number;
  /** Type, flags and type count, packed as above. */
  readonly typeInfo: Int32Array;
  /** General references, the one of the allocation included. */
  readonly count: Int32Array;
  /** `OWNER_…`. */
  readonly owner: Uint8Array;
  /** TLB clock at which the type count last fell to 0; -1 before that. */
  readonly stamp: Int32Array;
  /** For a page table: the number of its entries that map tables of its level (positive), or of such entries that map it (negative). */
  readonly linear: Int16Array;

  /**
   * A table of frames without owners.
   *
   * @param length Number of machine frames.
   */
  constructor(length: number) {
    integer(0, 2 ** 28)(length, "length");
    this.length = length;
    this.typeInfo = new Int32Array(length);
    this.count = new Int32Array(length);
    this.owner = new Uint8Array(length);
    this.stamp = new Int32Array(length).fill(-1);
    this.linear = new Int16Array(length);
  }

  /**
   * One row.
   *
   * @param mfn Machine frame number.
   * @returns The row.
   * @throws {RangeError} If there is no such frame.
   */
  at(mfn: number): Frame {
    checkFrame(mfn, "mfn");
    const info = this.typeInfo[mfn];
    if (info === undefined) {
      throw new RangeError(`Expected a machine frame of 0 to ${this.length - 1} but found ${mfn}`);
    }
    return {
      tableLevel: tableLevelOf(info),
      type: info & PGT_TYPE_MASK,
      typeCount: info & PGT_COUNT_MASK,
      pinned: (info & PGT_PINNED) !== 0,
      validated: (info & PGT_VALIDATED) !== 0,
      paeXenL2: (info & PGT_PAE_XEN_L2) !== 0,
      count: this.count[mfn] ?? 0,
      owner: this.owner[mfn] ?? OWNER_NONE,
    };
  }
}

/**
 * The type of a page table of a level.
 *
 * @param level 1 to 4.
 * @returns `PGT_L1` to `PGT_L4`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PGT_L4, tableType } from "@pagetable-init/textbook/xen";
 *
 * assertEquals(tableType(4), PGT_L4);
 * ```
 */
export function tableType(level: number): number {
  integer(0, 7)(level, "level");
  return level << TYPE_SHIFT;
}

/**
 * The level of the page table that a type word describes.
 *
 * @param typeInfo A word of `FrameTable.typeInfo`.
 * @returns 1 to 4; 0 if the type is not that of a page table.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PGT_L2, PGT_WRITABLE, tableLevelOf } from "@pagetable-init/textbook/xen";
 *
 * assertEquals([PGT_L2, PGT_WRITABLE].map(tableLevelOf), [2, 0]);
 * ```
 */
export function tableLevelOf(typeInfo: number): number {
  if (!isWord(typeInfo)) word(typeInfo, "typeInfo");
  const type = typeInfo >>> TYPE_SHIFT;
  return type <= 4 ? type : 0;
}
