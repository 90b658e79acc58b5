/**
 * The four condition matrices: a paging mode, a CPU on which the conditions mean what they say, and the tables around the two
 * entries that change.
 *
 * @module
 */
import { type Cpu, CPUS } from "../../core/mmu/mod.ts";
import { CONDITION_SPACES, type ConditionSpace, FREE_FLAGS, legalVectors } from "./conditions.ts";

/** An entry above the PDE: where it is and what it holds. It has every right and its A bit set. */
export interface UpperEntry {
  readonly frame: number;
  readonly index: number;
  readonly lo: number;
}

/** One matrix. */
export interface MatrixSpace {
  readonly id: "two-level" | "pae" | "4-level" | "5-level";
  readonly conditions: ConditionSpace;
  readonly cpu: Cpu;
  /** Bits of CR4 and EFER that select the mode. */
  readonly cr4: number;
  readonly efer: number;
  /** Whether entries have 8 bytes. */
  readonly wide: boolean;
  readonly address: { readonly hi: number; readonly lo: number };
  /** Root first, PDPTE last; none in two-level paging. */
  readonly upper: readonly UpperEntry[];
  readonly pdeIndex: number;
  readonly pteIndex: number;
  /** 4K pages in a large page. */
  readonly largePages: number;
}

/** Frames of the tables, root first: the PDE's table is the last. Of an empty list the root is the PDE's table. */
export const PDE_TABLE = 0x10;
/** Frame that the PDE names, as a table and as a page alike: aligned for 4M. */
export const PDE_FRAME = 0x800;
/** Frame that the PTE names. */
export const PTE_FRAME = 0x1234;

const CR4_PAE = 0x20;
const CR4_LA57 = 0x1000;
const EFER_LME = 0x100;
const PRESENT_ALL_RIGHTS_ACCESSED = 0x27;
/** A PDPTE of PAE has neither rights nor an A bit. */
const PRESENT = 0x01;

const EVERYTHING: Cpu = CPUS.today;

/** Upper entries for these indices, root first: each points to the next frame down, the last to the PDE's table. */
function upper(indices: readonly number[], flags: number): UpperEntry[] {
  return indices.map((index, depth) => {
    const frame = PDE_TABLE + indices.length - depth;
    return { frame, index, lo: ((frame - 1) << 12) | flags };
  });
}

/** Address fff8a945a945678: indices 0x115 (PML4), 0x051, 0x0d4, 0x145. */
const FOUR_LEVEL: MatrixSpace = {
  id: "4-level",
  conditions: CONDITION_SPACES.long,
  cpu: { ...EVERYTHING, physicalBits: 46 },
  cr4: CR4_PAE,
  efer: EFER_LME,
  wide: true,
  address: { hi: 0xffff_8a94, lo: 0x5a94_5678 },
  upper: upper([0x115, 0x051], PRESENT_ALL_RIGHTS_ACCESSED),
  pdeIndex: 0x0d4,
  pteIndex: 0x145,
  largePages: 512,
};

/** The matrices, by paging mode. */
export const MATRIX_SPACES: readonly MatrixSpace[] = [
  {
    ...FOUR_LEVEL,
    id: "two-level",
    conditions: CONDITION_SPACES["two-level"],
    cpu: { ...EVERYTHING, physicalBits: 36 },
    cr4: 0,
    efer: 0,
    wide: false,
    address: { hi: 0, lo: 0xc0d4_5678 },
    upper: [],
    pdeIndex: 0x303,
    pteIndex: 0x145,
    largePages: 1024,
  },
  {
    ...FOUR_LEVEL,
    id: "pae",
    conditions: CONDITION_SPACES.pae,
    cpu: { ...EVERYTHING, physicalBits: 40 },
    efer: 0,
    address: { hi: 0, lo: 0x9a94_5678 },
    upper: upper([2], PRESENT),
  },
  FOUR_LEVEL,
  {
    ...FOUR_LEVEL,
    id: "5-level",
    cr4: CR4_PAE | CR4_LA57,
    address: { hi: 0xff2a_8a94, lo: 0x5a94_5678 },
    upper: upper([0x12a, 0x115, 0x051], PRESENT_ALL_RIGHTS_ACCESSED),
  },
];

/** A matrix with its legal vectors; case n is vector n >> 10 with the free flags n & 1023. */
export interface Matrix {
  readonly space: MatrixSpace;
  readonly vectors: Uint32Array;
  /** Number of cases. */
  readonly size: number;
}

/** The matrix of a paging mode. */
export function matrixOf(space: MatrixSpace): Matrix {
  const vectors = legalVectors(space.conditions);
  return { space, vectors, size: vectors.length * 2 ** FREE_FLAGS };
}
