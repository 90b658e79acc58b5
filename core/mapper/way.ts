/**
 * The way to a page: its entries in memory, from the root down.
 *
 * @module
 */

import {
  type Address,
  CR4_PSE,
  EFER_NXE,
  type Entry,
  flagsOf,
  formatAddress,
  formatFlags,
  frameOf,
  indexAt,
  isCanonical,
  isLeaf,
  type Level,
  type Linear,
  type Machine,
  type Mode,
  P,
  pdpteReserved,
  PS,
  reservedBits,
  toLinear,
} from "../mmu/mod.ts";
import { modeOf, readEntry, rootOf } from "./entries.ts";
import { type EntryPlace, type MapError, mapError, placeName } from "./map_error.ts";

/** A way that is free down to the level of the page, or to the first entry that is not present. */
export interface Way {
  /** True. */
  readonly ok: true;
  /** Paging mode of the tables. */
  readonly mode: Mode;
  /** The address whose entries these are. */
  readonly linear: Linear;
  /** The level at which a page of this size is mapped. */
  readonly level: Level;
  /** The entries, root first. All but the last point to tables. */
  readonly entries: readonly EntryPlace[];
}

/** The last entry of a way. */
export function lastOf({ entries }: Way): EntryPlace {
  return entries[entries.length - 1] as EntryPlace;
}

/**
 * Goes down to the entry of a page.
 *
 * @param machine The machine.
 * @param address First address of the page.
 * @param pageBytes Bytes of the page.
 * @returns The way, or what blocks it.
 * @throws {RangeError} If the address cannot be read.
 */
export function wayTo(machine: Machine, address: Address, pageBytes: number): Way | MapError {
  const linear = toLinear(address);
  const mode = modeOf(machine);
  const target = mode.levels.find((level) => 2 ** level.shift === pageBytes);
  if (target === undefined || !isLeaf(target, PS, machine.cpu, (machine.cr4 & CR4_PSE) !== 0)) {
    const found = `${mode.id} paging on a ${machine.cpu.name} with CR4 0x${(machine.cr4 >>> 0).toString(16)}`;
    return mapError("size-unavailable", `Expected paging with pages of ${pageBytes} bytes but found ${found}`);
  }
  if (!isCanonical(mode, linear.hi)) {
    return mapError("not-canonical", `Expected an address of ${mode.id} paging but found ${formatAddress(linear)}`);
  }
  if (linear.lo % pageBytes !== 0) {
    const found = formatAddress(linear);
    return mapError("address-unaligned", `Expected an address that is a multiple of ${pageBytes} but found ${found}`);
  }
  return descend(machine, mode, linear, target);
}

function descend(machine: Machine, mode: Mode, linear: Linear, target: Level): Way | MapError {
  const entries: EntryPlace[] = [];
  let { frame, first } = rootOf(machine);
  for (const level of mode.levels) {
    if (frame >= machine.memory.frames) return beyondMemory(machine, frame, entries.at(-1));
    const index = first + indexAt(level, linear.hi, linear.lo);
    const entry = { level, frame, index, ...readEntry(machine, frame, index) };
    entries.push(entry);
    if (level === target || (entry.lo & P) === 0) break;
    const blocked = blockedAt(machine, mode, entry);
    if (blocked !== undefined) return blocked;
    frame = frameOf(entry.hi, entry.lo);
    first = 0;
  }
  return { ok: true, mode, linear, level: target, entries };
}

/** The error for a present entry that does not lead to a table; undefined for one that does. */
function blockedAt(machine: Machine, mode: Mode, entry: EntryPlace): MapError | undefined {
  if (leads(machine, entry) === "page") {
    return mapError("parent-is-large", `Expected a table but found a large page: ${placeName(entry)}`, entry);
  }
  const reserved = reservedIn(machine, mode, entry.level, false, entry);
  return reserved === undefined ? undefined : mapError("reserved-bits", `${placeName(entry)}: ${reserved}`, entry);
}

function beyondMemory({ memory }: Machine, frame: number, entry: EntryPlace | undefined): MapError {
  const by = entry === undefined ? "CR3" : placeName(entry);
  const message = `Expected a table in a frame below 0x${memory.frames.toString(16)} but found 0x${frame.toString(16)}`;
  return mapError("no-memory", `${message}: ${by}`, entry);
}

/** The flags of a leaf, as `Page` has them: without PS, which follows from the size. */
export function pageFlags({ level, lo, hi }: EntryPlace): number {
  return flagsOf(hi, lo, level) & (level.shift === 12 ? -1 : ~PS);
}

/** Whether a present entry points to a table or maps a page. */
export function leads({ cpu, cr4 }: Machine, { level, lo }: EntryPlace): "table" | "page" {
  return isLeaf(level, lo, cpu, (cr4 & CR4_PSE) !== 0) ? "page" : "table";
}

/**
 * The reserved bits that an entry has set.
 *
 * @param machine The machine.
 * @param mode Its paging mode.
 * @param level The entry's level.
 * @param leaf Whether the entry maps a page.
 * @param entry The entry.
 * @returns The reserved bits expected and found, in words; undefined if none is set.
 */
export function reservedIn(
  { cpu, cr4, efer }: Machine,
  mode: Mode,
  level: Level,
  leaf: boolean,
  { lo, hi }: Entry,
): string | undefined {
  const inRegister = mode.rootInRegisters && level === mode.levels[0];
  const mask = inRegister
    ? pdpteReserved(cpu)
    : reservedBits(mode, level, leaf, cpu, (efer & EFER_NXE) !== 0, (cr4 & CR4_PSE) !== 0);
  const [badLo, badHi] = [lo & mask.lo, mode.entryWords === 1 ? hi : hi & mask.hi];
  if ((badLo | badHi) === 0) return undefined;
  const bits = `0x${(badHi >>> 0).toString(16).padStart(8, "0")}_${(badLo >>> 0).toString(16).padStart(8, "0")}`;
  return `Expected reserved bits to be clear but found ${bits} (${formatFlags(badHi, badLo, level)})`;
}
