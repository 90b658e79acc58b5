/**
 * The records of the explaining walker: its input, its steps and its outcome.
 *
 * @module
 */

import type { Linear } from "./address.ts";
import type { Cpu } from "./cpus.ts";
import type { Access, Fault } from "./faults.ts";
import type { PhysicalMemory } from "./memory.ts";
import type { MtrrType } from "./memory_type.ts";
import type { Level, Mode } from "./modes.ts";
import type { PermissionRegisters } from "./permissions.ts";

/** The input of a walk: memory and the paging registers. A `Machine` has them. */
export interface Paging extends PermissionRegisters {
  /** Physical memory. */
  readonly memory: PhysicalMemory;
  /** The CPU. */
  readonly cpu: Cpu;
  /** The paging mode; undefined while paging is off. */
  readonly mode: Mode | undefined;
  /** CR3: physical address of the root table, with its low flag bits. */
  readonly cr3: number;
  /** The four PDPTE registers of PAE, low and high word in turn. */
  readonly pdptes: Int32Array;
  /** The page attribute table, eight encodings. */
  readonly pat: readonly number[];
  /** The memory type that the MTRRs give all of memory. */
  readonly mtrrType: MtrrType;
  /** Facts that the file of a saved machine does not record; none unless said otherwise. */
  readonly unknown?: readonly Unknown[];
  /** Whether memory holds only page tables, as for a saved machine. A table frame that was never written then counts as missing. */
  readonly sparse?: boolean;
}

/**
 * The facts that may be unknown of a machine. The assumptions are: that PKRU is 0 (no key denies), that EFLAGS.AC is clear (SMAP holds),
 * that the PAT is as after reset, that the CPU has all features and 52 address bits, that a table which is not there has no entry.
 */
export type Unknown = "pkru" | "ac" | "pat" | "cpu" | "table";

/** A right that an entry can take away. */
export type Right = "write" | "user" | "execute";

/**
 * One step of a walk: an entry that was read.
 *
 * @category Types
 */
export interface Step {
  /** Level of the table that holds the entry. */
  readonly level: Level;
  /** Frame of the table; -1 for a PDPTE register of PAE. */
  readonly table: number;
  /** Index of the entry in its table. */
  readonly index: number;
  /** High word of the entry, unsigned. */
  readonly hi: number;
  /** Low word of the entry, unsigned. */
  readonly lo: number;
  /** Whether it maps a page. */
  readonly leaf: boolean;
  /** Reserved bits that are set, unsigned words. */
  readonly reserved: { readonly hi: number; readonly lo: number };
  /** Rights that the walk still had before this entry and that the entry takes away. */
  readonly revoked: readonly Right[];
}

/** The outcome of an allowed access: the page that the walk reached. */
export interface Translation {
  /** True: the walk reached a page and the access is allowed. */
  readonly ok: true;
  /** Frame of the byte addressed. */
  readonly frame: number;
  /** Physical address of the byte. */
  readonly physical: number;
  /** Size of the page. */
  readonly pageBytes: number;
  /** Packed rights (`RIGHT_…`). */
  readonly rights: number;
  /** Whether the translation survives a CR3 load (given CR4.PGE). */
  readonly global: boolean;
  /** Memory type by PAT and MTRRs. */
  readonly memoryType: MtrrType;
}

/**
 * An access that ends in a fault.
 *
 * @category Types
 */
export interface RefusedAccess {
  /** False. */
  readonly ok: false;
  /** The fault. */
  readonly fault: Fault;
}

/**
 * A walk, explained.
 *
 * @category Types
 */
export interface Explanation {
  /** The paging mode; undefined while paging is off. */
  readonly mode: Mode | undefined;
  /** The address asked about. */
  readonly linear: Linear;
  /** The access asked about. */
  readonly access: Access;
  /** The entries read, root first. */
  readonly steps: readonly Step[];
  /** The page that the walk reached, or the fault of the access. */
  readonly outcome: Translation | RefusedAccess;
  /** The unknown facts that the outcome depends on, and for which defaults were assumed. */
  readonly assumed: readonly Unknown[];
}
