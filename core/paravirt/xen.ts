/**
 * The kernel's side of Xen: `xen_paravirt_ops` of Linux 2.6.23.
 *
 * @module
 */

import { FETCH, type Mode, P, READ, RW, WRITE } from "../mmu/mod.ts";
import { type Hypervisor, MMUEXT, type StartInfo } from "../xen/mod.ts";
import { describeFault } from "./native.ts";
import type { Bus, EntryWriter, KernelServices, PvOps } from "./ops.ts";
import { SpecialPages } from "./special_pages.ts";
import { Stop } from "./stop.ts";

/** Kernel memory under Xen: a store that faults goes to the hypervisor, which emulates it or kills the domain. */
export class XenBus implements Bus {
  readonly hi: number;
  readonly entryWords: 1 | 2;
  readonly #xen: Hypervisor;

  /** @param xen The hypervisor. */
  constructor(xen: Hypervisor) {
    this.#xen = xen;
    const mode = xen.machine.mode as Mode;
    this.hi = mode.linearBits > 32 ? -1 : 0;
    this.entryWords = mode.entryWords;
  }

  load(address: number): number {
    return this.#xen.machine.memory.read(this.#frame(address, READ), (address & 0xfff) >>> 2);
  }

  store(address: number, value: number): void {
    if (this.#xen.store32(this.hi, address | 0, value) !== undefined) this.#crash(address);
  }

  /** PAE: two stores, two validations; the intermediate entry must be valid by itself (trap T11). Long mode: one store. */
  storeEntry(address: number, lo: number, hi: number): void {
    if (this.hi !== 0) {
      if (this.#xen.store64(this.hi, address | 0, lo, hi) !== undefined) this.#crash(address);
      return;
    }
    if (this.entryWords === 2) this.store(address + 4, hi);
    this.store(address, lo);
  }

  clearPage(address: number): void {
    this.#xen.machine.memory.clearFrame(this.#frame(address, WRITE));
  }

  probe(address: number, write = false): boolean {
    return this.#xen.machine.translate(this.hi, address | 0, write ? WRITE : READ) >= 0;
  }

  fetch(address: number): void {
    this.#frame(address, FETCH);
  }

  #frame(address: number, access: number): number {
    const frame = this.#xen.machine.translate(this.hi, address | 0, access);
    if (frame < 0) {
      this.#xen.crash(-1 - frame);
      throw new Stop("page-fault", `${describeFault(-1 - frame, address)}; no handler before trap_init`);
    }
    return frame;
  }

  #crash(address: number): never {
    const errorCode = (this.#xen.machine.translate(this.hi, address | 0, WRITE) + 1) * -1;
    this.#xen.crash(errorCode);
    throw new Stop("refused-by-xen", `store refused: ${describeFault(errorCode, address)}; the domain is crashed`);
  }
}

/** What the Xen back-end needs to know of its platform and strategy. */
export interface XenOptions {
  /** Whether a new table of a higher level is made read-only by `alloc_pd`. A no-op in 2.6.23, which never needed one. */
  readonly allocPdReadOnly: boolean;
  /** Whether `make_pte` keeps NX (trap T27). */
  readonly makePteKeepsNx: boolean;
  /** The strategy's `set_pte` for the time of `pagetable_init`, made from the plain one. */
  readonly initSetPte: ((plain: EntryWriter) => EntryWriter) | undefined;
}

/**
 * The Xen operations of Linux 2.6.23.
 *
 * `set_pte` is undefined until `pagetable_setup_start`, as it was then: a kernel without the setup hooks jumps to address 0.
 *
 * @param xen The hypervisor.
 * @param start What the domain builder left.
 * @param kernel The kernel that the operations serve.
 * @param options Platform and strategy.
 * @returns A fresh record.
 *
 * Source: Linux 2.6.23 arch/i386/xen/enlighten.c and mmu.c; commits 5ead97c84fa7, 3b827c1b3aad, f4f97b3ea901, 9a4029fd3409.
 */
export function xenOps(xen: Hypervisor, start: StartInfo, kernel: KernelServices, options: XenOptions): PvOps {
  const { bus } = kernel;
  const update = mmuUpdate(xen, kernel);
  const plain: EntryWriter = (entry, lo, hi) => bus.storeEntry(entry, lo, hi);
  const tables = new KnownTables(start);
  const protect = (pfn: number) => {
    tables.add(pfn);
    setWritable(xen, kernel, pfn, false);
  };
  const ops: PvOps = {
    name: "Xen",
    pagetableSetupStart: (base) => {
      ops.setPte = options.initSetPte?.(plain) ?? plain;
      setupStart(xen, start, kernel, ops, base, protect);
    },
    pagetableSetupDone: (base) => {
      ops.setPte = plain;
      pinBase(xen, kernel, base);
    },
    allocPt: protect,
    allocPd: options.allocPdReadOnly ? protect : () => {},
    setPte: undefined,
    setPmd: update,
    setPud: update,
    toMachine: (pfn) => xen.p2m[pfn] ?? 0,
    toPfn: (frame) => xen.m2p[frame] ?? -1,
    makePteKeepsNx: options.makePteKeepsNx,
    writeCr3: (pfn) =>
      demand(xen, xen.mmuextOp(MMUEXT.newBaseptr, xen.p2m[pfn] ?? 0), `new base pointer, pfn 0x${hex(pfn)}`),
    setInCr4: () => {},
    flushTlbAll: () => demand(xen, xen.mmuextOp(MMUEXT.tlbFlushLocal), "TLB flush"),
    flushTlbSingle: (address) => xen.machine.invlpg({ hi: bus.hi, lo: address }),
    releasePt: (pfn) => setWritable(xen, kernel, pfn, true),
    pagePermissions: (pfn, flags) => tables.has(pfn) ? flags & ~RW : flags,
    specialPages: tables.special,
    templateTables: { first: start.ptBase, end: start.ptBase + start.nrPtFrames },
  };
  return ops;
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
  const mode = xen.machine.mode as Mode;
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
    const from = kernel.pageOffset + ops.toPfn(lo >>> 12) * 4096;
    const pfn = kernel.allocTablePage();
    const to = kernel.pageOffset + pfn * 4096;
    for (let offset = 0; offset < 4096; offset += 4) bus.store(to + offset, bus.load(from + offset));
    protect(pfn);
    kernel.recorded("set_pud", base + slot * 8, (ops.toMachine(pfn) << 12) | P, 0, ops.setPud);
  }
}

/**
 * What the back-end knows of page tables at this time: the builder's, and those that its own hooks have made read-only. There is no page
 * structure to ask (trap T31); a page that becomes a table later is answered wrongly until then.
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

  has(pfn: number): boolean {
    return this.#pages.has(pfn);
  }
}

/**
 * `make_lowmem_page_readonly` and `_readwrite`: takes or gives RW in the leaf that maps a page, by hypercall.
 *
 * A page that has no leaf yet is left alone; 2.6.23 would BUG there, later kernels do as here. No flush is asked for: Xen flushes when the
 * frame changes its type (trap T9).
 *
 * @param xen The hypervisor.
 * @param kernel The kernel.
 * @param pfn The page.
 * @param writable Whether RW is to be set.
 * @throws {Stop} If Xen refuses.
 */
function setWritable(xen: Hypervisor, kernel: KernelServices, pfn: number, writable: boolean): void {
  const { bus } = kernel;
  const address = kernel.pageOffset + pfn * 4096;
  const entry = kernel.lookupAddress(address);
  if (entry === undefined || (bus.load(entry) & P) === 0) return;
  const lo = writable ? bus.load(entry) | RW : bus.load(entry) & ~RW;
  const hi = bus.entryWords === 2 ? bus.load(entry + 4) : 0;
  kernel.recorded("update_va_mapping", entry, lo, hi, (_entry, lo, hi) => {
    demand(xen, xen.updateVaMapping(bus.hi, address | 0, lo, hi, 0), `update_va_mapping of pfn 0x${hex(pfn)}`);
  });
}

/** `xen_set_pmd`, `xen_set_pud`: a checked store by hypercall, by the machine address of the entry. */
function mmuUpdate(xen: Hypervisor, kernel: KernelServices): EntryWriter {
  const words = kernel.bus.entryWords;
  return (entry, lo, hi) => {
    const pfn = (entry - kernel.pageOffset) >>> 12;
    const index = ((entry & 0xfff) >>> 2) / words;
    demand(xen, xen.mmuUpdate(xen.p2m[pfn] ?? 0, index, lo, hi), `mmu_update of entry ${index} in pfn 0x${hex(pfn)}`);
  };
}

/** 2.6.23 pinned at level 3 in both modes; a two-level Xen ignores that in silence (trap T12). Long mode pins level 4. */
function pinBase(xen: Hypervisor, kernel: KernelServices, base: number): void {
  const pfn = (base - kernel.pageOffset) >>> 12;
  const command = kernel.bus.hi === 0 ? MMUEXT.pinL3Table : MMUEXT.pinL4Table;
  demand(xen, xen.mmuextOp(command, xen.p2m[pfn] ?? 0), "pin of the root table");
}

function demand(xen: Hypervisor, rc: number, what: string): void {
  if (rc === 0) return;
  const said = xen.log[xen.log.length - 1]?.text;
  throw new Stop("refused-by-xen", `${what} returned ${rc}${said === undefined ? "" : ` (${said})`}: BUG()`);
}

function hex(value: number): string {
  return value.toString(16);
}
