/**
 * The environment of a starting kernel: machine, host, memory map and paravirt operations. Each host has a function here.
 *
 * @module
 */

import type { Guest } from "./audit/guest.ts";
import { LguestHost, SHADOW_FRAMES } from "./hosts/lguest.ts";
import { VmiHost } from "./hosts/vmi.ts";
import { Bootmem, buildBootTables, Kernel, layoutOf } from "./kernel/mod.ts";
import { EFER_NXE, Machine, MODES, PhysicalMemory } from "./mmu/mod.ts";
import {
  type Bus,
  LguestBus,
  lguestOps,
  NativeBus,
  nativeOps,
  type PvOps,
  vmiOps,
  XenBus,
  xenOps,
} from "./paravirt/mod.ts";
import type { Platform } from "./platforms.ts";
import type { Setup } from "./setup.ts";
import type { TraceWriter } from "./trace/mod.ts";
import {
  buildDomain,
  type Hypervisor,
  PGT_COUNT_MASK,
  PGT_GDT,
  PGT_TYPE_MASK,
  PGT_WRITABLE,
  tableLevelOf,
  XEN_FRAMES,
} from "./xen/mod.ts";

/** A machine that carries what an audit needs to know about the kernel on it. */
export class GuestMachine extends Machine {
  #describe: (() => Guest) | undefined;

  /** The kernel as the audit sees it, computed anew at each read. */
  get guest(): Guest {
    if (this.#describe === undefined) throw new TypeError("Expected a machine with a kernel but found a bare one");
    return this.#describe();
  }

  /** Sets the function that computes `guest`. */
  describe(guest: () => Guest): void {
    this.#describe = guest;
  }
}

/** A kernel about to run `paging_init`, with its machine and host. */
export interface Environment {
  /** The machine. */
  readonly machine: GuestMachine;
  /** The kernel. */
  readonly kernel: Kernel;
  /** Runs the part of the boot before `paging_init`: boot tables and bootmem. Throws `Stopped`. */
  readonly start: () => void;
  /** Calls to the host and stores that it emulated. */
  readonly cost: () => { readonly hypercalls: number; readonly emulatedStores: number };
  /** Lines of the host's log. */
  readonly log: () => readonly string[];
}

/**
 * Builds the environment of a boot.
 *
 * @param setup What to boot.
 * @param trace Trace that records the writes; undefined for a boot without one.
 * @returns A kernel that is ready to start.
 * @throws {RangeError} If sizes do not fit.
 */
export function environmentOf(setup: Setup, trace: TraceWriter | undefined): Environment {
  const { host } = setup.platform;
  if (host === "xen") return xenEnvironment(setup, trace);
  if (host === "lguest") return lguestEnvironment(setup, trace);
  return nativeEnvironment(setup, trace);
}

/** Bare metal and VMI. A VMI hypervisor takes over after the boot tables exist, so both start alike. */
function nativeEnvironment(setup: Setup, trace: TraceWriter | undefined): Environment {
  const { platform, memoryBytes } = setup;
  const { physicalMemory = (bytes: number) => new PhysicalMemory(bytes) } = setup;
  const memory = physicalMemory(memoryBytes);
  const machine = new GuestMachine(platform.cpu, memory);
  const bus = new NativeBus(machine, platform.mode.entryWords);
  const host = new VmiHost(machine);
  const kernel = kernelOf(setup, trace, machine, {
    bus,
    ops: (kernel) => platform.host === "vmi" ? vmiOps(machine, host, kernel) : nativeOps(machine, kernel),
  });
  machine.describe(() => ({ ...describe(platform, kernel, machine), ...tablesOf(machine) }));
  const start = () => {
    const tables = buildBootTables(machine, kernel.layout, kernel.release, platform.mode.entryWords);
    kernel.bootmem = new Bootmem(bus, kernel.layout, tables.endPfn, setup.bootmem);
    kernel.maxPfnMapped = tables.mappedPages;
    if (kernel.features.nx) machine.writeEfer(EFER_NXE);
  };
  return { machine, kernel, start, cost: () => ({ hypercalls: host.hypercalls, emulatedStores: 0 }), log: () => [] };
}

function lguestEnvironment(setup: Setup, trace: TraceWriter | undefined): Environment {
  const { platform } = setup;
  const pages = setup.memoryBytes / 4096;
  const machine = new GuestMachine(platform.cpu, new PhysicalMemory(setup.memoryBytes + SHADOW_FRAMES * 4096));
  const host = new LguestHost(machine, pages, platform.space.pageOffset);
  const bus = new LguestBus(machine, host);
  const kernel = kernelOf(setup, trace, machine, {
    bus,
    ops: (kernel) => lguestOps(machine, host, kernel),
  });
  machine.describe(() => ({
    ...describe(platform, kernel, machine),
    ...tablesOf(machine),
    root: host.guestRoot * 4096,
  }));
  const start = () => {
    kernel.bootmem = new Bootmem(bus, kernel.layout, kernel.layout.kernelEnd / 4096, setup.bootmem);
    kernel.maxPfnMapped = host.launcherTables;
    kernel.bootmem.reserve(host.launcherTables, pages);
  };
  return { machine, kernel, start, cost: () => ({ hypercalls: host.hypercalls, emulatedStores: 0 }), log: () => [] };
}

function xenEnvironment(setup: Setup, trace: TraceWriter | undefined): Environment {
  const { platform, strategy } = setup;
  const { release, cpu, mode } = platform;
  if (release === undefined) throw new TypeError(`Expected a Xen release on ${platform.id} but found none`);
  const pages = setup.memoryBytes / 4096;
  const memory = new PhysicalMemory((XEN_FRAMES + pages) * 4096);
  const machine = new GuestMachine(cpu, memory);
  const xen = setup.hypervisor({
    release,
    mode,
    cpu,
    machine,
    guestPages: pages,
    p2m: frameOrder(pages, setup.p2m),
    machineFrames: memory.frames,
  });
  const domain = buildDomain(xen, { kernelEnd: setup.kernelEnd, minimumMappedBytes: setup.templateBytes });
  const { initSetPte } = strategy;
  const kernel = kernelOf(setup, trace, machine, {
    bus: new XenBus(xen),
    root: domain.ptBase,
    toFrame: (pfn) => xen.domain.p2m[pfn] ?? 0,
    ops: (kernel) =>
      xenOps(xen, domain, kernel, {
        allocPdReadOnly: mode.linearBits > 32,
        makePteKeepsNx: (setup.makePte ?? platform.makePte) !== "2.6.23",
        initSetPte: initSetPte && ((plain) => initSetPte(kernel, plain)),
      }),
  });
  machine.describe(() => describeDomain(platform, kernel, xen));
  const start = () => {
    kernel.bootmem = new Bootmem(kernel.bus, kernel.layout, domain.ptBase + domain.nrPtFrames, setup.bootmem);
    kernel.maxPfnMapped = domain.mappedPages;
  };
  return { machine, kernel, start, cost: () => ({ ...xen.domain.cost }), log: () => xen.log.map(({ text }) => text) };
}

/** What a host adds to the kernel's environment. */
interface Host {
  readonly bus: Bus;
  readonly ops: (kernel: Kernel) => PvOps;
  /** pfn of the root table that CR3 holds when the kernel starts; `swapper_pg_dir` unless said otherwise. */
  readonly root?: number;
  /** Frame of a page; the same number unless said otherwise. */
  readonly toFrame?: (pfn: number) => number;
}

function kernelOf(setup: Setup, trace: TraceWriter | undefined, machine: Machine, host: Host): Kernel {
  const { platform, strategy, memoryBytes, kernelEnd, initEnd, swapperPgDir, textStart, config, reserved } = setup;
  const { cpu, mode, space } = platform;
  const { toFrame = (pfn: number) => pfn, ...given } = host;
  const kernel = new Kernel({
    ...given,
    mode,
    bootMode: platform.host === "xen" ? mode : MODES["two-level"],
    layout: layoutOf(space, mode, memoryBytes, kernelEnd, { initEnd, swapperPgDir, textStart, config, reserved }),
    release: strategy.release,
    features: { pse: cpu.pse, pge: cpu.pge, nx: cpu.nx && mode.entryWords === 2, ...platform.features },
    policy: strategy,
    earlyIoremap: setup.earlyIoremap,
    peek: (pfn, word) => machine.memory.read(toFrame(pfn), word),
    trace,
    until: setup.until,
  });
  for (const range of setup.special) kernel.ops.specialPages.add(range);
  return kernel;
}

/** The fields of a `Guest` except those that locate its tables. */
function describe(platform: Platform, kernel: Kernel, machine: Machine): Omit<Guest, "root" | "mode" | "cr4" | "efer"> {
  const { layout, features, bus, release } = kernel;
  return {
    memory: machine.memory,
    cpu: platform.cpu,
    pageOffset: { hi: bus.hi >>> 0, lo: layout.pageOffset },
    lowmemPages: layout.maxLowPfn,
    executablePages: layout.initEnd / 4096 + 1,
    firstExecutablePage: release.textFrom === "_text" ? layout.textStart / 4096 : 0,
    features,
    p2m: undefined,
    m2p: undefined,
    readOnly: new Set(),
    usGrantsUser: true,
  };
}

/** As `describe`, for a Xen guest. The set of table pages is computed at its first read, because that scans all pages of the domain. */
function describeDomain(platform: Platform, kernel: Kernel, xen: Hypervisor): Guest {
  let readOnly: ReadonlySet<number> | undefined;
  return {
    ...describe(platform, kernel, xen.machine),
    ...tablesOf(xen.machine),
    p2m: xen.domain.p2m,
    m2p: xen.domain.m2p,
    usGrantsUser: xen.domain.ring === 0,
    get readOnly() {
      return readOnly ??= readOnlyPages(xen, kernel);
    },
  };
}

function tablesOf(machine: Machine): Pick<Guest, "root" | "mode" | "cr4" | "efer"> {
  return { root: machine.cr3, mode: machine.mode ?? MODES["two-level"], cr4: machine.cr4, efer: machine.efer };
}

/** The pfns of the page tables and descriptor tables of this moment, and of the zero page, which is used as a page table (trap T15). */
function readOnlyPages(xen: Hypervisor, kernel: Kernel): Set<number> {
  const pages = new Set([kernel.image.emptyZeroPage]);
  const { p2m, frames: { typeInfo } } = xen.domain;
  for (let pfn = 0; pfn < p2m.length; pfn++) {
    const info = typeInfo[p2m[pfn] ?? 0] ?? 0;
    const type = info & PGT_TYPE_MASK;
    if (type === PGT_WRITABLE || (info & PGT_COUNT_MASK) === 0) continue; // nearly every page
    if (tableLevelOf(info) > 0 || type === PGT_GDT) pages.add(pfn);
  }
  return pages;
}

/** Maps pfns to machine frames by a permutation that is not the identity: code that takes a pfn for an mfn then fails visibly. */
function frameOrder(pages: number, order: Setup["p2m"]): (pfn: number) => number {
  if (order === "identity") return (pfn) => XEN_FRAMES + pfn;
  const factor = [7919, 7927, 7933].find((prime) => pages % prime !== 0) ?? 1;
  return (pfn) => XEN_FRAMES + ((pfn * factor + 3571) % pages);
}
