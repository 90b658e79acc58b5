/**
 * What a release of Xen asks of a guest's page tables: the shape of the rows in `releases.ts`.
 *
 * Flags are packed as Xen packs them: bits 11..0 are the entry's own, bits 31..12 hold what is above the frame number
 * (`XenRelease.flagShift`).
 *
 * @module
 */

import type { Linear, Mode } from "../mmu/mod.ts";
import type { XenLogTexts } from "./log.ts";

/** What Xen puts into one of its slots. */
export interface PrivateEntry {
  /** The slot; the machine-to-physical table takes as many from here on as it needs. */
  readonly slot: number;
  /** What it leads to: the machine-to-physical table, the table itself (Xen's linear map), or memory as Xen sees it. */
  readonly holds: "m2p" | "self" | "direct-map";
  /** Flags, low word. */
  readonly flags: number;
  /** Whether NX is set, on a CPU that has it. */
  readonly nx: boolean;
  /** Whether it is filled when the table is loaded, rather than when it is validated. */
  readonly whenLoaded: boolean;
}

/** Slots of a table that are Xen's. */
export interface PrivateSlots {
  /** First of them. */
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Whether only the L2 in slot 3 of a PAE root has them. */
  readonly onlyInPaeXenL2: boolean;
  /** Error number for an update there. */
  readonly error: number;
  /** What they hold; the others are empty. */
  readonly entries: readonly PrivateEntry[];
}

/** Bits that Xen adds to a present entry, as two words. */
export interface AddedBits {
  /** To an entry without US: low word. */
  readonly kernelLo: number;
  /** To an entry without US: high word. The bit marks the page as the guest kernel's. */
  readonly kernelHi: number;
  /** To an entry with US and without that mark: low word. */
  readonly userLo: number;
  /** Taken away again (low word) when the table ceases to be one. */
  readonly removedLo: number;
}

/** What holds for the entries of one level. */
export interface XenLevel {
  /** 1 for the entries that map pages. */
  readonly depth: number;
  /** Flags that must be 0. NX is dropped from it if the CPU has NX and `nx` is true. */
  readonly disallowed: number;
  /** Whether NX may be set where the CPU has it. */
  readonly nx: boolean;
  /** Flags that a debug build wants to be 0 as well. */
  readonly debugDisallowed: number;
  /** Flags that a domain with I/O rights may set all the same. */
  readonly privilegedMay: number;
  /** Flags of which a change, like one of the frame, means that the entry is checked anew. Other changes are harmless. */
  readonly recheck: number;
  /** Slots that are Xen's. */
  readonly privateSlots: PrivateSlots | undefined;
  /** Bits that Xen adds. */
  readonly added: AddedBits | undefined;
  /** Whether an entry may point to a table of its own level, read-only: a linear page table. */
  readonly linear: boolean;
  /** Whether the frame beyond the table's entries is cleared when it becomes a table: of a 32-bit guest's L3 in a 64-bit Xen the CPU sees it all. */
  readonly clearsRest: boolean;
}

/** What a release asks of guests in one paging mode. */
export interface XenContract {
  /** The guest's paging mode. */
  readonly mode: Mode["id"];
  /** The mode in which the CPU runs meanwhile: a 32-bit guest of a 64-bit Xen has its root below Xen's own L4. */
  readonly hostMode: Mode["id"];
  /** Ring of the guest's kernel: 1 counts as supervisor, 3 as user. */
  readonly kernelRing: 1 | 3;
  /** Rules, last level first: `levels[0]` is L1. */
  readonly levels: readonly XenLevel[];
  /** Slot of the root that holds the L2 with Xen's mappings, or -1. */
  readonly paeXenSlot: number;
  /** Bits of a physical address in an entry (`PADDR_BITS`): the frame number of all ones stands for no frame. */
  readonly physicalBits: number;
  /** Whether the root must lie below 4G (the guest has not declared extended CR3). */
  readonly rootBelow4G: boolean;
  /** Whether emulation rescues a PAE entry whose upper half was written first, by dropping P (4730f50174, 28 June 2007). */
  readonly rescuesUpperHalf: boolean;
  /** First linear address that is Xen's. */
  readonly xenFirst: Linear;
  /** One past the last linear address that is Xen's; all zero for the end of the address space. */
  readonly xenEnd: Linear;
  /** Words of an entry of the machine-to-physical table. */
  readonly m2pWords: 1 | 2;
  /** What the domain builder writes. */
  readonly builder: BuilderRow;
}

/** Numbers of the domain builder. */
export interface BuilderRow {
  /** Linear address of pfn 0. */
  readonly virtBase: Linear;
  /** Flags of an entry that maps an ordinary page; RW is dropped for a page-table frame. */
  readonly leafFlags: number;
  /** Flags of an entry of L2 and up, last level first. */
  readonly tableFlags: readonly number[];
  /** Bytes of an entry of the p2m. */
  readonly p2mBytes: 4 | 8;
  /** `start_info.magic`. */
  readonly magic: string;
}

/** Error numbers by situation. */
export interface XenErrors {
  /** A frame cannot be had as an L1 entry wants it: a page table to be mapped writable, or not the guest's. */
  readonly l1Frame: number;
  /** I/O space, and the domain may not. */
  readonly ioSpace: number;
  /** Cache attributes asked of a page of Xen's heap; 0 where nobody minds. */
  readonly cacheAttributes: number;
  /** FLUSH_CACHE from a domain without I/O rights. */
  readonly flushCache: number;
}

/** How a release writes a frame's type. */
export interface TypeInfoText {
  /** Width in bits. */
  readonly bits: 32 | 64;
  /** Bits that the flags below the type are moved down by, counted from the top of the word. */
  readonly flagsMovedDown: number;
}

/**
 * One release of Xen.
 *
 * @category Types
 */
export interface XenRelease {
  /** Stable id. */
  readonly id: "3.1" | "4.17";
  /** When it came out. */
  readonly date: string;
  /** Contracts by paging mode; a missing one was not supported. */
  readonly contracts: { readonly [mode in Mode["id"]]?: XenContract };
  /** Packed flag bit n above 11 is bit n + this of the entry's high word. */
  readonly flagShift: 0 | 8;
  /** Error numbers. */
  readonly errors: XenErrors;
  /** Commands of mmu_update that exist. */
  readonly updateCommands: readonly number[];
  /** Commands of mmuext_op that exist. */
  readonly mmuextCommands: readonly number[];
  /** Commands of mmuext_op that exist and are not for paravirtual guests, or not any more. */
  readonly mmuextUnsupported: readonly number[];
  /** Whether update_va_mapping flushes what its flags name even if it was refused. */
  readonly flushesRefusedUpdates: boolean;
  /** Whether a frame that a request names and that is not the guest's is logged by itself, before the request's own line. */
  readonly namesLostFrame: boolean;
  /** Largest type count. */
  readonly maxTypeCount: number;
  /** Largest level whose frames may be probed as one lower without a line in the log: linear page tables. */
  readonly silentProbeLevel: number;
  /**
   * Most entries of a table that map others of its level, and most such entries that map one table: a count of 16 bits with a sign. Undefined where nobody
   * counts them and a table that maps another may be mapped in turn by a third: forbidden by XSA-240 (October 2017).
   */
  readonly linearLimits: { readonly entries: number; readonly uses: number } | undefined;
  /** Whether an entry for I/O space gets cache-disabling flags and takes no reference, and ends at the CPU's physical width (Xen 4.x). */
  readonly ioUncached: boolean;
  /** Whether mmu_update checks the entries of a frame that was a table and has no more uses, before it writes there. */
  readonly revalidatesUnusedTables: boolean;
  /** Whether mmu_update refuses a frame of a descriptor table without a line in the log: it is locked as what it is, not asked for as writable. */
  readonly silentOnDescriptors: boolean;
  /** Whether the TLB is flushed after every update of L2 and up (XSA-286). */
  readonly flushesTableUpdates: boolean;
  /** Whether a fault on a page whose frame is not the guest's is logged by the emulation. */
  readonly logsForeignFault: boolean;
  /** Whether loading the base pointer that is loaded already takes no reference. */
  readonly sameBaseptrIsNothing: boolean;
  /** How `type_info` looks in the log. */
  readonly typeInfo: TypeInfoText;
  /** What the log shows for a frame without pfn. */
  readonly noPfn: string;
  /** The log's texts. */
  readonly texts: XenLogTexts;
}
