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

/** All registers. */
export interface RegisterSnapshot extends RegisterValues {
  /** Address of the last page fault: high and low word. */
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
  /** Walks that had been remembered. */
  readonly fills: number;
  /** Flushes of more than one page. */
  readonly flushes: number;
  /** `Tlb.beyondSmall`. */
  readonly beyondSmall: number;
}

/** Memory. */
export interface MemorySnapshot {
  /** Configured size in frames. */
  readonly frames: number;
  /** The frames that had been written. */
  readonly words: Int32Array;
  /** Where each frame is among them. */
  readonly places: Int32Array;
  /** Where frames beyond that list are. */
  readonly farPlaces: ReadonlyMap<number, number>;
}

/** A machine. */
export interface MachineSnapshot {
  /** The registers. */
  readonly registers: RegisterSnapshot;
  /** The TLB. */
  readonly tlb: TlbSnapshot;
  /** The memory. */
  readonly memory: MemorySnapshot;
}
