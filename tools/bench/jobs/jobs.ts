/**
 * The comparisons of the benchmark.
 *
 * @module
 */
import {
  EXPLAINED_RANDOM,
  FOUR_LEVEL_2M,
  FOUR_LEVEL_4K,
  HIT,
  MISS_RANDOM,
  MISS_SEQUENTIAL,
  PAE_RANDOM,
  PAE_SEQUENTIAL,
} from "./access_jobs.ts";
import { AUDIT } from "./audit_job.ts";
import { BUILD, BUILD_RUNS } from "./build_job.ts";
import type { Job } from "./job.ts";
import { BOOT_896M, MATRIX_64M, MATRIX_896M } from "./whole_jobs.ts";

/** A job and what it is held against: the same in C, another job here by the operation, or seconds. */
export interface Comparison {
  /** Its name in the report. */
  readonly name: string;
  readonly job: Job;
  /** The ratio aimed at; smaller is better. */
  readonly target: number;
  readonly against:
    | { readonly kind: "c" }
    | { readonly kind: "job"; readonly job: Job; readonly name: string }
    | { readonly kind: "seconds"; readonly seconds: number; readonly name: string };
}

const IN_C = { kind: "c" } as const;
const CELLS = 132;

/** The comparisons, in the order of the report. */
export const COMPARISONS: readonly Comparison[] = [
  { name: "walk, PAE, page after page", job: PAE_SEQUENTIAL, target: 2.5, against: IN_C },
  { name: "walk, PAE, random", job: PAE_RANDOM, target: 2.2, against: IN_C },
  { name: "walk, 4-level, 4K pages, random", job: FOUR_LEVEL_4K, target: 3, against: IN_C },
  { name: "walk, 4-level, 2M pages, random", job: FOUR_LEVEL_2M, target: 3, against: IN_C },
  { name: "TLB hit", job: HIT, target: 3.5, against: IN_C },
  { name: "TLB miss and fill, page after page", job: MISS_SEQUENTIAL, target: 2.5, against: IN_C },
  { name: "TLB miss and fill, random", job: MISS_RANDOM, target: 2.5, against: IN_C },
  { name: "build of 896M, a set_pte a page, five strategies", job: BUILD, target: 1.5, against: IN_C },
  { name: "build of 896M, a table at a time", job: BUILD_RUNS, target: 1.5, against: IN_C },
  { name: "audit of 896M", job: AUDIT, target: 0.7, against: IN_C },
  {
    name: "TLB hit against walk",
    job: HIT,
    target: 0.5,
    against: { kind: "job", job: PAE_RANDOM, name: "random PAE walk, here" },
  },
  {
    name: "audit against build, by the page",
    job: AUDIT,
    target: 1.5,
    against: { kind: "job", job: BUILD, name: "build of 896M, here" },
  },
  {
    name: "fast walker against the explaining one",
    job: PAE_RANDOM,
    target: 0.75,
    against: { kind: "job", job: EXPLAINED_RANDOM, name: "explain, here" },
  },
  {
    name: "boot with 896M",
    job: BOOT_896M,
    target: 1,
    against: { kind: "seconds", seconds: 5 / CELLS, name: "5 s by 132 cells" },
  },
  { name: "matrix at 64M", job: MATRIX_64M, target: 1, against: { kind: "seconds", seconds: 1, name: "1 s" } },
  { name: "matrix at 896M", job: MATRIX_896M, target: 1, against: { kind: "seconds", seconds: 5, name: "5 s" } },
];
