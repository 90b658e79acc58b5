/**
 * Boots the model with the options that a record implies.
 *
 * @module
 */

import { DEFAULT_CONFIG, fixmapSlots, type KernelConfig } from "../../../core/kernel/mod.ts";
import { CR4_PAE, CR4_PGE, CR4_PSE, EFER_NXE, P, PS, US } from "../../../core/mmu/mod.ts";
import { findPlatform } from "../../../core/mod.ts";
import { tablesOf, tableUses } from "../../../core/tables/mod.ts";
import { findStrategy } from "../../../core/strategies/mod.ts";
import {
  boot,
  type BootOptions,
  CPUS,
  KERNEL_RELEASES,
  type KernelRelease,
  MODES,
  type Platform,
  type Run,
  type StrategyId,
} from "../../../mod.ts";
import { NotedMemory, type NotedStore } from "./noted_memory.ts";
import type { BootRecord, StoredEntry } from "./record.ts";

/** A boot of the model beside a record. */
export interface ModelledBoot {
  /** The boot. */
  readonly run: Run;
  /** Every entry that it stored into a frame that is a table, in the model or in the record, in order. */
  readonly stores: readonly NotedStore[];
}

/**
 * Boots the model with the options of a record.
 *
 * @param record The record.
 * @returns The boot.
 */
export function bootAs(record: BootRecord): ModelledBoot {
  let memory: NotedMemory | undefined;
  const run = boot({
    ...optionsOf(record),
    trace: false,
    physicalMemory: (bytes) => memory = new NotedMemory(bytes),
  });
  const root = run.kernel.image.swapperPgDir;
  const linked = [...memory?.stores(new Set([root]), 1) ?? []].filter(({ lo }) => (lo & P) !== 0 && (lo & PS) === 0);
  const finished = [...tableUses(tablesOf(run.machine))].map(({ frame }) => frame);
  const tables = new Set([root, ...record.header.tables.keys(), ...linked.map(({ lo }) => lo >>> 12), ...finished]);
  return { run, stores: [...memory?.stores(tables, run.platform.mode.entryWords) ?? []] };
}

/**
 * The options of the boot. Memory, CPU features (as CR4 and EFER are at the end), paging mode, release and addresses are in the header; what of the
 * configuration is not there is read out of the stores (`configurationOf`).
 *
 * @param record The record.
 * @returns The options.
 */
export function optionsOf(record: BootRecord): BootOptions {
  const { header } = record;
  const { initMapBeyondEnd, ...row } = releaseOf(header.kernel);
  const strategy = findStrategy(strategyOf(header.kernel));
  const kernelEnd = kernelEndOf(record);
  const beyond = row.setupHooks ? beyondEndOf(record, kernelEnd) : undefined;
  const release = { ...row, initMapBeyondEnd: beyond === undefined ? initMapBeyondEnd : { 1: beyond, 2: beyond } };
  const swapperPgDir = Math.floor(header.cr3 / 4096);
  return {
    platform: platformOf(record),
    strategy: { ...strategy, id: "recorded", release },
    memory: header.memoryMb * 2 ** 20,
    kernelEnd,
    initEnd: header.symbols.get("initEnd") ?? header.symbols.get("__init_end") ?? swapperPgDir * 4096,
    swapperPgDir,
    textStart: Math.floor((record.stores[0]?.pc ?? 0x10_0000) / 4096) * 4096,
    config: configurationOf(record),
  };
}

/**
 * The row of a kernel: the last one that is not newer.
 *
 * @param kernel The version, as text that begins with it.
 * @returns The row; kernels before 2.6.22 are as 2.6.21.
 */
export function releaseOf(kernel: string): KernelRelease {
  const older = Object.values(KERNEL_RELEASES).filter(({ version }) => rank(version) <= rank(kernel));
  return older.at(-1) ?? KERNEL_RELEASES["2.6.21"];
}

/**
 * The strategy that has a kernel's way of taking tables: one range of pages from 2.6.39 on, and from 3.9 on memory that is mapped already.
 *
 * @param kernel The version, as text that begins with it.
 * @returns The strategy's id.
 */
export function strategyOf(kernel: string): StrategyId {
  if (rank(kernel) >= rank("3.9")) return "map-from-mapped";
  if (rank(kernel) >= rank("2.6.39")) return "table-range";
  return rank(kernel) >= rank("2.6.22") ? "write-always" : "linux-2.6.21";
}

/** A version as a number that grows with it: 2.6.32 is 2,006,032. */
function rank(version: string): number {
  const [, major, minor, patch = "0"] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return Number(major) * 1_000_000 + Number(minor) * 1_000 + Number(patch);
}

function platformOf({ header: { cpu, cr4, efer, mode } }: BootRecord): Platform {
  const wide = mode === "pae";
  return {
    ...findPlatform(wide ? "native-k8-pae" : "native-p6"),
    id: "recorded",
    title: cpu,
    mode: MODES[mode],
    cpu: {
      ...CPUS.k8,
      pse: (cr4 & CR4_PSE) !== 0,
      pge: (cr4 & CR4_PGE) !== 0,
      pae: wide || (cr4 & CR4_PAE) !== 0,
      nx: (efer & EFER_NXE) !== 0,
    },
  };
}

/** `_end` as far as head.S is concerned: its tables lie behind it. Later kernels have them in `.brk`, which the kernel's end includes. */
function kernelEndOf({ header, stores }: BootRecord): number {
  const named = header.symbols.get("pg0") ?? header.symbols.get("__brk_base");
  if (named !== undefined) return named;
  const first = stores.find(({ who, lo, how }) => who === "head.S" && (lo & P) !== 0 && how !== "lo,hi");
  return first === undefined ? 0x50_0000 : Math.floor(first.lo / 4096) * 4096;
}

/**
 * Bytes that head.S maps beyond its own tables. Later kernels count from `_end` and by the size of lowmem, so the number is that of the tables in the
 * record. Undefined for a PAE kernel: the model's head.S builds two-level tables, as those until 2.6.24.
 */
function beyondEndOf({ header: { mode }, stores }: BootRecord, kernelEnd: number): number | undefined {
  if (mode === "pae") return undefined;
  const linked = stores.filter(({ who, lo, index }) => who === "head.S" && (lo & 0xfff) > 7 && index < 512);
  const bytes = linked.length * 0x40_0000 - (kernelEnd + linked.length * 4096);
  return Math.max(4096, bytes - bytes % 4096);
}

/**
 * What a header does not say of the configuration, read out of the stores: the slot in which WP is tested, whether a table for the high-memory window is
 * linked, and the pages at the start of memory that were gone before `paging_init`.
 *
 * @param record The record.
 * @returns The configuration.
 */
export function configurationOf(record: BootRecord): KernelConfig {
  const { stores, header } = record;
  const entries = header.mode === "pae" ? 512 : 1024;
  const swapper = Math.floor(header.cr3 / 4096);
  const tested = stores.find(({ lo, who }) => (lo & US) !== 0 && Math.floor(lo / 4096) === swapper && !inHead(who));
  const slot = tested === undefined ? undefined : entries - 1 - tested.index;
  const behind = fixmapSlots({ ...DEFAULT_CONFIG, permanentFixmapSlots: 1 }).wpTest - 1;
  const firstTable = Math.min(...[...header.tables.keys()].filter((frame) => frame > 0));
  return {
    highmem: stores.some((store) => !inHead(store.who) && linksWindow(store, record)),
    permanentFixmapSlots: slot === undefined || slot < behind + 1 ? DEFAULT_CONFIG.permanentFixmapSlots : slot - behind,
    lowPagesTaken: firstTable < 0x9f ? firstTable - 1 : 0,
  };
}

/** A table linked behind lowmem, but not the last, which is the fixmap's. */
function linksWindow({ frame, index, lo }: StoredEntry, { header: { mode, cr3 } }: BootRecord): boolean {
  if (mode !== "two-level" || frame !== Math.floor(cr3 / 4096)) return false;
  return (lo & P) !== 0 && (lo & PS) === 0 && index >= 992 && index < 1023;
}

function inHead(who: string): boolean {
  return who === "head.S";
}
