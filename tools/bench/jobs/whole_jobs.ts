/**
 * A boot, and the whole matrix. Nobody has written these in C: they are held against seconds.
 *
 * @module
 */
import { boot } from "../../../core/boot.ts";
import { matrix } from "../../../core/matrix.ts";
import { type Job, timed } from "./job.ts";

function wholeMatrix(memory: string): number {
  let mapped = 0;
  for (const { row } of matrix({ memory })) mapped += row.void === undefined ? row.coverage.mapped : 0;
  return mapped;
}

function matrixJob(memory: string): Job {
  return {
    id: `matrix-${memory}`,
    passes: 1,
    operations: 1,
    prepare: timed(() => () => wholeMatrix(memory)),
  };
}

/** A boot with 896M: the rule that was merged, on a machine without large pages, every write recorded. */
export const BOOT_896M: Job = {
  id: "boot-896M",
  passes: 1,
  operations: 1,
  prepare: timed(() => () =>
    boot({ platform: "native-k8-pae-4k", strategy: "filter-set-pte", memory: "896M" }).cost.entryWrites
  ),
};
/** All strategies on all platforms, 64M each. */
export const MATRIX_64M: Job = matrixJob("64M");
/** The same with 896M each. */
export const MATRIX_896M: Job = matrixJob("896M");
