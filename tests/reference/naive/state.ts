/**
 * What the naive walker is given and what it gives back; bits counted as the manual counts them.
 *
 * @module
 */

/** The paging modes of section 4.1.1. */
export type NaiveMode = "two-level" | "pae" | "4-level" | "5-level";

/** All that a walk depends on. `memory` reads an entry of 4 or 8 bytes at a physical address. */
export interface NaiveState {
  readonly mode: NaiveMode;
  readonly cr0: bigint;
  readonly cr3: bigint;
  readonly cr4: bigint;
  readonly efer: bigint;
  readonly pkru: bigint;
  /** EFLAGS.AC: lifts SMAP for explicit supervisor accesses. */
  readonly ac: boolean;
  readonly maxPhyAddr: number;
  readonly has: { readonly pse36: boolean; readonly pat: boolean; readonly nx: boolean; readonly gbPages: boolean };
  /** The four PDPTE registers of PAE paging; without them they are loaded from memory at CR3. */
  readonly pdptes?: readonly bigint[];
  readonly memory: (physical: bigint, bytes: 4 | 8) => bigint;
}

/** One access to one byte. */
export interface NaiveAccess {
  readonly linear: bigint;
  readonly kind: "read" | "write" | "fetch";
  readonly user: boolean;
}

/** An entry that the access changes in memory: its accessed or dirty flag was clear. */
export interface NaiveUpdate {
  readonly address: bigint;
  readonly value: bigint;
}

/** What the processor answers. A faulting access changes no entry: the book's choice, which is Bochs's as well. */
export type NaiveAnswer =
  | { readonly outcome: "done"; readonly physical: bigint; readonly pageBytes: bigint; readonly updates: NaiveUpdate[] }
  | { readonly outcome: "#PF"; readonly code: bigint; readonly cr2: bigint }
  | { readonly outcome: "#GP"; readonly code: bigint; readonly phase: "load" | "access" };

export const bit = (n: number): bigint => 1n << BigInt(n);
/** The manual's "high:low" as a mask, both ends included; empty when high is below low. */
export const bits = (high: number, low: number): bigint => (bit(high + 1) - 1n) & ~(bit(low) - 1n);
export const field = (value: bigint, high: number, low: number): bigint => (value & bits(high, low)) >> BigInt(low);
export const on = (value: bigint, n: number): boolean => (value & bit(n)) !== 0n;

/** 4-level and 5-level paging. */
export const isLong = (s: NaiveState): boolean => s.mode === "4-level" || s.mode === "5-level";
/** Whether bit 63 means something: EFER.NXE, on a processor that has it. */
export const executeDisableEnabled = (s: NaiveState): boolean => s.has.nx && on(s.efer, 11);
