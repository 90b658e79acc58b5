import { assertEquals } from "@std/assert";
import { P, PS, RW } from "../../../core/mmu/mod.ts";
import { type Hypervisor, MMUEXT, XEN_RELEASES, type XenLevel, type XenRelease } from "../../../core/xen/mod.ts";
import {
  type Contract,
  CONTRACTS,
  DATA,
  EINVAL,
  named,
  OTHER,
  SampleDomain,
} from "../../../chapters/guests/sample_domain.ts";

import { PROOF, TARGET } from "./attack_parts.ts";

/** Attacks that once worked on a real Xen, in our own words and code. Each ends with the guest writing a frame of Xen's, or with what stopped it. */
type Attack = (domain: SampleDomain) => typeof WRITTEN | "fault" | number;

const WRITTEN = "Xen's memory is written";
/** An entry that maps it writable. */
const FORGED = (TARGET << 12) | 0x67;

/** Slot of the L2 below which the attacks play; nothing is there. */
const SLOT = 100;
/** A page whose machine frame could be the first of a large page. */
const ALIGNED = 0x7ff;

function l2Of({ xen, start }: SampleDomain): number {
  return start.pageTables[xen.domain.levels.length - 2] ?? 0;
}

/** Slot of that L2 that maps a page of the template. */
function slotOf({ xen, start }: SampleDomain, pfn: number): number {
  const { shift, entries } = xen.domain.rulesOf(2);
  return ((start.virtBase.lo >>> shift) & (entries - 1)) + Math.floor(pfn / xen.domain.l1.entries);
}

/** Linear address of a word of the page that entry `index` of the table in `slot` of that L2 maps. */
function below({ xen, start }: SampleDomain, slot: number, index: number, offset = 0): { hi: number; lo: number } {
  const { shift, entries } = xen.domain.rulesOf(2);
  const first = entries === 1024 ? 0 : start.virtBase.lo;
  return { hi: start.virtBase.hi | 0, lo: (first + slot * 2 ** shift + index * 4096 + offset) | 0 };
}

function flush({ xen }: SampleDomain): void {
  xen.mmuextOp(MMUEXT.TLB_FLUSH_LOCAL);
}

/** What a store through a mapping of the target comes to. */
function proof({ xen }: SampleDomain, { hi, lo }: { hi: number; lo: number }): ReturnType<Attack> {
  if (xen.store32(hi, lo, PROOF).fault !== undefined) return "fault";
  return xen.machine.memory.read(TARGET, (lo & 0xfff) >>> 2) === PROOF ? WRITTEN : "fault";
}

/** A release with other rows for its levels. */
function withLevels(id: Contract[0], change: (level: XenLevel) => XenLevel): XenRelease {
  const contracts = Object.entries(XEN_RELEASES[id].contracts).map(([mode, contract]) => {
    return [mode, { ...contract, levels: contract.levels.map(change) }];
  });
  return { ...XEN_RELEASES[id], contracts: Object.fromEntries(contracts) };
}

/**
 * After XSA-182 (26 July 2016, CVE-2016-6258): the fast path for entries of which only harmless bits change took RW for harmless. A linear map is allowed
 * read-only; the fast path makes it writable, and through it every L1 below the L2 can be written.
 *
 * Fixed by e1bff4c2ea. Xen 3.1 has that fast path (`recheck` of its tables is P alone): our reading of its `mod_l2_entry`.
 */
function writableLinearMap(domain: SampleDomain): ReturnType<Attack> {
  const { xen } = domain;
  const l2 = l2Of(domain);
  const rc = domain.update(l2, SLOT, l2, P) || domain.update(l2, SLOT, l2, P | RW);
  if (rc !== 0) return rc;
  flush(domain);
  const entry = below(domain, SLOT, slotOf(domain, DATA), domain.index(DATA) * xen.domain.words * 4);
  if (xen.store32(entry.hi, entry.lo, FORGED).fault !== undefined) return "fault";
  flush(domain);
  return proof(domain, domain.linear(DATA));
}

/**
 * After XSA-148 (29 October 2015, CVE-2015-7835): with large pages optional, PS was no longer refused, and the fast path did not look at it. An L2 entry
 * that links an L1 becomes a large page over the L1 and its neighbours; the L1 is written, and PS is taken away again.
 *
 * Fixed by fe360c90ea. The sequence is our own.
 */
function largePage(domain: SampleDomain): ReturnType<Attack> {
  const { xen } = domain;
  const l2 = l2Of(domain);
  const rc = domain.map(ALIGNED, ALIGNED, 0x061) || domain.update(l2, SLOT, ALIGNED, 0x067) ||
    domain.update(l2, SLOT, ALIGNED, 0x067 | PS);
  if (rc !== 0) return rc;
  flush(domain);
  const first = below(domain, SLOT, 0);
  if (xen.store32(first.hi, first.lo, FORGED).fault !== undefined) return "fault";
  const back = domain.update(l2, SLOT, ALIGNED, 0x067);
  if (back !== 0) return back;
  flush(domain);
  return proof(domain, first);
}

/**
 * After XSA-401 (9 June 2022, CVE-2022-26362): a frame became a page table while a CPU still had a writable translation of it, since the flush came too
 * early in a race. There is one CPU here, so it is the idea alone: without the flush at the change of type the guest keeps its translation.
 *
 * Fixed by 8cc5036bc3.
 */
function keptTranslation(domain: SampleDomain): ReturnType<Attack> {
  domain.store(DATA, 0, 0);
  const rc = domain.map(DATA, DATA, 0x061) || domain.xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)).rc;
  if (rc !== 0) return rc;
  if (domain.store(DATA, 0, FORGED) !== undefined) return "fault";
  const linked = domain.update(l2Of(domain), SLOT, DATA, 0x067);
  return linked === 0 ? proof(domain, below(domain, SLOT, 0)) : linked;
}

/** Planted bug: flushes are counted and not made. */
function forgetsToFlush(domain: SampleDomain): SampleDomain {
  domain.xen.domain.flushTlb = () => void domain.xen.domain.tlbClock++;
  return domain;
}

/** Planted bug: RW of a table's entry is harmless. */
const RW_HARMLESS = withLevels("4.17", (level) => level.depth === 1 ? level : { ...level, recheck: P });
/** Xen 3.1 as it should have been. */
const RW_CHECKED = withLevels("3.1", (level) => ({ ...level, recheck: level.recheck | RW }));
/** Planted bug: PS may be set, and is harmless. */
const psHarmless = (id: Contract[0]) =>
  withLevels(id, (level) => level.depth === 2 ? { ...level, disallowed: level.disallowed & ~PS, recheck: P } : level);

for (const contract of CONTRACTS) {
  const [id] = contract;

  if (id === "3.1") {
    Deno.test(`in 2007 a linear map could be made writable, and Xen's memory with it (XSA-182; ${named(contract)})`, () => {
      assertEquals(writableLinearMap(new SampleDomain(contract)), WRITTEN);
      assertEquals(writableLinearMap(new SampleDomain(contract, { release: RW_CHECKED })), EINVAL);
    });
  } else {
    Deno.test(`a linear map cannot be made writable by the fast path (XSA-182; ${named(contract)})`, () => {
      assertEquals(writableLinearMap(new SampleDomain(contract)), EINVAL);
      assertEquals(writableLinearMap(new SampleDomain(contract, { release: RW_HARMLESS })), WRITTEN);
    });
  }

  Deno.test(`a table's entry cannot be made a large page by the fast path (XSA-148; ${named(contract)})`, () => {
    assertEquals(largePage(new SampleDomain(contract)), EINVAL);
    assertEquals(largePage(new SampleDomain(contract, { release: psHarmless(id) })), WRITTEN);
  });

  Deno.test(`a frame that becomes a table cannot be written by a translation from before (XSA-401; ${named(contract)})`, () => {
    assertEquals(keptTranslation(new SampleDomain(contract)), "fault");
    assertEquals(keptTranslation(forgetsToFlush(new SampleDomain(contract))), WRITTEN);
  });
}

/**
 * A hypervisor that finds L1 tables by a linear map of the guest's tables, as Xen does: what the CPU remembers of that map lasts until a flush. Ours reads
 * tables as physical memory and needs none.
 */
function walksByLinearMap({ domain }: Hypervisor): void {
  const walk = domain.findL1Entry.bind(domain);
  const remembered = new Map<number, number>();
  let clock = domain.tlbClock;
  domain.findL1Entry = (hi, lo) => {
    if (clock !== domain.tlbClock) remembered.clear();
    clock = domain.tlbClock;
    const table = remembered.get(lo >>> 21);
    if (!walk(hi, lo)) return false;
    domain.foundMfn = table ?? domain.foundMfn;
    remembered.set(lo >>> 21, domain.foundMfn);
    return true;
  };
}

/**
 * After XSA-286 (20 October 2020): Xen's own use of linear page tables outlived updates of the tables above L1, so that a request for one address could
 * change what another address maps.
 *
 * Two L1 tables; the first is linked in two slots. The L2 then links the second in the first slot, and an address there is remapped.
 *
 * Fixed by 16a20963b3, which flushes after each such update. The sequence is our own.
 *
 * @returns The flags of the entry in the first and in the second table.
 */
function staleLinearMap(contract: Contract, flushesTableUpdates: boolean, byLinearMap: boolean): number[] {
  const domain = new SampleDomain(contract, { release: { ...XEN_RELEASES["4.17"], flushesTableUpdates } });
  const { xen } = domain;
  const l2 = l2Of(domain);
  if (byLinearMap) walksByLinearMap(xen);
  for (const table of [DATA, OTHER]) assertEquals(domain.map(table, table, 0x061), 0);
  const remap = (flags: number) => {
    const { lo, hi } = domain.entry(DATA + 2, flags);
    const at = below(domain, SLOT, 0);
    assertEquals(xen.updateVaMapping(at.hi, at.lo, hi, lo).rc, 0);
  };
  flush(domain);
  assertEquals(domain.update(l2, SLOT, DATA, 0x067) || domain.update(l2, SLOT + 1, DATA, 0x067), 0);
  remap(0x021);
  assertEquals(domain.update(l2, SLOT, OTHER, 0x067), 0);
  remap(0x061);
  return [DATA, OTHER].map((table) => xen.domain.entryLo(domain.mfn(table), 0) & 0x061);
}

for (const contract of CONTRACTS.filter(([id]) => id === "4.17")) {
  Deno.test(`an address is remapped in the table that it has now, not in the one that it had (XSA-286; ${named(contract)})`, () => {
    assertEquals(staleLinearMap(contract, true, false), [0x021, 0x061]);
    assertEquals(staleLinearMap(contract, true, true), [0x021, 0x061], "the flush protects a walk by linear map");
    assertEquals(staleLinearMap(contract, false, true), [0x061, 0], "without it the other mapping changes");
  });
}
