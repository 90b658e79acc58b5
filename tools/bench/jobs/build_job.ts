/**
 * The kernel's direct map of 896 MiB in 4K pages, built by five strategies in turn on a bare PAE machine with NX.
 *
 * The library builds by the page: `set_pte` writes one entry, each strategy decides about one page, and each write is a step at which a boot can
 * be stopped; no kernel of the debate had an operation for a run of entries.
 *
 * @module
 */
import { environmentOf } from "../../../core/environment.ts";
import { pagetableInit } from "../../../core/kernel/pagetable_init.ts";
import type { PhysicalMemory } from "../../../core/mmu/mod.ts";
import { type BootOptions, setupOf } from "../../../core/setup.ts";
import type { Job, Sample } from "./job.ts";
import { LOWMEM_PAGES, TEXT_END } from "./layout.ts";

const STRATEGIES: readonly string[] = [
  "write-always",
  "ask-callback",
  "query-special",
  "keep-template",
  "filter-set-pte",
];
const LEAVES_PER_TABLE = 512;

function environment(strategy: string): ReturnType<typeof environmentOf> {
  const options: BootOptions = {
    platform: "native-k8-pae-4k",
    strategy,
    memory: LOWMEM_PAGES * 4096,
    kernelEnd: 0x57_f000, // __init_end, to which text reaches, is in the last page below TEXT_END
  };
  return environmentOf(setupOf(options), undefined);
}

/** The sum of the leaves of the new tables: low and high words, modulo 2^32. */
function sumLeaves({ machine: { memory }, kernel }: ReturnType<typeof environmentOf>): number {
  const pgd = kernel.layout.image.swapperPgDir;
  const pmd = memory.read(pgd, 6) >>> 12; // of slot 3
  let sum = 0;
  for (let table = 0; table < LOWMEM_PAGES / LEAVES_PER_TABLE; table++) {
    const frame = memory.read(pmd, 2 * table) >>> 12;
    for (let word = 0; word < 1024; word++) sum = (sum + memory.read(frame, word)) | 0;
  }
  return sum >>> 0;
}

/** Gives the frames that will be tables their memory, as those of the reference have theirs: a first touch costs more than 512 stores. */
function ready(memory: PhysicalMemory): void {
  for (let pfn = 0; pfn < 2 * TEXT_END; pfn++) memory.write(pfn, 0, memory.read(pfn, 0));
}

function build(strategy: string): Sample {
  const built = environment(strategy);
  built.start();
  ready(built.machine.memory);
  const begun = performance.now();
  pagetableInit(built.kernel);
  const nanoseconds = (performance.now() - begun) * 1e6;
  return { nanoseconds, checksum: sumLeaves(built) };
}

function passes(count: number): Sample {
  let [nanoseconds, checksum] = [0, 0];
  for (let i = 0; i < count; i++) {
    for (const strategy of STRATEGIES) {
      const sample = build(strategy);
      nanoseconds += sample.nanoseconds;
      checksum = (checksum + sample.checksum) >>> 0;
    }
  }
  return { nanoseconds, checksum };
}

/** By the page, five strategies in one process. */
export const BUILD: Job = {
  id: "build",
  passes: 1,
  operations: STRATEGIES.length * LOWMEM_PAGES,
  prepare: () => passes,
};
