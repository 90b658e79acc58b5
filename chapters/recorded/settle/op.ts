/**
 * The operations of the probe and their answers. The shapes are those of the recorded files, so that a recorded line is an operation
 * and its answer in one object.
 *
 * @module
 */

/**
 * The name of a frame, since machine frame numbers depend on the build: `page0` and up, `foreign` (Xen's own),
 * `beyond-ram`, `none` (frame 0), `shared-info`, `home` (the L3 that maps the probe itself), and those that a guest adds.
 */
export type FrameName = string;

/** The value of an entry: a frame, and the bits beside it as a hexadecimal number. */
export interface EntryValue {
  readonly frame: FrameName;
  /** Bits 63 to 52 and 11 to 0. Over `none` it may be any 64-bit word. */
  readonly flags: string;
}

/** Entry `index` of a table. */
export interface Slot {
  readonly table: FrameName;
  readonly index: number;
}

/** A linear address in hexadecimal. */
export interface Linear {
  readonly va: string;
}

/** A page of the guest that has a linear address of its own. */
export interface Page {
  readonly page: FrameName;
}

/** A checked write. `command`: 0, the default, is just that; 1 sets an m2p entry instead; 2 keeps A and D. */
export type MmuUpdate = { readonly op: "mmu_update"; readonly command?: number } & Slot & EntryValue;

/** One operation. */
export type XenOp =
  | MmuUpdate
  | ({ readonly op: "update_va_mapping" } & (Page | Linear) & EntryValue)
  | ({ readonly op: "pin"; readonly level: number } & Page)
  | ({ readonly op: "unpin" | "new_baseptr" | "clear_page" | "set_gdt" } & Page)
  | ({ readonly op: "invlpg" } & Linear)
  | { readonly op: "tlb_flush" }
  /** Plain stores: of the low four bytes, or of the whole entry. */
  | ({ readonly op: "store32" | "store64" } & (Slot | Linear) & EntryValue)
  | ({ readonly op: "load64" } & (Slot | Linear));

/** The answer to one operation. */
export interface XenAnswer {
  /** Hypercalls: 0 or a negative error number. */
  readonly rc?: number;
  /** Plain accesses: null, or the page fault's error code; another vector is written before it, as in `#13 0x0`. */
  readonly fault?: string | null;
  /** If the operation names a page: bits 63 to 52 and 11 to 0 of the entry that maps it, afterwards; null: no L1. */
  readonly pte_flags?: string | null;
  /** The entry aimed at, afterwards, as `page5|0x167`; absent where the probe cannot read it. */
  readonly entry?: string;
  /** The probe would have lost its own mapping, so it did not try. */
  readonly skipped?: true;
}

/** A line of a recorded file. */
export type RecordedOp = XenOp & XenAnswer;

/** Whether Xen refused: an error number, or a fault that the guest got. */
export function isRefused({ rc, fault }: XenAnswer): boolean {
  return (rc ?? 0) !== 0 || (fault ?? null) !== null;
}
