/**
 * The paging features of the CPUs of the time, and of a CPU of today.
 *
 * @module
 */

import { deepFreeze } from "../frozen.ts";
import { type Check, flag, integer, optional, shape, text } from "../check.ts";

/**
 * The paging features of one CPU.
 *
 * @category Types
 */
export interface Cpu {
  /** Stable id, used on the command line and in reports. */
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  /** Width of a physical address in bits (MAXPHYADDR). */
  readonly physicalBits: number;
  /** CR4.PSE: 4M pages in two-level paging. */
  readonly pse: boolean;
  /** Physical bits 39..32 of a 4M page in bits 20..13 of its entry. */
  readonly pse36: boolean;
  /** CR4.PGE: global pages. */
  readonly pge: boolean;
  /** CR4.PAE: 8-byte entries, 2M pages. */
  readonly pae: boolean;
  /** The page attribute table: PAT bits in leaves. */
  readonly pat: boolean;
  /** EFER.NXE: execute-disable. */
  readonly nx: boolean;
  /** EFER.LME: four levels. */
  readonly longMode: boolean;
  /** 1G pages in long mode. */
  readonly gigabytePages: boolean;
  /** CR4.SMEP. */
  readonly smep: boolean;
  /** CR4.SMAP. */
  readonly smap: boolean;
  /** CR4.PKE: protection keys. */
  readonly pku: boolean;
  /** CR4.LA57: five levels. */
  readonly la57: boolean;
  /** CR4.PCIDE: process-context identifiers. Absent means false. */
  readonly pcid?: boolean;
}

const NONE = {
  physicalBits: 32,
  pse: false,
  pse36: false,
  pge: false,
  pae: false,
  pat: false,
  nx: false,
  longMode: false,
  gigabytePages: false,
  smep: false,
  smap: false,
  pku: false,
  la57: false,
} as const;
const P6 = {
  ...NONE,
  physicalBits: 36,
  pse: true,
  pse36: true,
  pge: true,
  pae: true,
  pat: true,
} as const;
const K8 = { ...P6, physicalBits: 40, nx: true, longMode: true } as const;
const TODAY = {
  ...K8,
  physicalBits: 46,
  gigabytePages: true,
  smep: true,
  smap: true,
  pcid: true,
} as const;

/**
 * The CPU profiles, by id.
 *
 * `i486` to `k8` are the machines of the debate. `broadwell` is the one that the recorded Bochs answers come from
 * (its physical width is Bochs's), `today` has everything.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { CPUS } from "@pagetable-init/textbook/mmu";
 *
 * assert(!CPUS.i486.pse && CPUS.pentium.pse && !CPUS.pentium.pge);
 * ```
 * @category Facts
 */
export const CPUS: {
  readonly i486: Cpu;
  readonly pentium: Cpu;
  readonly p6: Cpu;
  readonly k8: Cpu;
  readonly broadwell: Cpu;
  readonly today: Cpu;
} = deepFreeze({
  i486: { id: "i486", name: "486", ...NONE },
  pentium: {
    id: "pentium",
    name: "Pentium",
    ...NONE,
    pse: true,
  },
  p6: { id: "p6", name: "Pentium III", ...P6 },
  k8: { id: "k8", name: "K8 or late Pentium 4", ...K8 },
  broadwell: {
    id: "broadwell",
    name: "Broadwell as Bochs 2.7 has it",
    ...TODAY,
    physicalBits: 40,
  },
  today: {
    id: "today",
    name: "today",
    ...TODAY,
    physicalBits: 52,
    pku: true,
    la57: true,
  },
});

/** The names of a CPU's feature flags, except `pcid`, which is optional. */
export const CPU_FLAGS: readonly Exclude<keyof Cpu, "id" | "name" | "physicalBits" | "pcid">[] = Object.freeze([
  "pse",
  "pse36",
  "pge",
  "pae",
  "pat",
  "nx",
  "longMode",
  "gigabytePages",
  "smep",
  "smap",
  "pku",
  "la57",
]);

/** The check of a CPU: a profile of `CPUS`, or a caller's own. */
export const cpuShape: Check = shape("a CPU", {
  id: text,
  name: text,
  physicalBits: integer(32, 52),
  ...Object.fromEntries(CPU_FLAGS.map((name) => [name, flag])),
  pcid: optional(flag),
});
