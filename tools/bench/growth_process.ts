/**
 * A process that does the same with more and more, and says what it took.
 *
 * @module
 */

import { audit } from "../../core/audit/mod.ts";
import { boot } from "../../core/boot.ts";
import { CPUS, PhysicalMemory } from "../../core/mmu/mod.ts";
import { MODES } from "../../core/mmu/modes.ts";
import { NOBODY, type RecordedEvent, type Writer } from "../../core/recording/log.ts";
import { Recording, Stores } from "../../core/recording/mod.ts";
import type { Growth } from "./growth.ts";
import { short } from "./rounds.ts";

const MIB = 2 ** 20;
const PER_TABLE = 512;
/** Flags of a writable page, with A and D. */
const PAGE = 0x63;
/** PS. */
const LARGE = 0x80;
/** First frame that the direct maps map: a multiple of 2M. */
const FIRST_FRAME = 0x10_0000;
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

const MEMORY_64T = 2 ** 46;

/** A 4-level direct map, in pages of 4K (the tables of level 1) or of 2M (those of level 2). */
function tablesOf(leaves: number, level: 1 | 2): Parameters<typeof audit>[0] {
  const memory = new PhysicalMemory(MEMORY_64T);
  let free = 1;
  /** Makes the tables of a level and those above, and returns the frame of the first. */
  const make = (entries: number, depth: number, entryOf: (i: number) => number): number => {
    const first = free;
    const tables = Math.ceil(entries / PER_TABLE);
    free += tables;
    for (let i = 0; i < entries; i++) {
      const frame = entryOf(i);
      const flags = depth === level && level > 1 ? PAGE | LARGE : PAGE;
      memory.writePair(
        first + Math.floor(i / PER_TABLE),
        2 * (i % PER_TABLE),
        Math.floor(frame / 2 ** 20),
        (frame << 12) | flags,
      );
    }
    return depth === 4 ? first : make(tables, depth + 1, (i) => first + i);
  };
  const pages = level === 1 ? 1 : PER_TABLE;
  const root = make(leaves, level, (i) => FIRST_FRAME + i * pages);
  return { memory, cpu: CPUS.today, mode: MODES["4-level"], root: root * 4096, cr4: 0x20, efer: 0xd00 };
}

/** A recording of a kernel that maps one page after the other by 32-bit entries, and writes them anew when all are mapped. */
function recordingOf(writes: number): Recording {
  const stores = new Stores();
  const [directory, tables, entries] = [1, 2, 1024];
  const set: Writer = { pc: { hi: 0, lo: 0xc010_0000 }, name: "set_pte", offset: 0 };
  const count = Math.min(entries, Math.ceil(writes / entries));
  for (let i = 0; i < count; i++) stores.add(i, directory * 4096 + i * 4, 1, 4, 1, ((tables + i) << 12) | PAGE, 0);
  const events: RecordedEvent[] = [
    { kind: "register", stores: count, cpu: 0, register: "cr3", value: { hi: 0, lo: directory * 4096 }, writer: set },
    { kind: "register", stores: count, cpu: 0, register: "cr0", value: { hi: 0, lo: 0x8001_0011 }, writer: set },
    { kind: "table", stores: count, frame: directory, level: 2, mode: "two-level" },
  ];
  for (let i = 0; i < count; i++) {
    events.push({ kind: "table", stores: count, frame: tables + i, level: 1, mode: "two-level" });
  }
  for (let i = 0; i < writes; i++) {
    const entry = i % (count * entries);
    stores.add(count + i, tables * 4096 + entry * 4, 1, 4, 0, (entry << 12) | PAGE, 0);
  }
  const header = { description: "made for a measurement", ramBytes: 2 ** 32 };
  return new Recording({
    header,
    writers: [NOBODY, set],
    stores,
    events,
    marks: [],
    hasFlushes: false,
    end: undefined,
  });
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
      const tables = tablesOf(leaves, 1);
      return () => audit(tables);
    },
  },
  {
    name: "audit of memory in 2M pages",
    of: "MiB",
    sizes: [16, 1024, 65_536, 1_048_576],
    work: (size) => {
      const tables = tablesOf(size / 2, 2);
      return () => audit(tables);
    },
  },
  { name: "recording, read", of: "writes", sizes: [1e3, 1e4, 1e5, 1e6], work: (writes) => recordingOf(writes) },
  {
    name: "a step in the middle of a recording",
    of: "writes",
    sizes: [1e3, 1e4, 1e5, 1e6],
    work: (writes) => {
      const recording = recordingOf(writes);
      return () => recording.at(recording.trace.length >> 1);
    },
  },
  {
    name: "machines of 16M, none kept",
    of: "machines",
    sizes: [10, 100, 1000],
    work: (count) => {
      for (let i = 0; i < count; i++) boot({ platform: "native-k8-pae-4k", strategy: "filter-set-pte", memory: "16M" });
    },
  },
];

/** Times that a size is done after V8 has compiled the work; the shortest counts, because what makes one longer is not the work. */
const TIMES = 3;

/** Bytes of objects and arrays that are in use. The first collection frees objects, the second the memory of their arrays. */
function inUse(): number {
  gc();
  gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** What some work takes once: seconds, and MiB that its result holds. In a function of its own, because a frame keeps what it has held alive. */
function once(work: () => unknown): { readonly seconds: number; readonly mebibytes: number } {
  const before = inUse();
  const begun = performance.now();
  const kept = work();
  const seconds = (performance.now() - begun) / 1_000;
  const mebibytes = (inUse() - before) / MIB;
  return { seconds, mebibytes: kept === null ? 0 : mebibytes };
}

/** What prepares the work is not timed. */
function measure({ name, of, work }: Subject, size: number): Growth {
  const made = work(size);
  const timed = typeof made === "function" ? () => made() : () => work(size);
  const all = Array.from({ length: TIMES }, () => once(timed));
  const seconds = Math.min(...all.map((it) => it.seconds));
  const mebibytes = Math.max(0, ...all.map((it) => it.mebibytes));
  return { name, of, size, seconds: short(seconds), mebibytes: short(mebibytes) };
}

if (import.meta.main) {
  const lines = SUBJECTS.flatMap((subject) => subject.sizes.map((size) => measure(subject, size)));
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(lines)));
}
