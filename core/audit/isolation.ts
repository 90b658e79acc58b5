/**
 * Page-table isolation: a process has two roots, in two neighbouring frames. The kernel's is the even one; in it user pages have NX. The
 * user's has little of the kernel.
 *
 * Source: Linux's arch/x86/mm/pti.c and arch/x86/include/asm/pgtable.h (`kernel_to_user_pgdp`).
 *
 * @module
 */

import { A, frameOf, NX, P, US } from "../mmu/mod.ts";
import { type Tables, tableWords } from "../tables/tables.ts";

/** Which of the two roots some tables have. */
export interface Isolation {
  /** Whose root it is. */
  readonly root: "kernel" | "user";
  /** Physical address of the other root; undefined if it is not in memory. */
  readonly other: number | undefined;
}

const ENTRIES = 512;
const USER_ENTRIES = 256;
/** Slots of the kernel half that the user's root of a 4-level kernel may have at most: LDT, CPU entry area, ESPFIX, image, direct map. */
const FEW = 5;

/**
 * Whether tables are isolated.
 *
 * @param tables The tables below one root.
 * @param frame Reads a frame; from the memory of the tables unless given.
 * @returns Which root it is; undefined without isolation. Of PAE both roots must be there, as its PDPTEs have no rights.
 */
export function isolationOf(tables: Tables, frame: ReadFrame = (it) => wordsOf(tables, it)): Isolation | undefined {
  if (tables.mode.entryWords === 1) return undefined;
  const here = Math.floor(tables.root / 4096);
  const even = here % 2 === 0;
  const [known, other] = [frame(here), frame(even ? here + 1 : here - 1)];
  if (known === undefined) return undefined;
  const areRoots = tables.mode.rootInRegisters ? isPaePair : isPair;
  if (other !== undefined && (even ? areRoots(known, other) : areRoots(other, known))) {
    return { root: even ? "kernel" : "user", other: (even ? here + 1 : here - 1) * 4096 };
  }
  if (tables.mode.rootInRegisters) return undefined;
  const { users, isolated, kernels } = counted(known);
  if (even && users > 0 && isolated === users && kernels > 0) return { root: "kernel", other: undefined };
  if (!even && users > 0 && isolated === 0 && kernels > 0 && kernels <= FEW) return { root: "user", other: undefined };
  return undefined;
}

/** Reads the 1024 words of a frame; undefined where there is none. */
export type ReadFrame = (frame: number) => Int32Array | undefined;

function wordsOf({ memory, sparse }: Tables, frame: number): Int32Array | undefined {
  if (frame < 0 || frame >= memory.frames) return undefined;
  const words = tableWords(memory, frame);
  if (words === undefined) return sparse === true ? undefined : new Int32Array(2 * ENTRIES);
  const at = memory.placeOf(frame);
  return words.subarray(at, at + 2 * ENTRIES);
}

/** Entries of the user half, those of them with NX, entries of the kernel half. */
function counted(root: Int32Array): { users: number; isolated: number; kernels: number } {
  const count = { users: 0, isolated: 0, kernels: 0 };
  for (let i = 0; i < ENTRIES; i++) {
    const [lo, hi] = [root[2 * i] ?? 0, root[2 * i + 1] ?? 0];
    if ((lo & P) === 0) continue;
    if (i >= USER_ENTRIES) count.kernels++;
    else if ((lo & US) !== 0) {
      count.users++;
      if ((hi & NX) !== 0) count.isolated++;
    }
  }
  return count;
}

/** Whether the roots share the user half, the user's has only some of the kernel half, and user pages have NX in the kernel's. */
function isPair(kernel: Int32Array, user: Int32Array): boolean {
  let [kernels, users] = [0, 0];
  for (let i = 0; i < ENTRIES; i++) {
    const inKernel = ((kernel[2 * i] ?? 0) & P) !== 0;
    const inUser = ((user[2 * i] ?? 0) & P) !== 0;
    if (i < USER_ENTRIES) {
      if (inKernel !== inUser || (inKernel && !isShared(kernel, user, i))) return false;
      continue;
    }
    if (inUser && !inKernel) return false;
    if (inKernel) kernels++;
    if (inUser) users++;
  }
  return users > 0 && users < kernels;
}

/** As `isPair`, of PAE: three PDPTEs are the same, the last is each root's own, and nothing else is in the frames. */
function isPaePair(kernel: Int32Array, user: Int32Array): boolean {
  const words = Array.from({ length: 2 * ENTRIES }, (_, word) => word);
  const at = (root: Int32Array, word: number) => (root[word] ?? 0) & ~(word % 2 === 0 ? A : 0); // an emulator may set A
  const same = (word: number) => at(kernel, word) === at(user, word) && (word < 6 || kernel[word] === 0);
  const own = (at(kernel, 6) & at(user, 6) & P) !== 0 && at(kernel, 6) !== at(user, 6);
  return own && words.every((word) => word === 6 || word === 7 || same(word));
}

function isShared(kernel: Int32Array, user: Int32Array, i: number): boolean {
  const [hi, lo] = [kernel[2 * i + 1] ?? 0, kernel[2 * i] ?? 0];
  const isolated = (lo & US) === 0 || (hi & NX) !== 0;
  return isolated && frameOf(hi & ~NX, lo) === frameOf((user[2 * i + 1] ?? 0) & ~NX, user[2 * i] ?? 0);
}
