/**
 * A boot on the platform `xen-4level`, exported as a machine and the operations of its kernel.
 *
 * @module
 */

import { boot, type Run, voidReason } from "../../../core/boot.ts";
import type { BootmemOrder } from "../../../core/kernel/mod.ts";
import { findPlatform } from "../../../core/platforms.ts";
import { STRATEGIES, type Strategy } from "../../../core/strategies/mod.ts";
import type { MachineTemplate } from "./guest.ts";
import type { RecordedOp } from "./op.ts";
import { Recorder } from "./recorder.ts";

/** The platform of the export: the one that the live Xen can host. */
const PLATFORM = "xen-4level";
const MEMORY_BYTES = 0x100_0000;

/** A boot whose answers are compared with the live Xen's. */
export interface Question {
  /** Name of its row and of its file. */
  readonly id: string;
  readonly strategy: Strategy;
  readonly bootmem: BootmemOrder;
}

/** A boot as operations. */
export interface Exported {
  readonly question: Question;
  /** The machine at the kernel's start, with the template. */
  readonly machine: MachineTemplate;
  /** The kernel's operations, with the answers of the emulated hypervisor. */
  readonly lines: readonly RecordedOp[];
  /** Level of the page table that the last operation would have mapped or linked; 0 if it was none. */
  readonly lastLevel: number;
  /** How the boot ended. */
  readonly outcome: Run["outcome"];
}

/**
 * Strategies that are also booted with tables from the top of memory, by a kernel that can reach a page that no entry maps: the merged one,
 * those that have a list of tables, and the two later answers.
 */
const FROM_THE_TOP: readonly string[] = [
  "ask-callback",
  "query-special",
  "filter-set-pte",
  "filter-with-list",
  "table-range",
  "map-from-mapped",
];

/** The questions: every strategy that can boot there, then those with bootmem that takes the highest page first. */
export const QUESTIONS: readonly Question[] = Object.freeze([
  ...STRATEGIES.filter((strategy) => voidReason(strategy, findPlatform(PLATFORM)) === undefined)
    .map((strategy): Question => ({ id: strategy.id, strategy, bootmem: "lowest-first" })),
  ...STRATEGIES.filter(({ id }) => FROM_THE_TOP.includes(id))
    .map((strategy): Question => ({ id: `${strategy.id}-highest-first`, strategy, bootmem: "highest-first" })),
]);

/**
 * Boots a machine of 16 MiB. Its kernel is that of a domU; the live Xen is asked by dom0. The two differ in what they may map beyond the memory, which no
 * kernel of the debate does.
 *
 * @param question The boot.
 * @returns The kernel's operations, to the end of its boot or to the refused one.
 */
export function exportBoot(question: Question): Exported {
  const { strategy, bootmem } = question;
  const made: Recorder[] = [];
  const { outcome } = boot({
    platform: PLATFORM,
    strategy,
    bootmem,
    earlyIoremap: bootmem === "highest-first",
    memory: MEMORY_BYTES,
    trace: false,
    hypervisor: (options) => {
      const recorder = new Recorder(options);
      made.push(recorder);
      return recorder;
    },
  });
  const [recorder] = made;
  if (recorder === undefined) throw new TypeError(`Expected ${PLATFORM} to have a hypervisor but found none`);
  const { template, templateRoot, requests } = recorder;
  const machine = { pages: MEMORY_BYTES / 4096, root: templateRoot, template };
  return { question, machine, lines: requests, lastLevel: lastLevel(recorder), outcome };
}

function lastLevel({ requests, frames, domain }: Recorder): number {
  const last = requests[requests.length - 1];
  const pfn = last !== undefined && "frame" in last ? /^page(\d+)$/.exec(last.frame)?.[1] : undefined;
  return pfn === undefined ? 0 : frames.at(domain.p2m[Number(pfn)] ?? 0).tableLevel;
}
