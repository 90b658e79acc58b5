/**
 * What a domain's counts should be, found by looking at everything: written to be simple, apart from the code that keeps the counts.
 *
 * @module
 */
import { frameOf, leafFrame, P, PS, RW, US } from "../../core/mmu/mod.ts";
import { type Hypervisor, OWNER_GUEST, PGT_COUNT_MASK, PGT_VALIDATED, tableLevelOf } from "../../core/xen/mod.ts";

/** References by machine frame. */
export interface References {
  /** As what the frame's type says. */
  readonly type: Map<number, number>;
  /** Of any kind, that of the allocation included. */
  readonly general: Map<number, number>;
}

/** A present entry of a table. */
interface Entry {
  readonly lo: number;
  readonly frame: number;
}

/** The present entries of a frame that the guest fills in. */
function guestEntries(xen: Hypervisor, mfn: number): Entry[] {
  const info = xen.frames.at(mfn);
  const rules = xen.domain.levels[info.tableLevel - 1];
  if (rules === undefined) return [];
  const present: Entry[] = [];
  for (let index = 0; index < rules.entries; index++) {
    const lo = xen.domain.entryLo(mfn, index);
    if ((lo & P) === 0 || rules.isPrivate(index, info.paeXenL2)) continue;
    present.push({ lo, frame: frameOf(xen.domain.entryHi(mfn, index), lo) });
  }
  return present;
}

/** Whether a frame is in use as a page table. */
export function isTable(xen: Hypervisor, mfn: number): boolean {
  const info = xen.frames.typeInfo[mfn] ?? 0;
  return tableLevelOf(info) !== 0 && (info & PGT_VALIDATED) !== 0 && (info & PGT_COUNT_MASK) !== 0;
}

/** The frames that the guest owns, the shared one included. */
export function guestFrames(xen: Hypervisor): number[] {
  const frames: number[] = [];
  for (const mfn of xen.domain.p2m) frames.push(mfn); // three times faster than to spread a typed array
  frames.push(xen.domain.sharedInfoMfn);
  return frames;
}

/** Counts every reference that there is: entries of tables in use, pins, base pointers, descriptor tables, allocations. */
export function countReferences(xen: Hypervisor): References {
  const type = new Map<number, number>();
  const general = new Map<number, number>();
  const add = (counts: Map<number, number>, mfn: number) => counts.set(mfn, (counts.get(mfn) ?? 0) + 1);
  const both = (mfn: number) => [type, general].forEach((counts) => add(counts, mfn));
  guestFrames(xen).forEach((mfn) => add(general, mfn));
  add(type, xen.domain.sharedInfoMfn);
  [xen.domain.rootMfn, xen.domain.userRootMfn, ...xen.domain.gdt].filter((mfn) => mfn >= 0).forEach(both);
  for (const mfn of guestFrames(xen)) {
    const { pinned, tableLevel } = xen.frames.at(mfn);
    if (pinned) both(mfn);
    if (!isTable(xen, mfn)) continue;
    for (const { lo, frame } of guestEntries(xen, mfn)) {
      if (xen.frames.owner[frame] !== OWNER_GUEST) continue;
      if (tableLevel > 1 ? frame !== mfn : (lo & RW) !== 0) both(frame);
      else if (tableLevel === 1) add(general, frame);
    }
  }
  return { type, general };
}

/**
 * The frames that the guest's kernel can write through the loaded tables, by whatever address.
 */
export function writableFrames(xen: Hypervisor): Set<number> {
  const found = new Set<number>();
  someWritable(xen, (mfn) => {
    found.add(mfn);
    return false;
  });
  return found;
}

/**
 * Whether something holds for a frame that the guest's kernel can write: the tables are walked as the CPU walks them, large pages included. A
 * frame that has several addresses is asked about several times.
 */
export function someWritable(xen: Hypervisor, holds: (mfn: number) => boolean): boolean {
  const { machine } = xen;
  const { mode } = machine;
  if (mode === undefined) return false;
  const { levels, entryWords: stride } = mode;
  const needed = xen.domain.ring === 0 ? RW : RW | US;
  const seen = levels.map(() => new Set<number>());
  const someOfLarge = (first: number, shift: number) => {
    for (let i = 0; i < 2 ** (shift - 12) && first + i < machine.memory.frames; i++) if (holds(first + i)) return true;
    return false;
  };
  const walk = (table: number, depth: number): boolean => {
    const level = levels[depth];
    if (level === undefined || seen[depth]?.has(table)) return false;
    seen[depth]?.add(table);
    const place = machine.memory.placeOf(table); // an index of words; 0 for a frame of zeros
    const { words } = machine.memory;
    const mask = level.rights ? P | needed : P;
    for (let index = 0; index < 1 << level.bits; index++) {
      const lo = words[place + index * stride] ?? 0;
      if ((lo & mask) !== mask) continue;
      const hi = stride === 2 ? words[place + index * stride + 1] ?? 0 : 0;
      const frame = frameOf(hi, lo);
      if (depth === levels.length - 1) {
        if (holds(frame)) return true;
      } else if (level.leaf !== "never" && (lo & PS) !== 0) {
        if (someOfLarge(leafFrame(mode, level, hi, lo, machine.cpu), level.shift)) return true;
      } else if (frame < machine.memory.frames && walk(frame, depth + 1)) return true;
    }
    return false;
  };
  return walk(Math.floor(machine.cr3 / 4096), 0);
}
