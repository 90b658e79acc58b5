/**
 * A recorded boot beside the model's: store by store, and leaf by leaf.
 *
 * @module
 */

import { ENDS_EARLY, EXCEPTIONS, type LeftOut } from "./exceptions.ts";
import { leafText, mappedBy, memoryAfter } from "./leaves.ts";
import { lowmemStores, type NamedStore } from "./lowmem_stores.ts";
import { bootAs, type ModelledBoot } from "./model.ts";
import type { NotedStore } from "./noted_memory.ts";
import type { BootRecord } from "./record.ts";

/** The result of one comparison. */
export interface Comparison {
  /** The subject: `stores of head.S`, `stores afterwards` or `leaves`. */
  readonly what: string;
  /** Number of equal ones. */
  readonly passed: number;
  /** Number of those that differ, or are missing on one side. */
  readonly failed: number;
  /** The first that differ, a line each. */
  readonly differences: readonly string[];
}

/** The result of a replay. */
export interface BootReplay {
  /** The boot of the model. */
  readonly model: ModelledBoot;
  /** The comparisons that the record's kernel allows. */
  readonly comparisons: readonly Comparison[];
  /** Stores left out, by exception. */
  readonly exceptions: readonly LeftOut[];
}

const MOST_DIFFERENCES = 5;

/**
 * Boots the model with the options of a record, and compares the two.
 *
 * The kernels up to 2.6.24 are compared store by store: entry, value, order of the halves, frame. Later ones prepare the map in other ways (boot
 * tables in the native format, `early_ioremap`). Of these the stores that map lowmem are compared, one by one and in order, and then the finished map,
 * leaf by leaf.
 *
 * @param record The record.
 * @returns The comparisons, and the stores left out.
 */
export function replayBoot(record: BootRecord): BootReplay {
  const model = bootAs(record);
  const { release } = model.run.strategy;
  if (release.smallEnds) {
    const { recorded, modelled, exceptions } = lowmemStores(record, model);
    return {
      model,
      comparisons: [compare("stores that map lowmem", recorded, modelled), compareLeaves(record, model)],
      exceptions,
    };
  }
  return { model, ...compareStores(record, model) };
}

function compareStores(record: BootRecord, model: ModelledBoot): Omit<BootReplay, "model"> {
  const excepted = EXCEPTIONS.map(({ name, reason, is }) => {
    return { name, reason, stores: new Set(record.stores.filter((store) => is(store, record))) };
  }).filter(({ stores }) => stores.size > 0);
  const left = record.stores.filter((store) => !excepted.some(({ stores }) => stores.has(store)));
  const inHead = left.filter(({ who }) => who === "head.S").length;
  const zapped = left.some(({ who }) => who === "zap_low_mappings");
  const afterwards = model.stores.slice(inHead, zapped ? undefined : left.length);
  const cut = model.stores.length - inHead - afterwards.length;
  const exceptions = excepted.map(({ stores, ...named }) => ({ ...named, count: stores.size }));
  return {
    comparisons: [
      compare("stores of head.S", left.slice(0, inHead), model.stores.slice(0, inHead)),
      compare("stores afterwards", left.slice(inHead), afterwards),
    ],
    exceptions: cut > 0 ? [...exceptions, { ...ENDS_EARLY, count: cut }] : exceptions,
  };
}

/** Place by place: a store that is missing makes all later ones differ. */
function compare(what: string, recorded: readonly NamedStore[], modelled: readonly NotedStore[]): Comparison {
  const differences: string[] = [];
  const length = Math.max(recorded.length, modelled.length);
  let passed = 0;
  for (let at = 0; at < length; at++) {
    const [wanted, found] = [recorded[at], modelled[at]];
    if (wanted !== undefined && found !== undefined && isEqual(wanted, found)) passed++;
    else if (differences.length < MOST_DIFFERENCES) {
      differences.push(
        `${what}, ${at + 1}: ${wanted?.who ?? "nothing"} ${storeText(wanted)}, the model ${storeText(found)}`,
      );
    }
  }
  return { what, passed, failed: length - passed, differences };
}

function isEqual(one: NotedStore, other: NotedStore): boolean {
  return one.frame === other.frame && one.index === other.index && one.lo === other.lo && one.hi === other.hi &&
    one.how === other.how;
}

function storeText(store: NotedStore | undefined): string {
  if (store === undefined) return "stores nothing more";
  const { frame, index, lo, hi, how } = store;
  const value = hi === 0 ? lo.toString(16) : hi.toString(16) + lo.toString(16).padStart(8, "0");
  return `stores 0x${value} in entry ${index} of 0x${frame.toString(16)} (${how})`;
}

function compareLeaves(record: BootRecord, { run }: ModelledBoot): Comparison {
  const { machine, kernel, platform: { mode } } = run;
  const read = memoryAfter(record);
  const modelled = (frame: number, word: number) => machine.memory.read(frame, word);
  const differences: string[] = [];
  const pages = kernel.layout.maxLowPfn;
  let passed = 0;
  for (let pfn = 0; pfn < pages; pfn++) {
    const address = kernel.va(pfn);
    const wanted = leafText(mappedBy(read, mode, Math.floor(record.header.cr3 / 4096), address), mode, address);
    const found = leafText(mappedBy(modelled, mode, kernel.image.swapperPgDir, address), mode, address);
    if (wanted === found) passed++;
    else if (differences.length < MOST_DIFFERENCES) {
      differences.push(`leaves, page 0x${pfn.toString(16)}: ${wanted}, the model ${found}`);
    }
  }
  return { what: "leaves", passed, failed: pages - passed, differences };
}
