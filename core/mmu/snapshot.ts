/**
 * The state of a machine at one moment: `Machine.snapshot` returns it, `Machine.restore` takes it.
 *
 * @module
 */

import type { MtrrType } from "./memory_type.ts";

/** Registers that are written as a whole. */
export interface RegisterValues {
  /** CR0, signed. */
  readonly cr0: number;
  /** CR3. */
  readonly cr3: number;
  /** CR4. */
  readonly cr4: number;
  /** EFER. */
  readonly efer: number;
  /** PKRU. */
  readonly pkru: number;
  /** EFLAGS.AC. */
  readonly ac: boolean;
  /** The page attribute table. */
  readonly pat: readonly number[];
  /** The memory type of the MTRRs. */
  readonly mtrrType: MtrrType;
}

/** The registers of a snapshot. */
export interface RegisterSnapshot extends RegisterValues {
  /** CR2, the address of the last page fault: high and low word. */
  readonly cr2: readonly number[];
  /** The PDPTE registers. */
  readonly pdptes: readonly number[];
}

/** One bank of the TLB. */
export interface BankSnapshot {
  /** Valid slots. */
  readonly used: number;
  /** The slots; none if none was valid. */
  readonly words: Int32Array;
  /** Frames of 2^31 and above. */
  readonly wideFrames: Float64Array;
}

/** The TLB. */
export interface TlbSnapshot {
  /** The banks, smallest pages first. */
  readonly banks: readonly BankSnapshot[];
  /** Number of walks whose result the TLB has stored. */
  readonly fills: number;
  /** Flushes of more than one page. */
  readonly flushes: number;
  /** `Tlb.beyondSmall`. */
  readonly beyondSmall: number;
}

/** The memory of a snapshot: only the frames that were written. */
export interface MemorySnapshot {
  /** Configured size in frames. */
  readonly frames: number;
  /** The words of the frames that were written. */
  readonly words: Int32Array;
  /** Index of each frame's first word in `words`; 0 for a frame without writes. */
  readonly places: Int32Array;
  /** The same for frames beyond that list. */
  readonly farPlaces: ReadonlyMap<number, number>;
}

/** A machine's state at one moment. */
export interface MachineSnapshot {
  /** The registers. */
  readonly registers: RegisterSnapshot;
  /** The TLB. */
  readonly tlb: TlbSnapshot;
  /** The memory. */
  readonly memory: MemorySnapshot;
}
