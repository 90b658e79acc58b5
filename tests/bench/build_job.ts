/**
 * The kernel's direct map of 896 MiB in 4K pages, built by five strategies in turn on a bare PAE machine with NX.
 *
 * It is measured by the page only. An operation that sets a run of entries would be faster, but no kernel of the debate had one: `set_pte` writes
 * one entry, each strategy decides about one page, and each write is a step at which a boot can be stopped.
 *
 * @module
 */
import { environmentOf } from "../../core/environment.ts";
import { pagetableInit } from "../../core/kernel/mod.ts";
import { findPlatform } from "../../core/platforms.ts";
import { findStrategy } from "../../core/strategies/mod.ts";
import { Hypervisor } from "../../core/xen/mod.ts";
import type { Job, Sample } from "./job.ts";
import { LOWMEM_PAGES } from "./layout.ts";

const STRATEGIES = ["write-always", "ask-callback", "query-special", "keep-template", "filter-set-pte"];
const LEAVES_PER_TABLE = 512;

function environment(strategy: string): ReturnType<typeof environmentOf> {
  return environmentOf(findPlatform("native-k8-pae-4k"), findStrategy(strategy), {
    memoryBytes: LOWMEM_PAGES * 4096,
    kernelEnd: 0x57_f000, // __init_end, to which text reaches, is in the last page below TEXT_END
    templateBytes: 0,
    p2m: "identity",
    bootmem: "lowest-first",
    special: [],
    makePteKeepsNx: true,
    until: Infinity,
    trace: undefined,
    hypervisor: (options) => new Hypervisor(options),
  });
}

/** What the leaves of the new tables add up to: low and high words, modulo 2^32. */
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

function build(strategy: string): Sample {
  const built = environment(strategy);
  built.start();
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

/** The job. */
export const BUILD: Job = {
  id: "build",
  passes: 1,
  operations: STRATEGIES.length * LOWMEM_PAGES,
  prepare: () => passes,
};
