/**
 * The rules of one level for one domain: the release's row, reduced to the numbers that the checks need.
 *
 * @module
 */

import { tableType } from "./frame_table.ts";
import { type Cpu, type Mode, NX, P, US } from "../mmu/mod.ts";
import type { XenContract, XenLevel, XenRelease } from "./contract.ts";

/** Frame bits of an entry's low word. */
const FRAME_LO = 0xffff_f000 | 0;
/** Frame bits of an entry's high word. */
const FRAME_HI = 0x000f_ffff;

/** The facts about a domain that its rules depend on. */
export interface DomainTraits {
  /** The CPU. Of its features only NX counts. */
  readonly cpu: Cpu;
  /** I/O rights, as dom0 has them. They allow some flags (`XenLevel.privilegedMay`). */
  readonly privileged: boolean;
  /** A debug build, which forbids more flags (`XenLevel.debugDisallowed`). */
  readonly debug: boolean;
}

/**
 * Rules of one level. Masks are pairs of signed words.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES } from "@pagetable-init/textbook";
 * import { Hypervisor, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const xen = new Hypervisor({
 *   release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * assertEquals(xen.domain.l1.badFlags(0, 0x1067), 0);
 * assertEquals(xen.domain.l1.badFlags(0, 0x1167), 0x100); // no global pages for guests of 3.1
 * ```
 */
export class LevelRules {
  /** 1 for the entries that map pages. */
  readonly depth: number;
  /** `PGT_…` of a table of this level. */
  readonly type: number;
  /** Entries that a table has. */
  readonly entries: number;
  /** Lowest linear-address bit of the index. */
  readonly shift: number;
  /** Bits that must be 0, low word. */
  readonly disallowedLo: number;
  /** Bits that must be 0, high word. */
  readonly disallowedHi: number;
  /** Bits whose change needs a new check, low word. */
  readonly recheckLo: number;
  /** Bits whose change needs a new check, high word. */
  readonly recheckHi: number;
  /** First slot that is Xen's; past the end if there is none. */
  readonly privateFirst: number;
  /** One past the last slot that is Xen's. */
  readonly privateEnd: number;
  /** Whether only the L2 of slot 3 has them. */
  readonly privateOnlyInPaeXenL2: boolean;
  /** The release's row. */
  readonly row: XenLevel;
  readonly #flagShift: number;

  /**
   * The rules of a level.
   *
   * @param release The release.
   * @param mode The guest's paging mode.
   * @param row The level's row.
   * @param traits The domain.
   */
  constructor(release: XenRelease, mode: Mode, row: XenLevel, traits: DomainTraits) {
    const level = mode.levels[mode.levels.length - row.depth];
    if (level === undefined) throw new RangeError(`Expected a level of ${mode.id} but found L${row.depth}`);
    this.row = row;
    this.depth = row.depth;
    this.type = tableType(row.depth);
    this.entries = 1 << level.bits;
    this.shift = level.shift;
    this.#flagShift = release.flagShift;
    const disallowed = (row.disallowed | (traits.debug ? row.debugDisallowed : 0)) &
      ~(traits.privileged ? row.privilegedMay : 0);
    this.disallowedLo = disallowed & 0xfff;
    const hi = mode.entryWords === 1 ? 0 : (disallowed & ~0xfff) << release.flagShift;
    this.disallowedHi = row.nx && traits.cpu.nx ? hi & ~NX : hi;
    this.recheckLo = FRAME_LO | (row.recheck & 0xfff);
    this.recheckHi = FRAME_HI | ((row.recheck & ~0xfff) << release.flagShift);
    this.privateFirst = row.privateSlots?.first ?? this.entries;
    this.privateEnd = row.privateSlots?.end ?? this.entries;
    this.privateOnlyInPaeXenL2 = row.privateSlots?.onlyInPaeXenL2 ?? false;
  }

  /** Whether a slot is Xen's. `paeXenL2`: whether the table is the L2 with Xen's mappings. */
  isPrivate(slot: number, paeXenL2: boolean): boolean {
    return slot >= this.privateFirst && slot < this.privateEnd && (paeXenL2 || !this.privateOnlyInPaeXenL2);
  }

  /** The flags of an entry that the release forbids, packed as its log shows them. */
  badFlags(hi: number, lo: number): number {
    return ((lo & this.disallowedLo) | (((hi & this.disallowedHi) >>> this.#flagShift) & ~0xfff)) >>> 0;
  }

  /** The low word of an entry with the bits that Xen adds. */
  addedLo(hi: number, lo: number): number {
    const { added } = this.row;
    if (added === undefined || (lo & P) === 0) return lo;
    if ((lo & US) === 0) return lo | added.kernelLo;
    return (hi & added.kernelHi) === 0 ? lo | added.userLo : lo;
  }

  /** The high word of an entry with the bits that Xen adds. `lo` is the low word before they were added. */
  addedHi(hi: number, lo: number): number {
    const { added } = this.row;
    return added !== undefined && (lo & (P | US)) === P ? hi | added.kernelHi : hi;
  }
}

/**
 * The rules of all levels.
 *
 * @param release The release.
 * @param contract Its contract for the mode.
 * @param mode The guest's paging mode.
 * @param traits The domain.
 * @returns The rules, L1 first.
 */
export function levelRules(
  release: XenRelease,
  contract: XenContract,
  mode: Mode,
  traits: DomainTraits,
): readonly LevelRules[] {
  return contract.levels.map((row) => new LevelRules(release, mode, row, traits));
}
