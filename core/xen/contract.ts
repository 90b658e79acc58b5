/**
 * The contract of a release of Xen: its rules for a guest's page tables. `releases.ts` has the rows.
 *
 * Flags are packed as Xen packs them: bits 11..0 are the entry's own, bits 31..12 hold what is above the frame number
 * (`XenRelease.flagShift`).
 *
 * @module
 */

import type { Linear, Mode } from "../mmu/mod.ts";
import type { XenLogTexts } from "./log.ts";

/** The entry in one of Xen's slots. */
export interface PrivateEntry {
  /** The slot; the machine-to-physical table takes as many from here on as it needs. */
  readonly slot: number;
  /** Target of the slot's entry: the machine-to-physical table, the table itself (Xen's linear map), or Xen's map of all memory. */
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
  /** Entries of the slots in use; the other slots are empty. */
  readonly entries: readonly PrivateEntry[];
}

/** Bits that Xen adds to a present entry, as two words. */
export interface AddedBits {
  /** To an entry without US: low word. */
  readonly kernelLo: number;
  /** To an entry without US: high word. The bit marks the page as the guest kernel's. */
  readonly kernelHi: number;
  /** To an entry that has US and lacks that bit: low word. */
  readonly userLo: number;
  /** Low-word bits that Xen removes when the frame ceases to be a page table. */
  readonly removedLo: number;
}

/** The rules for the entries of one level. */
export interface XenLevel {
  /** 1 for the entries that map pages. */
  readonly depth: number;
  /** Flags that must be 0. NX is dropped from it if the CPU has NX and `nx` is true. */
  readonly disallowed: number;
  /** Whether NX may be set where the CPU has it. */
  readonly nx: boolean;
  /** Flags that must also be 0 in a debug build. */
  readonly debugDisallowed: number;
  /** Flags of `disallowed` that a domain with I/O rights may set. */
  readonly privilegedMay: number;
  /** Flags whose change, like a change of the frame, makes Xen check the entry again. Other changes are written without a check. */
  readonly recheck: number;
  /** Slots that are Xen's. */
  readonly privateSlots: PrivateSlots | undefined;
  /** Bits that Xen adds. */
  readonly added: AddedBits | undefined;
  /** Whether an entry may point to a table of its own level, read-only: a linear page table. */
  readonly linear: boolean;
  /** Whether Xen clears the rest of the frame when it becomes a table: a 64-bit CPU reads all of a 32-bit guest's L3 frame, not just 4 entries. */
  readonly clearsRest: boolean;
}

/** The contract of a release for one paging mode. */
export interface XenContract {
  /** The guest's paging mode. */
  readonly mode: Mode["id"];
  /** The CPU's paging mode while the guest runs: a 32-bit guest of a 64-bit Xen has its root below Xen's own L4. */
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
  /** Entry flags and sizes that the domain builder writes. */
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
  /** An L1 entry asks for a frame that it cannot have: a page table as writable, or a frame that is not the guest's. */
  readonly l1Frame: number;
  /** The entry maps I/O space, and the domain has no I/O rights. */
  readonly ioSpace: number;
  /** The entry sets cache attributes for a page of Xen's heap; 0 if the release does not check that. */
  readonly cacheAttributes: number;
  /** FLUSH_CACHE from a domain without I/O rights. */
  readonly flushCache: number;
}

/** Format of a frame's type word in a release's log. */
export interface TypeInfoText {
  /** Width in bits. */
  readonly bits: 32 | 64;
  /** Number of bits by which the flags below the type are moved down, counted from the top of the word. */
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
  /** Release date. */
  readonly date: string;
  /** Contracts by paging mode; a missing one was not supported. */
  readonly contracts: { readonly [mode in Mode["id"]]?: XenContract };
  /** Packed flag bit n above 11 is bit n + this of the entry's high word. */
  readonly flagShift: 0 | 8;
  /** Error numbers of refusals that differ between releases. */
  readonly errors: XenErrors;
  /** Commands of mmu_update that exist. */
  readonly updateCommands: readonly number[];
  /** Commands of mmuext_op that exist. */
  readonly mmuextCommands: readonly number[];
  /** Commands of mmuext_op that exist but are closed to paravirtual guests in this release. */
  readonly mmuextUnsupported: readonly number[];
  /** Whether update_va_mapping flushes what its flags name even if it was refused. */
  readonly flushesRefusedUpdates: boolean;
  /** Whether a foreign frame in a request gets a log line of its own, before the line of the request. */
  readonly namesLostFrame: boolean;
  /** Largest type count. */
  readonly maxTypeCount: number;
  /** Largest level whose frames may be probed as one lower without a line in the log: linear page tables. */
  readonly silentProbeLevel: number;
  /**
   * Maximum of a table's entries that map others of its level, and of such entries that map the table: a signed 16-bit count. Undefined if
   * the release does not count them; then a table that maps another may itself be mapped by a third. XSA-240 (October 2017) forbids that.
   */
  readonly linearLimits: { readonly entries: number; readonly uses: number } | undefined;
  /** Whether an entry for I/O space gets cache-disabling flags and takes no reference, and ends at the CPU's physical width (Xen 4.x). */
  readonly ioUncached: boolean;
  /** Whether mmu_update checks the entries of a frame that was a table and has no more uses, before it writes there. */
  readonly revalidatesUnusedTables: boolean;
  /** Whether mmu_update refuses a frame of a descriptor table without a log line. It then takes the frame by its present type, not as writable. */
  readonly silentOnDescriptors: boolean;
  /** Whether the TLB is flushed after every update of L2 and up (XSA-286). */
  readonly flushesTableUpdates: boolean;
  /** Whether the store emulation logs a fault on a page whose frame is not the guest's. */
  readonly logsForeignFault: boolean;
  /** Whether loading the present base pointer again takes no reference. */
  readonly sameBaseptrIsNothing: boolean;
  /** Format of `type_info` in the log. */
  readonly typeInfo: TypeInfoText;
  /** What the log shows for a frame without pfn. */
  readonly noPfn: string;
  /** The log's texts. */
  readonly texts: XenLogTexts;
}
