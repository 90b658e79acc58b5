/**
 * A process that does the same with more and more, and says what it took.
 *
 * @module
 */

import { audit } from "../../core/audit/mod.ts";
import { boot } from "../../core/boot.ts";
import { CPUS, PhysicalMemory } from "../../core/mmu/mod.ts";
import { MODES } from "../../core/mmu/modes.ts";
import type { Growth } from "./growth.ts";
import { short } from "./rounds.ts";

const MIB = 2 ** 20;
const PER_TABLE = 512;
/** Flags of a writable page, with A and D. */
const PAGE = 0x63;
const gc = (globalThis as { gc?: () => void }).gc ?? (() => {});

/** Work, the sizes that it is done with, and what a size counts. */
interface Subject {
  readonly name: string;
  readonly of: string;
  readonly sizes: readonly number[];
  /** Does it once; what it returns is kept while memory is measured. */
  readonly work: (size: number) => unknown;
}

const bootOf = (memory: number) => boot({ platform: "native-k8-pae-4k", strategy: "filter-set-pte", memory });
const xenOf = (memory: number) => boot({ platform: "xen-pae", strategy: "filter-set-pte", memory, trace: false });

/** A 4-level direct map of 4K pages. */
function tablesOf(leaves: number): Parameters<typeof audit>[0] {
  const memory = new PhysicalMemory(2 ** 45);
  const put = (frame: number, index: number, target: number) =>
    memory.writePair(frame, 2 * index, Math.floor(target / 2 ** 20), (target << 12) | PAGE);
  const tables = Math.ceil(leaves / PER_TABLE);
  const directories = Math.ceil(tables / PER_TABLE);
  const [root, upper, directory] = [1, 2, 3];
  const table = directory + directories;
  put(root, 0, upper);
  for (let i = 0; i < directories; i++) put(upper, i, directory + i);
  for (let i = 0; i < tables; i++) put(directory + Math.floor(i / PER_TABLE), i % PER_TABLE, table + i);
  for (let i = 0; i < leaves; i++) put(table + Math.floor(i / PER_TABLE), i % PER_TABLE, 0x10_0000 + i);
  return { memory, cpu: CPUS.today, mode: MODES["4-level"], root: root * 4096, cr4: 0x20, efer: 0xd00 };
}

const SUBJECTS: readonly Subject[] = [
  {
    name: "boot and trace, native, 4K pages",
    of: "MiB",
    sizes: [16, 64, 256, 896],
    work: (size) => bootOf(size * MIB),
  },
  { name: "boot, Xen", of: "MiB", sizes: [16, 64, 256, 896], work: (size) => xenOf(size * MIB) },
  {
    name: "a step in the middle of a boot",
    of: "MiB",
    sizes: [16, 64, 256, 896],
    work: (size) => {
      const run = bootOf(size * MIB);
      return () => run.at(run.cost.entryWrites >> 1);
    },
  },
  {
    name: "audit of 4K pages",
    of: "leaves",
    sizes: [1e3, 1e4, 1e5, 1e6, 1e7],
    work: (leaves) => {
      const tables = tablesOf(leaves);
      return () => audit(tables);
    },
  },
  {
    name: "machines booted one after the other, none kept",
    of: "machines",
    sizes: [10, 100, 1000],
    work: (count) => {
      for (let i = 0; i < count; i++) boot({ platform: "native-k8-pae-4k", strategy: "filter-set-pte", memory: "16M" });
    },
  },
];

/** Times that a size is done after V8 has compiled the work; the shortest counts, because what makes one longer is not the work. */
const TIMES = 3;

/** Bytes of objects and arrays that are in use. */
function inUse(): number {
  gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** What prepares the work is not timed. */
function measure({ name, of, work }: Subject, size: number): Growth {
  const made = work(size);
  const timed = typeof made === "function" ? made : () => work(size);
  let seconds = Infinity;
  let mebibytes = 0;
  for (let i = 0; i < TIMES; i++) {
    const before = inUse();
    const begun = performance.now();
    const kept = timed();
    seconds = Math.min(seconds, (performance.now() - begun) / 1_000);
    mebibytes = (inUse() - before) / MIB;
    if (kept === null) break; // holds what was made until it is measured
  }
  return { name, of, size, seconds: short(seconds), mebibytes: short(Math.max(0, mebibytes)) };
}

if (import.meta.main) {
  const lines = SUBJECTS.flatMap((subject) => subject.sizes.map((size) => measure(subject, size)));
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(lines)));
}
