/**
 * The emulated kernel: its memory, its paravirt operations, and the small functions of 2.6 that the other files call.
 *
 * @module
 */

import { highWord, lowWord } from "../mmu/entry.ts";
import { modeShape } from "../mmu/shapes.ts";
import { callable, type Check, checkFrame, checkWord, flag, instance, text } from "../check.ts";
import { frameOf, indexAt, type Mode, NX, P, PS } from "../mmu/mod.ts";
import type { Bus, EntryWriter, KernelServices, PageStructures, PvOps } from "../paravirt/ops.ts";
import { Stopped } from "../paravirt/stop.ts";
import type { TraceWriter } from "../trace/mod.ts";
import type { Bootmem } from "./bootmem.ts";
import { BorrowedLeaves } from "./borrowed_leaf.ts";
import { fixToVirt, type Layout } from "./layout.ts";
import { type CpuFeatures, type KernelParts, partsShape } from "./parts.ts";
import type { Policy } from "./policy.ts";
import type { KernelRelease } from "./releases.ts";

// A constant of this module: see core/mmu/walk.ts.
const EXECUTE_DISABLE = NX;

/**
 * A kernel that boots.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 *
 * const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
 * assertEquals(kernel.features.pse, false); // Xen hides it
 * assertEquals(kernel.pfnOf(kernel.va(0x123)), 0x123);
 * ```
 */
export class Kernel implements KernelServices {
  /** Memory through the CPU. */
  readonly bus: Bus;
  /** Paging mode of the tables that it builds. */
  readonly mode: Mode;
  /** Paging mode of the boot tables. */
  readonly bootMode: Mode;
  /** Addresses of lowmem, fixmap and image. */
  readonly layout: Layout;
  /** Linux release whose behaviour it has. */
  readonly release: KernelRelease;
  /** CPU features that it sees; Xen hides PSE and PGE (trap T14). */
  readonly features: CpuFeatures;
  /** The strategy's part of it. */
  readonly policy: Policy;
  /** Whether it can borrow a leaf of the boot map to reach a page that no entry maps yet. */
  readonly earlyIoremap: boolean;
  /** The trace that records the writes. */
  readonly trace: TraceWriter | undefined;
  /** The present paravirt operations; a back-end may replace some during the boot. */
  ops: PvOps;
  /** Entries written so far. */
  step = 0;
  /** Linear address of the root table that `init_mm` names. */
  initMmPgd: number;
  /** `mem_map`; undefined until `zone_sizes_init`, which runs after `paging_init` (trap T31). */
  memMap: PageStructures | undefined = undefined;

  #bootmem: Bootmem | undefined = undefined;
  #borrowed: BorrowedLeaves | undefined = undefined;
  #maxPfnMapped = 0;
  readonly #peek: (pfn: number, word: number) => number;
  readonly #until: number;
  /** Number of writes that are counted without being recorded; 0 for a boot with a trace. It stays a small integer, which V8 compares fast. */
  readonly #unwatched: number;

  /**
   * A kernel that has run nothing yet.
   *
   * @param parts Layout, release, memory and back-end of the kernel.
   */
  constructor(parts: KernelParts) {
    partsShape(parts, "parts");
    this.bus = parts.bus;
    this.mode = parts.mode;
    this.bootMode = parts.bootMode;
    this.layout = parts.layout;
    this.release = parts.release;
    this.features = parts.features;
    this.policy = parts.policy;
    this.earlyIoremap = parts.earlyIoremap === true || parts.release.earlyIoremap;
    this.trace = parts.trace;
    this.#peek = parts.peek;
    this.#until = parts.until;
    this.#unwatched = parts.trace === undefined ? Math.min(parts.until, 2 ** 31 - 1) : 0;
    this.initMmPgd = this.va(parts.root ?? parts.layout.image.swapperPgDir);
    this.ops = parts.ops(this);
  }

  /** The page allocator. Throws `Stopped` before `setup_memory` has made it. */
  get bootmem(): Bootmem {
    if (this.#bootmem === undefined) {
      throw new Stopped({ kind: "kernel-bug", message: "bootmem is used before setup_memory" });
    }
    return this.#bootmem;
  }
  set bootmem(bootmem: Bootmem) {
    this.#bootmem = bootmem;
  }

  /** First linear address of lowmem, low word. */
  get pageOffset(): number {
    return this.layout.pageOffset;
  }
  /** Linear address of the fixmap slot for a hypervisor's shared page. */
  get paravirtBootmap(): number {
    return fixToVirt(this.layout, this.layout.fixmap.paravirtBootmap);
  }
  /** pfns of the page-aligned tables in the image. */
  get image(): Layout["image"] {
    return this.layout.image;
  }

  /** Pages that one last-level table maps: PTRS_PER_PTE. */
  get pagesPerTable(): number {
    return 1024 / this.mode.entryWords;
  }

  /** Linear address of a page of lowmem: `__va`. */
  va(pfn: number): number {
    checkFrame(pfn, "pfn");
    return this.layout.pageOffset + pfn * 4096;
  }

  /** pfn of a lowmem address: `__pa(address) >> PAGE_SHIFT`. For a borrowed address, the pfn that its leaf maps. */
  pfnOf(address: number): number {
    checkWord(address, "address");
    return this.#borrowed?.shownAt(address) ?? (address - this.layout.pageOffset) >>> 12;
  }

  /** Linear address for reading a table, and for writing it by the means that tables need: its lowmem address, or a borrowed one. */
  reach(pfn: number): number {
    checkFrame(pfn, "pfn");
    return this.#borrowed?.reach(pfn) ?? this.va(pfn);
  }

  /** Whether the entry at an address is present. */
  present(entry: number): boolean {
    return (this.bus.load(entry) & P) !== 0;
  }

  /** Linear address of the table that the entry at an address points to. */
  tableAt(entry: number, mode: Mode = this.mode): number {
    if (mode !== this.mode) modeShape(mode, "mode");
    const hi = mode.entryWords === 2 ? this.bus.load(entry + 4) : 0;
    return this.reach(this.ops.toPfn(frameOf(hi, this.bus.load(entry))));
  }

  /** `set_pte(entry, pfn_pte(pfn, flags))`. */
  setPte(entry: number, pfn: number, flags: number, nx: boolean): void {
    checkEntry(pfn, flags, nx);
    const { ops } = this;
    const frame = ops.toMachine(pfn);
    this.#write("set_pte", entry, this.#highWord(frame, nx), lowWord(frame, flags), ops.setPte ?? noSetPte(ops));
  }

  /** `set_pmd(entry, pfn_pmd(pfn, flags))`, for a table or a large page. */
  setPmd(entry: number, pfn: number, flags: number, nx: boolean): void {
    checkEntry(pfn, flags, nx);
    const frame = this.ops.toMachine(pfn);
    this.#write("set_pmd", entry, this.#highWord(frame, nx), lowWord(frame, flags), this.ops.setPmd);
  }

  /** `set_pud` (which `set_pgd` becomes), for a table. */
  setPud(entry: number, pfn: number, flags: number): void {
    checkEntry(pfn, flags, false);
    const frame = this.ops.toMachine(pfn);
    this.#write("set_pud", entry, this.#highWord(frame, false), lowWord(frame, flags), this.ops.setPud);
  }

  /** `pte_clear`. */
  clearPte(entry: number): void {
    this.#write("pte_clear", entry, 0, 0, this.ops.pteClear);
  }

  /** `set_pmd(entry, 0)`: in two-level paging, clearing a pgd entry calls this. */
  clearPmd(entry: number): void {
    this.#write("set_pmd", entry, 0, 0, this.ops.setPmd);
  }

  /** High word of an entry: the frame's upper bits, and NX where `make_pte` keeps it. */
  #highWord(frame: number, nx: boolean): number {
    return highWord(frame) | (nx && this.ops.makePteKeepsNx ? EXECUTE_DISABLE : 0);
  }

  /** Counts, records and performs the write of one entry. */
  recorded(op: string, entry: number, hi: number, lo: number, write: EntryWriter): void {
    text(op, "op");
    checkWord(entry, "entry");
    checkWord(hi, "hi");
    checkWord(lo, "lo");
    callable(write, "write");
    this.#write(op, entry, hi, lo, write);
  }

  /** As `recorded`, without checks: the store checks the words. */
  #write(op: string, entry: number, hi: number, lo: number, write: EntryWriter): void {
    if (++this.step <= this.#unwatched) write(entry, hi, lo);
    else this.#watched(op, entry, hi, lo, write);
  }

  #watched(op: string, entry: number, hi: number, lo: number, write: EntryWriter): void {
    if (this.step > this.#until) {
      throw new Stopped({ kind: "until", message: `stopped after ${this.#until} writes, as asked` });
    }
    const { trace } = this;
    if (trace === undefined) return write(entry, hi, lo);
    const pfn = this.pfnOf(entry);
    const word = (entry & 0xfff) >>> 2;
    const wide = this.mode.entryWords === 2;
    trace.record(
      op,
      pfn,
      word / this.mode.entryWords,
      wide ? this.#peek(pfn, word + 1) : 0,
      this.#peek(pfn, word),
      hi,
      lo,
    );
    write(entry, hi, lo);
    trace.stored(wide ? this.#peek(pfn, word + 1) : 0, this.#peek(pfn, word));
  }

  /**
   * Sets `max_pfn_mapped`, the end of the boot map. With `early_ioremap` the leaves of its last two pages can be borrowed.
   */
  set maxPfnMapped(end: number) {
    checkFrame(end, "maxPfnMapped");
    this.#maxPfnMapped = end;
    if (this.earlyIoremap) this.#borrowed = new BorrowedLeaves(this, end - 1);
  }
  /** pfn after the last page that the boot tables map. */
  get maxPfnMapped(): number {
    return this.#maxPfnMapped;
  }

  /** Gives borrowed leaves back. */
  returnLeaves(): void {
    this.#borrowed?.release();
  }

  /** Gives a borrowed leaf back if it belongs to one of the pages `first` to `end` - 1, which are about to be mapped in the table at an address. */
  returnLeavesOf(first: number, end: number, table: number): void {
    checkFrame(first, "first");
    checkFrame(end, "end");
    checkWord(table, "table");
    this.#borrowed?.releaseOf(first, end, table);
  }

  /** Takes a zeroed page for a table: the strategy's way, or bootmem's. */
  allocTablePage(): number {
    const { policy } = this;
    return policy.allocTable === undefined ? this.bootmemPage() : policy.allocTable(this);
  }

  /** `alloc_bootmem_low_pages(PAGE_SIZE)`: takes a page and zeroes it through its lowmem address (trap T30). */
  bootmemPage(): number {
    const pfn = this.bootmem.take();
    this.zero(pfn);
    return pfn;
  }

  /** Zeroes a page. */
  zero(pfn: number): void {
    checkFrame(pfn, "pfn");
    this.withWritable(pfn, (address) => this.bus.clearPage(address));
  }

  /** Calls a function with an address for writing a page before it becomes a table: its own address, or a borrowed one. */
  withWritable(pfn: number, run: (address: number) => void): void {
    checkFrame(pfn, "pfn");
    callable(run, "run");
    if (this.#borrowed === undefined) run(this.va(pfn));
    else this.#borrowed.withWritable(pfn, run);
  }

  /** `lookup_address`: linear address of the last-level entry for an address in `init_mm`, or undefined where a table is missing. */
  lookupAddress(address: number, mode: Mode = this.mode): number | undefined {
    checkWord(address, "address");
    if (mode !== this.mode) modeShape(mode, "mode");
    let table = this.initMmPgd;
    for (const level of mode.levels) {
      const entry = table + indexAt(level, this.bus.hi, address) * 4 * mode.entryWords;
      if (level.leaf === "always") return entry;
      const lo = this.bus.load(entry);
      if ((lo & P) === 0 || (lo & PS) !== 0) return undefined;
      table = this.tableAt(entry, mode);
    } // not reached: the last level of a mode has leaves alone
    return undefined;
  }
}

/** Tests the words here, not by a function that others share: V8 would compile that for the largest numbers that anyone passes. */
function checkEntry(pfn: number, flags: number, nx: boolean): void {
  if (
    typeof pfn !== "number" || typeof flags !== "number" || typeof nx !== "boolean" ||
    (pfn & 0x7fff_ffff) !== pfn || (flags | 0) !== flags
  ) checkRareEntry(pfn, flags, nx);
}

/** Apart from `checkEntry`, so that V8 inlines that. */
function checkRareEntry(pfn: number, flags: number, nx: boolean): void {
  checkFrame(pfn, "pfn");
  checkWord(flags, "flags");
  flag(nx, "nx");
}

function noSetPte({ name }: PvOps): never {
  throw new Stopped({
    kind: "null-operation",
    message: `set_pte is NULL: jump to address 0 (${name})`,
    operation: "set_pte",
  });
}

/** A kernel. */
export const aKernel: Check = instance(Kernel, "a kernel");
