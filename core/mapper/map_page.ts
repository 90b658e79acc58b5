/**
 * Maps a page: writes its leaf, and makes the tables above it that are missing.
 *
 * @module
 */

import { checkArguments, integer } from "../check.ts";
import {
  type Address,
  type Entry,
  indexAt,
  type Level,
  type Machine,
  makeEntry,
  makeLeaf,
  type Mode,
  NX,
  P,
  type Right,
  RW,
  US,
} from "../mmu/mod.ts";
import { MAP } from "./checks.ts";
import { hex, isPdpte, storeEntry } from "./entries.ts";
import { everythingDue, type FlushDue, nothingDue } from "./flush.ts";
import type { FrameAllocator } from "./frames.ts";
import { type EntryPlace, type MapError, mapError, placeName } from "./map_error.ts";
import { lastOf, leads, reservedIn, type Way, wayTo } from "./way.ts";

/** The target of a mapping: frame, flags and page size. */
export interface Page {
  /** First frame. */
  readonly frame: number;
  /** Flag set with `P`, as `makeEntry` takes it. PS comes from the size. */
  readonly flags: number;
  /** Bytes: 4096 unless said otherwise; 2^21, 2^22 (two-level paging) or 2^30. */
  readonly pageBytes?: number;
}

/** A page was mapped. */
export interface MappedPage {
  /** True. */
  readonly ok: true;
  /** Frames that became tables, top first. */
  readonly tables: readonly number[];
  /** The flush that is due. */
  readonly due: FlushDue;
}

/**
 * Maps a page in the tables at CR3; paging may be on or off. Missing tables are made from cleared frames. Entries that point to them have
 * all rights, so that only the leaf restricts access. The new tables are linked last.
 *
 * The mapper writes physical memory directly: it checks no rights and asks no hypervisor.
 *
 * @param machine The machine. Set CR4, EFER and CR3 first: the meaning of an entry depends on them.
 * @param address First linear address of the page.
 * @param page Frame, flags and size of the page.
 * @param allocator Gives frames for tables, below the end of memory.
 * @returns The tables made and the flush that is due; or why nothing was changed.
 * @throws {RangeError} If a number is out of its range, `P` is not among the flags, or the allocator gives a frame that is no memory.
 * @throws {TypeError} If an argument is of another kind.
 *
 * Source: Intel SDM vol. 3A, sections 4.3 to 4.6; 4.10.4.3 for the flush.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FramePool, mapPage } from "@pagetable-init/textbook/mapper";
 * import { access, CPUS, Machine, NX, P, PhysicalMemory, RW } from "@pagetable-init/textbook/mmu";
 *
 * const machine = new Machine(CPUS.k8, new PhysicalMemory(1 << 24));
 * machine.writeCr4(0x20); // PAE
 * machine.writeEfer(0x800); // NXE
 * machine.writeCr3(0x1000);
 * const pool = new FramePool(0x2, 0x10);
 * const mapped = mapPage(machine, 0xc0100000, { frame: 0x300, flags: P | RW | NX }, pool);
 * assertEquals(mapped.ok && mapped.tables, [0x2, 0x3]);
 * machine.writeCr0(0x8001_0001); // paging, write protect
 * const store = access(machine, 0xc0100abc, "write");
 * assertEquals(store.ok && store.physical, 0x300abc);
 * const again = mapPage(machine, 0xc0100000, { frame: 0x301, flags: P }, pool);
 * assertEquals(!again.ok && again.kind, "already-mapped");
 * ```
 */
export function mapPage(
  machine: Machine,
  address: Address,
  page: Page,
  allocator: FrameAllocator,
): MappedPage | MapError {
  checkArguments(MAP, arguments);
  const { frame, flags, pageBytes = 4096 } = page;
  const way = wayTo(machine, address, pageBytes);
  if (!way.ok) return way;
  const leaf = leafFor(machine, way, frame, flags);
  if ("ok" in leaf) return leaf;
  const taken = occupied(machine, way) ?? deniedAbove(way, flags);
  if (taken !== undefined) return taken;
  const tables = takeTables(machine, way, allocator);
  return "ok" in tables ? tables : link(machine, way, leaf, tables);
}

/** The words of a leaf, if CPU, mode and registers allow them. */
export function leafFor(machine: Machine, { mode, level }: Way, frame: number, flags: number): Entry | MapError {
  if ((flags & P) === 0) throw new RangeError(`Expected flags with P but found ${hex(flags >>> 0)}`);
  const frames = 2 ** (level.shift - 12);
  if (frame % frames !== 0) {
    return mapError("frame-unaligned", `Expected a frame that is a multiple of ${frames} but found ${hex(frame)}`);
  }
  const leaf = makeLeaf(mode, level, frame, flags);
  const bits = addressBits(machine, mode, level);
  if (frame >= 2 ** (bits - 12)) return tooWide(frame, bits);
  const reserved = reservedIn(machine, mode, level, true, leaf);
  return reserved === undefined ? leaf : mapError("reserved-bits", reserved);
}

/** Width of the physical addresses that an entry can hold. */
function addressBits({ cpu }: Machine, { entryWords }: Mode, { shift }: Level): number {
  if (entryWords === 2) return cpu.physicalBits;
  return shift > 12 && cpu.pse36 ? Math.min(cpu.physicalBits, 40) : 32;
}

function tooWide(frame: number, bits: number): MapError {
  return mapError("frame-too-wide", `Expected a frame below 2^${bits - 12} but found ${hex(frame)}`);
}

function occupied(machine: Machine, way: Way): MapError | undefined {
  const last = lastOf(way);
  if ((last.lo & P) === 0) return undefined;
  if (leads(machine, last) === "table") {
    return mapError("table-present", `Expected no table but found ${placeName(last)}`, last);
  }
  return mapError("already-mapped", `Expected a page that is not mapped but found ${placeName(last)}`, last);
}

/** An entry above takes away a right that a leaf with these flags would give. */
export function deniedAbove({ mode, level: target, entries }: Way, flags: number): MapError | undefined {
  for (const entry of entries) {
    if (entry.level === target || (entry.lo & P) === 0 || !entry.level.rights) continue;
    const denied = deniedBy(mode, entry, flags);
    if (denied.length === 0) continue;
    return mapError("parent-denies", `Expected a table with ${denied.join(", ")} but found ${placeName(entry)}`, entry);
  }
  return undefined;
}

function deniedBy({ entryWords }: Mode, { lo, hi }: EntryPlace, flags: number): Right[] {
  const denied: Right[] = [];
  if ((flags & RW) !== 0 && (lo & RW) === 0) denied.push("write");
  if ((flags & US) !== 0 && (lo & US) === 0) denied.push("user");
  if (entryWords === 2 && (flags & NX) === 0 && (hi & NX) !== 0) denied.push("execute");
  return denied;
}

/** Cleared frames for the missing tables, top first; all of them or none. */
function takeTables(machine: Machine, way: Way, allocator: FrameAllocator): readonly number[] | MapError {
  const { mode, level: target, entries } = way;
  const tables: number[] = [];
  for (const level of mode.levels.slice(entries.length, mode.levels.indexOf(target) + 1)) {
    const frame = takeTable(machine, mode, level, allocator);
    if (typeof frame !== "number") {
      for (const taken of tables.reverse()) allocator.release(taken);
      return frame;
    }
    tables.push(frame);
  }
  for (const frame of tables) machine.memory.clearFrame(frame);
  return tables;
}

/** Checks that a frame can be a table: it lies in memory, and an entry can hold its number. */
function takeTable(
  { cpu, memory }: Machine,
  { entryWords }: Mode,
  { table }: Level,
  allocator: FrameAllocator,
): number | MapError {
  const frame = allocator.allocate();
  if (frame === undefined) return mapError("out-of-frames", `Expected a frame for a ${table} but found none`);
  integer(0, memory.frames - 1)(frame, `the frame for a ${table}`);
  const bits = entryWords === 1 ? 32 : cpu.physicalBits;
  if (frame < 2 ** (bits - 12)) return frame;
  allocator.release(frame);
  return tooWide(frame, bits);
}

/** Fills the new tables from the lowest up; the entry that makes them visible comes last. */
function link(machine: Machine, way: Way, leaf: Entry, tables: readonly number[]): MappedPage {
  const { mode, linear, entries } = way;
  const { frame, index } = lastOf(way);
  let entry = leaf;
  for (let depth = tables.length - 1; depth >= 0; depth--) {
    const place = mode.levels[entries.length + depth] as Level;
    const above = mode.levels[entries.length + depth - 1] as Level;
    const table = tables[depth] ?? 0;
    storeEntry(machine, table, indexAt(place, linear.hi, linear.lo), entry);
    entry = makeEntry(table, above.rights ? P | RW | US : P);
  }
  storeEntry(machine, frame, index, entry);
  const due = isPdpte(machine, frame, index)
    ? everythingDue(machine, "the PDPTEs of PAE are loaded with CR3")
    : nothingDue("the TLB holds no entry that was not present");
  return { ok: true, tables, due };
}
