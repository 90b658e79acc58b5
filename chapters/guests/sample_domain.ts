/**
 * A built domain with a permuted p2m, and short ways to name what is in it. A template of 8M for a kernel of 5M unless said otherwise.
 *
 * @module
 */
import { CPUS, type Fault, type Mode, MODES } from "../../core/mmu/mod.ts";
import {
  buildDomain,
  type BuildOptions,
  formatTypeInfo,
  Hypervisor,
  type HypervisorOptions,
  type StartInfo,
  XEN_RELEASES,
} from "../../core/xen/mod.ts";

/** A release and a mode in which it runs guests. */
export type Contract = readonly [release: keyof typeof XEN_RELEASES, mode: Mode["id"]];

/** All that there are. */
export const CONTRACTS: readonly Contract[] = [
  ["3.1", "two-level"],
  ["3.1", "pae"],
  ["4.17", "pae"],
  ["4.17", "4-level"],
];

/** Guest frames run backwards from the end of this machine, so that no pfn is its own mfn. */
const MACHINE_FRAMES = 0x6000;
const GUEST_PAGES = 0x4000;

/** A domain and its start. */
export class SampleDomain {
  readonly xen: Hypervisor;
  readonly start: StartInfo;

  constructor([release, mode]: Contract, options: Partial<HypervisorOptions> = {}, build: BuildOptions = {}) {
    this.xen = new Hypervisor({
      release: XEN_RELEASES[release],
      mode: MODES[mode],
      cpu: CPUS.k8,
      guestPages: GUEST_PAGES,
      machineFrames: MACHINE_FRAMES,
      p2m: (pfn) => MACHINE_FRAMES - 1 - pfn,
      ...options,
    });
    this.start = buildDomain(this.xen, build);
  }

  /** Machine frame of a pfn. */
  mfn(pfn: number): number {
    return this.xen.domain.p2m[pfn] ?? -1;
  }

  /** Linear address of a page in two signed words. */
  linear(pfn: number, offset = 0): { readonly hi: number; readonly lo: number } {
    const { hi, lo } = this.start.virtBase;
    return { hi: hi | 0, lo: (lo + pfn * 4096 + offset) | 0 };
  }

  /** pfn of the template's L1 that maps a page of the template. */
  l1Of(pfn: number): number {
    const { levels } = this.xen.domain;
    return this.start.ptBase + this.start.nrPtFrames - this.#l1Tables() + Math.floor(pfn / (levels[0]?.entries ?? 1));
  }

  #l1Tables(): number {
    return this.start.mappedPages / this.xen.domain.l1.entries;
  }

  /** Index of a page's entry in its L1. */
  index(pfn: number): number {
    return pfn % this.xen.domain.l1.entries;
  }

  /** Entry words for a page. */
  entry(pfn: number, flags: number, hiFlags = 0): { readonly lo: number; readonly hi: number } {
    return { lo: (this.mfn(pfn) << 12) | flags, hi: hiFlags };
  }

  /** The L1 entry of a page in the template: low word, unsigned. */
  leaf(pfn: number): number {
    return this.xen.domain.entryLo(this.mfn(this.l1Of(pfn)), this.index(pfn)) >>> 0;
  }

  /** Flags of that entry, bits 11..0. */
  flags(pfn: number): number {
    return this.leaf(pfn) & 0xfff;
  }

  /** update_va_mapping of a page of the template. */
  map(pfn: number, target: number, flags: number, flush = 0): number {
    const { hi, lo } = this.linear(pfn);
    const entry = this.entry(target, flags);
    return this.xen.updateVaMapping(hi, lo, entry.hi, entry.lo, flush).rc;
  }

  /** mmu_update of an entry of a table named by pfn. */
  update(table: number, index: number, target: number, flags: number, command = 0): number {
    const entry = this.entry(target, flags);
    return this.xen.mmuUpdate(this.mfn(table), index, entry.hi, entry.lo, command).rc;
  }

  /** A store of a whole entry to a page, as the guest's kernel makes it: in PAE the high word first. */
  storeEntry(page: number, index: number, lo: number, hi = 0): Fault | undefined {
    const { xen } = this;
    const at = this.linear(page, index * xen.domain.words * 4);
    if (at.hi !== 0) return xen.store64(at.hi, at.lo, hi, lo).fault;
    const high = xen.domain.words === 2 ? xen.store32(0, at.lo + 4, hi).fault : undefined;
    return high ?? xen.store32(0, at.lo, lo).fault;
  }

  /** A store of 4 bytes to a page. */
  store(pfn: number, offset: number, value: number): Fault | undefined {
    const { hi, lo } = this.linear(pfn, offset);
    return this.xen.store32(hi, lo, value).fault;
  }

  /** type_info of a page, as the release prints it. */
  type(pfn: number): string {
    return formatTypeInfo(this.xen.release, this.xen.frames.typeInfo[this.mfn(pfn)] ?? 0);
  }

  /** What Xen has printed since the last call. */
  said(): string[] {
    const lines = this.xen.log.map(({ text }) => text);
    this.xen.log.length = 0;
    return lines;
  }
}

/** A page of the template that is neither table nor stack: ordinary memory. */
export const DATA = 0x600;
/** Another one. */
export const OTHER = 0x601;
/** -EINVAL. */
export const EINVAL = -22;

/** Name of a contract in a test's name. */
export function named([release, mode]: Contract): string {
  return `Xen ${release}, ${mode}`;
}
