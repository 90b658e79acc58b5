/**
 * The domain builder: it makes the template, the page tables on which a paravirtual kernel starts.
 *
 * Source: Xen 3.1, tools/libxc/xc_dom_x86.c; `start_info` is of include/public/xen.h.
 *
 * @module
 */

import { highWord, lowWord } from "../mmu/entry.ts";
import { checkArguments, integer, optional, options as optionsOf } from "../check.ts";
import { P, RW } from "../mmu/mod.ts";
import type { Domain } from "./domain.ts";
import { aHypervisor, type Hypervisor } from "./hypervisor.ts";
import { MMUEXT, mmuextOp } from "./mmuext_op.ts";
import { describeRefusal } from "./refusal.ts";
import { type BuildOptions, layOutRegion, type Region, type StartInfo } from "./start_of_day.ts";

const FRAME_WORDS = 1024;

/**
 * Builds a domain: lays out its initial region, writes p2m, `start_info` and the template tables, pins the root and loads CR3. So the root has two
 * type references (trap T13).
 *
 * Every page of the region is mapped: writable, but for the page-table frames. Kernel text is writable too. No entry has D, G or NX (trap T17).
 *
 * @param xen A hypervisor whose domain is not built yet.
 * @param options Where the kernel ends, and how large the template is.
 * @returns Where everything is.
 * @throws {RangeError} If the region does not fit the domain, or the domain is built already.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CPUS, MODES } from "@pagetable-init/textbook";
 * import { buildDomain, Hypervisor, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const xen = new Hypervisor({
 *   release: XEN_RELEASES["3.1"], mode: MODES["two-level"], cpu: CPUS.p6,
 *   guestPages: 0x4000, machineFrames: 0x8000, p2m: (pfn) => 0x7fff - pfn,
 * });
 * const start = buildDomain(xen);
 * assertEquals(start.pageTables, [0x513, 0x514, 0x515]);
 * assertEquals(start.bootStack, 0x516);
 * ```
 */
export function buildDomain(xen: Hypervisor, options: BuildOptions = {}): StartInfo {
  checkArguments(PARAMETERS, [xen, options]);
  const { domain } = xen;
  if (domain.rootMfn >= 0) throw new RangeError("Expected a domain without tables but found one that is built already");
  const { mode, contract, p2m } = domain;
  const { virtBase } = contract.builder;
  const region = layOutRegion(mode, contract.builder, p2m.length, options);
  writeTables(domain, region);
  writeP2m(domain, region);
  const cr3Mfn = p2m[region.ptBase] ?? 0;
  const start = { ...region, virtBase, nrPages: p2m.length, cr3Mfn, sharedInfoMfn: domain.sharedInfoMfn };
  writeStartInfo(domain, start);
  const refusal = mmuextOp(domain, MMUEXT.PIN_L1_TABLE + domain.levels.length - 1, cr3Mfn, 0, 0) ??
    mmuextOp(domain, MMUEXT.NEW_BASEPTR, cr3Mfn, 0, 0);
  if (refusal !== undefined) {
    throw new RangeError(`Expected the template to be valid but found: ${describeRefusal(refusal)}`);
  }
  return start;
}

/** The entries of each level map the frames of the level below in their order; those of L1 the pages of the region. */
function writeTables(domain: Domain, region: Region): void {
  const { contract: { builder }, mode } = domain;
  const firstTable = firstTables(region);
  const firstPage = builder.virtBase.hi * 0x10_0000 + builder.virtBase.lo / 4096;
  [...mode.levels].reverse().forEach(({ shift, bits }, below) => {
    const entries = 2 ** bits;
    const first = Math.floor(firstPage / 2 ** (shift - 12));
    const targets = below === 0 ? region.mappedPages : region.tablesPerLevel[below - 1] ?? 0;
    const flags = builder.tableFlags[below - 1] ?? P;
    for (let n = 0; n < targets; n++) {
      const pfn = below === 0 ? n : (firstTable[below - 1] ?? 0) + n;
      const mfn = domain.p2m[pfn] ?? 0;
      const table = (firstTable[below] ?? 0) + Math.floor((first + n) / entries) - Math.floor(first / entries);
      const lo = lowWord(mfn, below === 0 ? leafFlags(region, builder.leafFlags, pfn) : flags);
      domain.writeEntry(domain.p2m[table] ?? 0, (first + n) % entries, Math.floor(mfn / 0x10_0000), lo);
    }
  });
}

/** pfn of the first table of each level, L1 first: the root comes first in memory. */
function firstTables({ ptBase, tablesPerLevel }: Region): number[] {
  return tablesPerLevel.map((_, level) => tablesPerLevel.slice(level + 1).reduce((sum, n) => sum + n, ptBase));
}

function leafFlags(region: Region, flags: number, pfn: number): number {
  const isTable = pfn >= region.ptBase && pfn < region.ptBase + region.nrPtFrames;
  return isTable ? flags & ~RW : flags;
}

function writeP2m(domain: Domain, { mfnList }: Region): void {
  const { memory } = domain.machine;
  const { p2m, contract: { builder: { p2mBytes } } } = domain;
  const words = new Int32Array(FRAME_WORDS);
  const perFrame = 4096 / p2mBytes;
  for (let first = 0; first < p2m.length; first += perFrame) {
    words.fill(0);
    for (let i = 0; i < perFrame && first + i < p2m.length; i++) words[i * p2mBytes / 4] = p2m[first + i] ?? 0;
    memory.writeFrame(p2m[mfnList + first / perFrame] ?? 0, words);
  }
}

/** `struct start_info` as far as page tables are concerned: magic, nr_pages, shared_info, store_mfn, console mfn, pt_base, nr_pt_frames, mfn_list. */
function writeStartInfo(domain: Domain, start: StartInfo): void {
  const { machine: { memory }, p2m, contract: { builder } } = domain;
  const frame = p2m[start.startInfo] ?? 0;
  const wide = builder.p2mBytes === 8;
  [...builder.magic].forEach((letter, i) => {
    memory.write(frame, i >> 2, memory.read(frame, i >> 2) | (letter.charCodeAt(0) << (8 * (i & 3))));
  });
  const linear = (pfn: number) => (builder.virtBase.lo + pfn * 4096) | 0;
  const put = (word: number, hi: number, lo: number) => {
    memory.write(frame, word, lo);
    if (wide) memory.write(frame, word + 1, hi);
  };
  const [nrPages, sharedInfo, store, console, ptBase, nrPt, mfnList] = wide
    ? [8, 10, 14, 18, 22, 24, 26]
    : [8, 9, 11, 13, 15, 16, 17];
  const { hi } = builder.virtBase;
  put(nrPages, 0, start.nrPages);
  put(sharedInfo, highWord(start.sharedInfoMfn), lowWord(start.sharedInfoMfn, 0));
  put(store, 0, p2m[start.xenstore] ?? 0);
  put(console, 0, p2m[start.console] ?? 0);
  put(ptBase, hi, linear(start.ptBase));
  put(nrPt, 0, start.nrPtFrames);
  put(mfnList, hi, linear(start.mfnList));
}

const BYTES = optional(integer(0, 2 ** 40));
const PARAMETERS = {
  xen: aHypervisor,
  options: optionsOf("buildDomain", { kernelEnd: BYTES, ramdiskBytes: BYTES, minimumMappedBytes: BYTES }),
};
