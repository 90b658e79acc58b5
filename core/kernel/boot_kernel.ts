/**
 * Runs a boot, from the kernel's first instruction to finished page tables.
 *
 * @module
 */

import { callable, checkArguments } from "../check.ts";
import { type Stop, Stopped } from "../paravirt/stop.ts";
import { testWpBit, zapLowMappings } from "./after.ts";
import { aKernel, type Kernel } from "./kernel.ts";
import { zoneSizesInit } from "./page_structures.ts";
import { pagingInit } from "./pagetable_init.ts";

/**
 * How a boot ended.
 *
 * @category Types
 */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly stop: Stop };

const BOOTED: Outcome = Object.freeze({ ok: true });

/**
 * Runs a kernel until its first page tables are finished, the page structures are there and the low mappings are gone: the end of `setup_arch`, and
 * `mem_init`.
 *
 * @param kernel The kernel, its operations set.
 * @param start Runs the part before `paging_init`: boot tables and bootmem.
 * @returns The outcome. A `Stopped` becomes a value; other exceptions pass through.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { bootKernel } from "@pagetable-init/textbook/kernel";
 *
 * const run = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * const { kernel } = run.at(0); // may not write
 * const outcome = bootKernel(kernel, () => {});
 * assertEquals(!outcome.ok && outcome.stop.kind, "until");
 * ```
 */
export function bootKernel(kernel: Kernel, start: () => void): Outcome {
  checkArguments({ kernel: aKernel, start: callable }, [kernel, start]);
  try {
    start();
    pagingInit(kernel);
    zoneSizesInit(kernel);
    if (kernel.memMap !== undefined) kernel.ops.postAllocatorInit();
    testWpBit(kernel);
    zapLowMappings(kernel);
    return BOOTED;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return Object.freeze({ ok: false, stop: Object.freeze({ ...error.reason, step: kernel.step }) });
  }
}
