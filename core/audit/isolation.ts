/**
 * Page-table isolation: a process has two roots, in two neighbouring frames. The kernel's is the even one; in it user pages have NX. The
 * user's has little of the kernel.
 *
 * Source: Linux's arch/x86/mm/pti.c and arch/x86/include/asm/pgtable.h (`kernel_to_user_pgdp`).
 *
 * @module
 */

import { A, frameOf, NX, P, RIGHT_US, US } from "../mmu/mod.ts";
import { pageOf, pagesBetween } from "../tables/range_list.ts";
import { type Tables, tableWords } from "../tables/tables.ts";
import { type Finding, FindingPlaces, FINDINGS } from "./findings.ts";
import type { MapRow } from "./map_rows.ts";
import type { Region } from "./regions.ts";

/** Which of the two roots some tables have. */
export interface Isolation {
  /** Whose root it is. */
  readonly root: "kernel" | "user";
  /** Physical address of the other root; undefined if it is not in memory. */
  readonly other: number | undefined;
}

const ENTRIES = 512;
const USER_ENTRIES = 256;
/** Maximum slots of the kernel half in the user's root of a 4-level kernel: LDT, CPU entry area, ESPFIX, image, direct map. */
const FEW = 5;

/** Frame beside the root's, where the other root of isolated tables is. */
export function besideRoot({ root }: Tables): number {
  const frame = Math.floor(root / 4096);
  return frame % 2 === 0 ? frame + 1 : frame - 1;
}

/**
 * Whether tables are isolated.
 *
 * @param tables The tables below one root.
 * @param other The 1024 words of the frame beside the root; from the memory of the tables unless given.
 * @returns Which root it is; undefined without isolation. Of PAE both roots must be there, as its PDPTEs have no rights.
 */
export function isolationOf(
  tables: Tables,
  other: Int32Array | undefined = wordsOf(tables, besideRoot(tables)),
): Isolation | undefined {
  if (tables.mode.entryWords === 1) return undefined;
  const frame = Math.floor(tables.root / 4096);
  const words = wordsOf(tables, frame);
  if (words === undefined) return undefined;
  const even = frame % 2 === 0;
  const areRoots = tables.mode.rootInRegisters ? isPaePair : isPair;
  if (other !== undefined && (even ? areRoots(words, other) : areRoots(other, words))) {
    return { root: even ? "kernel" : "user", other: besideRoot(tables) * 4096 };
  }
  if (tables.mode.rootInRegisters) return undefined;
  const { users, isolated, kernels } = counted(words);
  if (even && users > 0 && isolated === users && kernels > 0) return { root: "kernel", other: undefined };
  if (!even && users > 0 && isolated === 0 && kernels > 0 && kernels <= FEW) return { root: "user", other: undefined };
  return undefined;
}

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
  return isolated && frameOf(hi, lo) === frameOf(user[2 * i + 1] ?? 0, user[2 * i] ?? 0);
}

/** Regions whose pages user mode must not find in the TLB. Others are in both roots, or hold nothing secret. */
const ISOLATED: readonly string[] = ["direct map", "vmalloc", "vmemmap", "modules"];

/**
 * Global pages of the kernel under page-table isolation: they stay in the TLB when user mode's root is loaded.
 *
 * @param rows The map.
 * @param regions The regions.
 * @param isolation The isolation of the tables.
 * @param linearBits Width of linear addresses.
 * @returns One finding, or none.
 */
export function globalsUnderIsolation(
  rows: readonly MapRow[],
  regions: readonly Region[],
  isolation: Isolation | undefined,
  linearBits: number,
): Finding[] {
  if (isolation?.root !== "kernel") return [];
  const secret = regions.filter(({ name }) => ISOLATED.includes(name));
  const places = new FindingPlaces(linearBits);
  for (const { range: { linear, pages, frame, rights, global }, times, stride } of rows) {
    const isSecret = global && (rights & RIGHT_US) === 0 &&
      secret.some(({ first, last }) => pagesBetween(first, linear) >= 0 && pagesBetween(linear, last) >= 0);
    if (!isSecret) continue;
    const page = pageOf(linear, linearBits);
    for (let i = 0; i < times; i++) places.add(page + i * stride, pages, frame, rights);
  }
  const { pages, ranges } = places;
  if (ranges.length === 0) return [];
  const id = "global-isolated";
  return [{ id, severity: FINDINGS[id].severity, pages, address: ranges[0]?.linear, ranges }];
}
