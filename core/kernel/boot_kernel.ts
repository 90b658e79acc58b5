/**
 * A boot from the kernel's first instruction to finished page tables.
 *
 * @module
 */

import { Stop, type StopKind } from "../paravirt/stop.ts";
import { testWpBit, zapLowMappings } from "./after.ts";
import type { Kernel } from "./kernel.ts";
import { pagingInit } from "./pagetable_init.ts";

/** How a boot ended. */
export type Outcome =
  | { readonly booted: true }
  | {
    readonly booted: false;
    readonly stop: {
      /** What stopped it. */
      readonly kind: StopKind;
      /** One line for people. */
      readonly message: string;
      /** Number of the write that did not happen, or of the last one that did. */
      readonly step: number;
    };
  };

/**
 * Runs a kernel until its first page tables are finished and the low mappings are gone.
 *
 * @param kernel The kernel, its operations set.
 * @param start What comes before `paging_init`: boot tables and bootmem.
 * @returns How it ended. A stop is a value here; nothing but `Stop` is caught.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot, bootKernel, rewind } from "@pagetable-init/textbook";
 *
 * const run = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * const { kernel } = rewind(run, 0); // may not write
 * const outcome = bootKernel(kernel, () => {});
 * assertEquals(!outcome.booted && outcome.stop.kind, "until");
 * ```
 */
export function bootKernel(kernel: Kernel, start: () => void): Outcome {
  try {
    start();
    pagingInit(kernel);
    testWpBit(kernel);
    zapLowMappings(kernel);
    return { booted: true };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { booted: false, stop: { kind: error.kind, message: error.message, step: kernel.step } };
  }
}
