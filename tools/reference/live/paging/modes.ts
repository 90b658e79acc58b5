/**
 * The paging modes as the guest sets them up: where its tables lie, and what its case files call them.
 *
 * @module
 */

/** Paging modes that a case can ask for. Recorded answers know the first three. */
export type LiveMode = "two-level" | "pae" | "4-level" | "5-level";

/** One level of a case's tables: `table` is where the guest keeps it. */
export interface LiveLevel {
  readonly shift: number;
  readonly indexBits: number;
  readonly table: number;
  /** Odds that an entry is a large page; absent where none can be. */
  readonly largeOdds?: number;
}

/** One paging mode of the guest. */
export interface LiveModeRow {
  readonly id: LiveMode;
  /** Its number in a case file. */
  readonly code: number;
  readonly entryBytes: 4 | 8;
  /** The bits that the guest adds to CR4 and EFER. */
  readonly cr4: number;
  readonly efer: number;
  /** Root first. */
  readonly levels: readonly LiveLevel[];
}

const CR4_PAE = 1 << 5;
const CR4_LA57 = 1 << 12;
const EFER_LME = 1 << 8;

const WIDE_PTE: LiveLevel = { shift: 12, indexBits: 9, table: 0x212000 };
const WIDE_PDE: LiveLevel = { shift: 21, indexBits: 9, table: 0x211000, largeOdds: 0.3 };
const LONG_PDPTE: LiveLevel = { shift: 30, indexBits: 9, table: 0x210000, largeOdds: 0.15 };

/** The modes, by number. */
export const LIVE_MODES: readonly LiveModeRow[] = [
  {
    id: "two-level",
    code: 0,
    entryBytes: 4,
    cr4: 0,
    efer: 0,
    levels: [
      { shift: 22, indexBits: 10, table: 0x200000, largeOdds: 0.3 },
      { shift: 12, indexBits: 10, table: 0x212000 },
    ],
  },
  {
    id: "pae",
    code: 1,
    entryBytes: 8,
    cr4: CR4_PAE,
    efer: 0,
    levels: [{ shift: 30, indexBits: 2, table: 0x201000 }, WIDE_PDE, WIDE_PTE],
  },
  {
    id: "4-level",
    code: 2,
    entryBytes: 8,
    cr4: CR4_PAE,
    efer: EFER_LME,
    levels: [{ shift: 39, indexBits: 9, table: 0x202000 }, LONG_PDPTE, WIDE_PDE, WIDE_PTE],
  },
  {
    id: "5-level",
    code: 3,
    entryBytes: 8,
    cr4: CR4_PAE | CR4_LA57,
    efer: EFER_LME,
    levels: [
      { shift: 48, indexBits: 9, table: 0x208000 },
      { shift: 39, indexBits: 9, table: 0x213000 },
      LONG_PDPTE,
      WIDE_PDE,
      WIDE_PTE,
    ],
  },
];

/** The row of a mode. */
export function liveMode(id: LiveMode): LiveModeRow {
  const row = LIVE_MODES.find((mode) => mode.id === id);
  if (row === undefined) {
    throw new RangeError(`Expected a mode of ${LIVE_MODES.map((mode) => mode.id).join(", ")} but found ${id}`);
  }
  return row;
}
