/**
 * The kernel's side of Xen: `xen_paravirt_ops` of Linux 2.6.23.
 *
 * @module
 */

import { kernelServices } from "./shapes.ts";
import { aHypervisor } from "../xen/hypervisor.ts";
import { callable, checkArguments, flag, integer, optional, options as optionsOf, shape } from "../check.ts";
import { frameOf, lowWord } from "../mmu/entry.ts";
import { A, D, P, RW } from "../mmu/mod.ts";
import {
  describeRefusal,
  type HypercallResult,
  type Hypervisor,
  MMUEXT,
  type StartInfo,
  UVMF_INVLPG,
} from "../xen/mod.ts";
import { entryWriter } from "./entry_writer.ts";
import { type EntryWriter, type KernelServices, pageStructuresOf, type PvOps } from "./ops.ts";
import { pinnedTables } from "./pinned_tables.ts";
import { SpecialPages } from "./special_pages.ts";
import { Stopped } from "./stop.ts";

/** `PAGE_KERNEL` as the back-end uses it. */
const PAGE_KERNEL = P | RW | A | D;

/** The Xen back-end's options, which depend on platform and strategy. */
export interface XenOptions {
  /** Whether `alloc_pd` makes a new table of a higher level read-only. In 2.6.23 it did nothing: that kernel never needed it. */
  readonly allocPdReadOnly: boolean;
  /** Whether `make_pte` keeps NX (trap T27). */
  readonly makePteKeepsNx: boolean;
  /** Makes the strategy's `set_pte`, which serves during `pagetable_init`, from the plain one. */
  readonly initSetPte: ((plain: EntryWriter) => EntryWriter) | undefined;
}

/**
 * The Xen operations of Linux 2.6.23.
 *
 * `set_pte` is undefined until `pagetable_setup_start`, as it was then: a kernel without the setup hooks jumps to address 0.
 *
 * @param xen The hypervisor.
 * @param start The domain builder's layout: places of tables, `start_info` and `shared_info`.
 * @param kernel The kernel that the operations serve.
 * @param options Platform and strategy.
 * @returns A fresh record.
 *
 * Source: Linux 2.6.23 arch/i386/xen/enlighten.c and mmu.c; commits 5ead97c84fa7, 3b827c1b3aad, f4f97b3ea901, 9a4029fd3409.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot, CPUS, MODES } from "@pagetable-init/textbook";
 * import { xenOps } from "@pagetable-init/textbook/paravirt";
 * import { buildDomain, Hypervisor, XEN_RELEASES } from "@pagetable-init/textbook/xen";
 *
 * const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
 * const machine = { release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6, machineFrames: 0x8000 };
 * const xen = new Hypervisor({ ...machine, guestPages: 0x4000, p2m: (pfn) => 0x7fff - pfn });
 * const options = { allocPdReadOnly: false, makePteKeepsNx: true, initSetPte: undefined };
 * const ops = xenOps(xen, buildDomain(xen), kernel, options);
 * assertEquals([ops.toMachine(1), ops.toPfn(0x7ffe), ops.setPte], [0x7ffe, 1, undefined]);
 * ```
 */
export function xenOps(xen: Hypervisor, start: StartInfo, kernel: KernelServices, options: XenOptions): PvOps {
  checkArguments(PARAMETERS, [xen, start, kernel, options]);
  const { bus } = kernel;
  const update = mmuUpdate(xen, kernel);
  const plain = entryWriter(bus, "hi,lo");
  const tables = new KnownTables(start);
  const protect = (pfn: number) => {
    tables.add(pfn);
    setWritable(xen, kernel, pfn, false);
  };
  const unprotect = (pfn: number) => {
    tables.remove(pfn);
    setWritable(xen, kernel, pfn, true);
  };
  const ops: PvOps = {
    name: "Xen",
    pagetableSetupStart: (base) => {
      ops.setPte = options.initSetPte?.(plain) ?? plain;
      setupStart(xen, start, kernel, ops, base, protect);
    },
    pagetableSetupDone: (base) => {
      ops.setPte = plain;
      usePageStructures(kernel, ops, protect, unprotect);
      if (options.allocPdReadOnly) ops.allocPd = ops.allocPt;
      mapSharedInfo(start, kernel, ops);
      pinBase(xen, kernel, base);
    },
    allocPt: protect,
    allocPd: options.allocPdReadOnly ? protect : () => {},
    setPte: undefined,
    pteClear: entryWriter(bus, "lo,hi"),
    setPmd: update,
    setPud: update,
    toMachine: (pfn) => xen.domain.p2m[pfn] ?? 0,
    toPfn: (frame) => xen.domain.m2p[frame] ?? -1,
    makePteKeepsNx: options.makePteKeepsNx,
    writeCr3: (pfn) =>
      bugOn(xen.mmuextOp(MMUEXT.NEW_BASEPTR, xen.domain.p2m[pfn] ?? 0), `new base pointer, pfn 0x${hex(pfn)}`),
    setInCr4: () => {},
    flushTlbAll: () => bugOn(xen.mmuextOp(MMUEXT.TLB_FLUSH_LOCAL), "TLB flush"),
    flushTlbSingle: (address) => bugOn(xen.mmuextOp(MMUEXT.INVLPG_LOCAL, 0, bus.hi, address | 0), "flush of a page"),
    tablesMayBeWritable: false,
    writeBootLeaf: (address, _entry, hi, lo) =>
      bugOn(xen.updateVaMapping(bus.hi, address | 0, hi, lo, UVMF_INVLPG), "update_va_mapping of a borrowed leaf"),
    releasePt: unprotect,
    postAllocatorInit: () => {
      for (const pfn of pinnedTables(xen, kernel)) pageStructuresOf(kernel, pfn).setPinned(pfn, true);
    },
    pagePermissions: (pfn, flags) => tables.has(pfn) ? flags & ~RW : flags,
    specialPages: tables.special,
    programPat: () => {},
    templateTables: { first: start.ptBase, end: start.ptBase + start.nrPtFrames },
  };
  return ops;
}

/**
 * `xen_alloc_pt` and `xen_release_pt`, which take over when the first tables are finished. Before that the hooks treat every table as pinned. Now
 * `PG_pinned` decides: a new table of a pinned root is made read-only and marked, and a marked page becomes writable again when it is released.
 */
function usePageStructures(
  kernel: KernelServices,
  ops: PvOps,
  protect: (pfn: number) => void,
  unprotect: (pfn: number) => void,
): void {
  ops.allocPt = (pfn) => {
    const pages = pageStructuresOf(kernel, pfn);
    if (!pages.isPinned(kernel.pfnOf(kernel.initMmPgd))) return;
    pages.setPinned(pfn, true);
    protect(pfn);
  };
  ops.releasePt = (pfn) => {
    const pages = pageStructuresOf(kernel, pfn);
    if (!pages.isPinned(pfn)) return;
    unprotect(pfn);
    pages.setPinned(pfn, false);
  };
}

/**
 * `xen_pagetable_setup_start`: the new root starts as a copy of Xen's, the last-level tables are shared from then on.
 *
 * In PAE the L2 of slot 3 is copied too, because Xen does not let two roots share it (trap T5).
 */
function setupStart(
  xen: Hypervisor,
  start: StartInfo,
  kernel: KernelServices,
  ops: PvOps,
  base: number,
  protect: (pfn: number) => void,
): void {
  const { bus, image } = kernel;
  const { mode } = xen.domain;
  const template = kernel.pageOffset + start.ptBase * 4096;
  const rootWords = (1 << (mode.levels[0]?.bits ?? 0)) * mode.entryWords;
  kernel.initMmPgd = base;
  for (let word = 0; word < rootWords; word++) bus.store(base + word * 4, bus.load(template + word * 4));
  if (mode.rootInRegisters) copyDirectories(kernel, ops, base, protect);
  protect(image.emptyZeroPage);
  protect(image.swapperPgDir);
  ops.writeCr3(image.swapperPgDir);
}

function copyDirectories(kernel: KernelServices, ops: PvOps, base: number, protect: (pfn: number) => void): void {
  const { bus } = kernel;
  for (let slot = 0; slot < 4; slot++) {
    const lo = bus.load(base + slot * 8);
    if ((lo & P) === 0) continue;
    const from = kernel.pageOffset + ops.toPfn(frameOf(0, lo)) * 4096;
    const pfn = kernel.allocTablePage();
    kernel.withWritable(pfn, (to) => {
      for (let offset = 0; offset < 4096; offset += 4) bus.store(to + offset, bus.load(from + offset));
    });
    protect(pfn);
    kernel.recorded("set_pud", base + slot * 8, 0, lowWord(ops.toMachine(pfn), P), ops.setPud);
  }
}

/**
 * The page tables that the back-end knows at this time: the builder's, and those that its own hooks have made read-only. The page structures
 * do not exist yet (trap T31), so a page that becomes a table later gets a wrong answer until then.
 */
class KnownTables {
  readonly special = new SpecialPages();
  readonly #pages = new Set<number>();

  constructor({ ptBase, nrPtFrames }: StartInfo) {
    for (let pfn = ptBase; pfn < ptBase + nrPtFrames; pfn++) this.add(pfn);
  }

  add(pfn: number): void {
    this.#pages.add(pfn);
    this.special.add({ first: pfn, end: pfn + 1, property: "read-only" });
  }

  remove(pfn: number): void {
    this.#pages.delete(pfn);
    this.special.remove(pfn, "read-only");
  }

  has(pfn: number): boolean {
    return this.#pages.has(pfn);
  }
}

/**
 * `make_lowmem_page_readonly` and `_readwrite`: takes or gives RW in the leaf that maps a page, by hypercall.
 *
 * If the table of the leaf is missing, 2.6.23 ends with a `BUG_ON`; a kernel with `early_ioremap` skips the page. An absent leaf stays as it is.
 * The hypercall asks for no flush: Xen flushes when the frame changes its type (trap T9).
 *
 * @param xen The hypervisor.
 * @param kernel The kernel.
 * @param pfn The page.
 * @param writable Whether RW is to be set.
 * @throws {Stopped} If Xen refuses, or the table is missing.
 */
function setWritable(xen: Hypervisor, kernel: KernelServices, pfn: number, writable: boolean): void {
  const { bus } = kernel;
  const address = kernel.pageOffset + pfn * 4096;
  const entry = kernel.lookupAddress(address);
  if (entry === undefined && !kernel.earlyIoremap) {
    const message = `make_lowmem_page_${writable ? "readwrite" : "readonly"} of pfn 0x${hex(pfn)}: BUG_ON(pte == NULL)`;
    throw new Stopped({ kind: "kernel-bug", message });
  }
  if (entry === undefined || (bus.load(entry) & P) === 0) return;
  const lo = writable ? bus.load(entry) | RW : bus.load(entry) & ~RW;
  const hi = bus.entryWords === 2 ? bus.load(entry + 4) : 0;
  kernel.recorded("update_va_mapping", entry, hi, lo, (_entry, hi, lo) => {
    bugOn(xen.updateVaMapping(bus.hi, address | 0, hi, lo, 0), `update_va_mapping of pfn 0x${hex(pfn)}`);
  });
}

/** `xen_set_pmd`, `xen_set_pud`: a checked store by hypercall, by the machine address of the entry. */
function mmuUpdate(xen: Hypervisor, kernel: KernelServices): EntryWriter {
  const words = kernel.bus.entryWords;
  return (entry, hi, lo) => {
    const pfn = kernel.pfnOf(entry);
    const index = ((entry & 0xfff) >>> 2) / words;
    bugOn(xen.mmuUpdate(xen.domain.p2m[pfn] ?? 0, index, hi, lo), `mmu_update of entry ${index} in pfn 0x${hex(pfn)}`);
  };
}

/** `shared_info` is a machine frame without a pfn (trap T32): `set_pte_mfn` into the fixmap slot kept for it. */
function mapSharedInfo(start: StartInfo, kernel: KernelServices, ops: PvOps): void {
  const entry = kernel.lookupAddress(kernel.paravirtBootmap);
  if (entry === undefined || ops.setPte === undefined) {
    throw new Stopped({ kind: "kernel-bug", message: "the fixmap has no page table" });
  }
  kernel.recorded("set_pte", entry, 0, lowWord(start.sharedInfoMfn, PAGE_KERNEL), ops.setPte);
}

/** 2.6.23 pinned at level 3 in both modes; a two-level Xen ignores that without an error (trap T12). Long mode pins level 4. */
function pinBase(xen: Hypervisor, kernel: KernelServices, base: number): void {
  const pfn = (base - kernel.pageOffset) >>> 12;
  const command = kernel.bus.hi === 0 ? MMUEXT.PIN_L3_TABLE : MMUEXT.PIN_L4_TABLE;
  bugOn(xen.mmuextOp(command, xen.domain.p2m[pfn] ?? 0), "pin of the root table");
}

/** Ends the boot as `BUG()` does, for a hypercall that must not fail. */
function bugOn(result: HypercallResult, what: string): void {
  if (result.ok) return;
  const { rc, refusal } = result;
  const message = `${what} returned ${rc}: ${describeRefusal(refusal)}; BUG()`;
  throw new Stopped({ kind: "refused-by-xen", message, refusal, fault: undefined });
}

function hex(value: number): string {
  return value.toString(16);
}

const PARAMETERS = {
  xen: aHypervisor,
  start: shape("what a domain builder left (StartInfo)", {
    ptBase: integer(0, 2 ** 28),
    nrPtFrames: integer(0, 2 ** 28),
  }),
  kernel: kernelServices,
  options: optionsOf("xenOps", { allocPdReadOnly: flag, makePteKeepsNx: flag, initSetPte: optional(callable) }),
};
