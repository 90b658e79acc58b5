/**
 * The registers of a dump: what a note, a file or the caller tells, and what is taken for the rest.
 *
 * @module
 */

import { CR0_PG, CR4_PAE, EFER_LMA, EFER_LME, EFER_NXE } from "../../core/mmu/mod.ts";
import { cr3Of, type PagingRegisters } from "./registers.ts";

/** Registers as far as they are known. Wide ones may have more bits than a CPU takes: that is checked here. */
export interface KnownRegisters {
  readonly cr0?: number;
  readonly cr2?: bigint;
  readonly cr3?: bigint;
  readonly cr4?: number;
  readonly efer?: number;
  readonly ip?: bigint;
  readonly cpl?: number;
  readonly ac?: boolean | null;
  /** Whether the CPU was in long mode, if something tells: the machine of an ELF core. */
  readonly longMode?: boolean;
  /** The source of the root, if it is not the CPU. */
  readonly rootBy?: "VMCOREINFO";
}

/** Registers that are complete, and what had to be taken for granted. */
export interface TakenRegisters {
  readonly registers: PagingRegisters;
  /** Whether EFER.NXE is to follow from the tables: it is set if an entry has NX. */
  readonly guessNx: boolean;
  /** A line for each thing that was assumed. */
  readonly assumed: readonly string[];
}

/** CR0 as a kernel has it that pages: PG, WP and PE. */
const USUAL_CR0 = 0x8001_0001;
const ASK = "give them with --registers FILE, or --cr3, --cr4, --efer and --cr0";

/**
 * Completes registers.
 *
 * @param known What is known.
 * @returns The registers that the tables are read with.
 * @throws {RangeError} If what must be known is not.
 */
export function takenRegisters(known: KnownRegisters): TakenRegisters {
  const { cr0, cr3, cr4 } = known;
  const longMode = cr4 !== undefined && (cr4 & CR4_PAE) === 0 ? false : known.longMode;
  const told = { CR3: cr3, CR4: cr4, EFER: known.efer ?? longMode };
  const missing = Object.entries(told).filter(([, value]) => value === undefined).map(([name]) => name);
  if (cr3 === undefined || cr4 === undefined || missing.length > 0) {
    throw new RangeError(`Expected registers beside the memory but found no ${missing.join(", no ")}: ${ASK}`);
  }
  if (cr0 !== undefined && (cr0 & CR0_PG) === 0) {
    throw new RangeError(`Expected paging to be on but found CR0 0x${cr0.toString(16)}`);
  }
  const { efer = eferOf(longMode === true, cr4) } = known;
  return {
    registers: {
      cr0: cr0 ?? USUAL_CR0,
      cr2: known.cr2 ?? 0n,
      cr3: cr3Of(cr3),
      cr4,
      efer,
      ip: known.ip ?? 0n,
      cpl: known.cpl ?? 0,
      ac: known.ac ?? null,
    },
    guessNx: known.efer === undefined,
    assumed: [
      ...(known.rootBy === undefined
        ? []
        : [`CR3 is the kernel's own root, as ${known.rootBy} has it; CR0 and CR4 are what Linux sets`]),
      ...(cr0 === undefined ? ["CR0 is not known: taken with PG, WP and PE"] : []),
      ...(known.efer === undefined ? [eferText(longMode === true, cr4)] : []),
    ],
  };
}

/** EFER with all that it may have in this mode. */
function eferOf(longMode: boolean, cr4: number): number {
  if (longMode) return EFER_LME | EFER_LMA | EFER_NXE;
  return (cr4 & CR4_PAE) !== 0 ? EFER_NXE : 0;
}

function eferText(longMode: boolean, cr4: number): string {
  if ((cr4 & CR4_PAE) === 0) return "EFER is not known: taken as 0, since CR4.PAE is clear";
  return `EFER is not known: ${longMode ? "LME and LMA" : "no LME"} by the core's machine, NXE if an entry has NX`;
}
