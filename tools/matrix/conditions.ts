/**
 * The conditions of an access, one bit each, and which of them cannot go together.
 *
 * The space of the two long modes is that of kvm-unit-tests' access test, as its rules describe it; PAE and two-level paging, which
 * that test does not know, get the like: what they lack (keys, a PDPTE with rights) is replaced by what the long modes leave
 * out (SMEP, SMAP, EFLAGS.AC, CR4.PSE). Own code throughout, and nothing of `core/`.
 *
 * @module
 */

/** The conditions that depend on one another. `pte51` is bit 51 of the PTE, and so on. */
export const CONDITIONS = [
  "pteNx",
  "pte51",
  "pte52",
  "pdePs",
  "pdeNx",
  "pde51",
  "pde52",
  "pde13",
  "pde17",
  "pde21",
  "pdpteReadOnly",
  "pdpteGone",
  "key",
  "user",
  "write",
  "fetch",
  "twice",
  "keyAd",
  "keyWd",
  "pke",
  "ac",
  "smap",
  "smep",
  "pse",
  "wp",
  "nxe",
] as const;

/** Name of a condition. */
export type ConditionName = typeof CONDITIONS[number];

/** A vector of conditions: which of them hold. */
export type Conditions = Readonly<Record<ConditionName, boolean>>;

/** The conditions that go with everything: W, U, A, D and P of PTE and PDE. A case has all 1,024 combinations of them. */
export const FREE_FLAGS = 10;

/** Why a vector makes no case. */
export interface Illegal {
  readonly why: string;
  readonly holds: (c: Conditions) => boolean;
}

const ACCESS: readonly ConditionName[] = ["user", "write", "fetch", "twice"];
const ONE_ACCESS: Illegal = { why: "a fetch does not write", holds: (c) => c.fetch && c.write };
const AC_WITH_SMAP: Illegal = { why: "EFLAGS.AC means nothing without SMAP", holds: (c) => c.ac && !c.smap };

/** NX counts as reserved while EFER.NXE does not give it a meaning. */
function reservedBits(c: Conditions): number {
  const nx = c.nxe ? 0 : Number(c.pteNx) + Number(c.pdeNx);
  const reserved = [c.pte51, c.pte52, c.pde51, c.pde52, c.pde17, c.pde21].filter((set) => set).length;
  return nx + reserved;
}

const LONG_CONDITIONS: readonly ConditionName[] = [
  ...["pteNx", "pte51", "pdePs", "pdeNx", "pde51", "pde13", "pdpteReadOnly", "key"] as const,
  ...ACCESS,
  ...["keyAd", "keyWd", "pke", "wp", "nxe"] as const,
];
const LONG_ILLEGAL: readonly Illegal[] = [
  ONE_ACCESS,
  { why: "PKRU means nothing without CR4.PKE", holds: (c) => (c.keyAd || c.keyWd) && !c.pke },
  { why: "bit 13 of a PDE that points to a table is part of the address", holds: (c) => c.pde13 && !c.pdePs },
  { why: "one reserved bit is enough", holds: (c) => reservedBits(c) + Number(c.pde13) > 1 },
];
const PAE_CONDITIONS: readonly ConditionName[] = [
  ...["pteNx", "pte51", "pte52", "pdePs", "pdeNx", "pde51", "pde52", "pde13", "pdpteGone"] as const,
  ...ACCESS,
  ...["ac", "smap", "smep", "pse", "wp", "nxe"] as const,
];
const PAE_ILLEGAL: readonly Illegal[] = [ONE_ACCESS, AC_WITH_SMAP, ...LONG_ILLEGAL.slice(2)];
const TWO_LEVEL_CONDITIONS: readonly ConditionName[] = [
  ...["pdePs", "pde13", "pde17", "pde21"] as const,
  ...ACCESS,
  ...["ac", "smap", "smep", "pse", "wp", "nxe"] as const,
];
const TWO_LEVEL_ILLEGAL: readonly Illegal[] = [
  ONE_ACCESS,
  AC_WITH_SMAP,
  {
    why: "bits 21..13 of a PDE that points to a table are part of the address",
    holds: (c) => (c.pde13 || c.pde17 || c.pde21) && !(c.pdePs && c.pse),
  },
  { why: "one reserved bit is enough", holds: (c) => reservedBits(c) > 1 },
];

/** The conditions of one paging mode. */
export interface ConditionSpace {
  /** From the one that changes with every vector to the one that changes last: entries, access, registers. */
  readonly conditions: readonly ConditionName[];
  readonly illegal: readonly Illegal[];
}

/** The conditions of the two long modes, of PAE and of two-level paging. */
export const CONDITION_SPACES: Readonly<Record<"long" | "pae" | "two-level", ConditionSpace>> = {
  "long": { conditions: LONG_CONDITIONS, illegal: LONG_ILLEGAL },
  "pae": { conditions: PAE_CONDITIONS, illegal: PAE_ILLEGAL },
  "two-level": { conditions: TWO_LEVEL_CONDITIONS, illegal: TWO_LEVEL_ILLEGAL },
};

type Changing = { -readonly [name in ConditionName]: boolean };

/** No condition holds. What is copied from it has all names from the start, and is read faster than what gets them one by one. */
const NONE = Object.fromEntries(CONDITIONS.map((name) => [name, false])) as Conditions;

/** The conditions that hold in a vector. */
export function decode(space: ConditionSpace, vector: number): Conditions {
  const decoded = { ...NONE };
  decodeInto(decoded, space, vector);
  return decoded;
}

function decodeInto(decoded: Changing, { conditions }: ConditionSpace, vector: number): void {
  conditions.forEach((name, bit) => decoded[name] = ((vector >>> bit) & 1) !== 0);
}

/** The legal vectors, ascending: every vector is tried against every rule. */
export function legalVectors(space: ConditionSpace): Uint32Array {
  const legal: number[] = [];
  const conditions = { ...NONE };
  for (let vector = 0; vector < 2 ** space.conditions.length; vector++) {
    decodeInto(conditions, space, vector);
    if (!space.illegal.some(({ holds }) => holds(conditions))) legal.push(vector);
  }
  return Uint32Array.from(legal);
}
