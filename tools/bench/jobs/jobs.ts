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
import { voidReason } from "../../../core/boot.ts";
import { PLATFORMS } from "../../../core/platforms.ts";
import { STRATEGIES } from "../../../core/strategies/mod.ts";
import { AUDIT } from "./audit_job.ts";
import { BUILD } from "./build_job.ts";
import type { Job } from "./job.ts";
import { BOOT_896M, MATRIX_64M, MATRIX_896M } from "./whole_jobs.ts";

/** A job and what it is held against: the same in C, another job here by the operation, or seconds. */
export interface Comparison {
  /** Its name in the report. */
  readonly name: string;
  readonly job: Job;
  /** The ratio aimed at; smaller is better. */
  readonly target: number;
  /** Why the target is where it is. */
  readonly why: string;
  readonly against:
    | { readonly kind: "c" }
    | { readonly kind: "job"; readonly job: Job; readonly name: string }
    | { readonly kind: "seconds"; readonly seconds: number; readonly name: string };
}

const IN_C = { kind: "c" } as const;
/** Cells of the matrix that are not void. */
const CELLS =
  PLATFORMS.flatMap((platform) => STRATEGIES.filter((strategy) => voidReason(strategy, platform) === undefined)).length;
const WALK = "a check of each index, and no registers across calls";
const MISS = "a walk, and four stores into the TLB";

/** The comparisons, in the order of the report. */
export const COMPARISONS: readonly Comparison[] = [
  { name: "walk, PAE, page after page", job: PAE_SEQUENTIAL, target: 2.5, why: WALK, against: IN_C },
  { name: "walk, PAE, random", job: PAE_RANDOM, target: 2.3, why: WALK, against: IN_C },
  { name: "walk, 4-level, 4K pages, random", job: FOUR_LEVEL_4K, target: 3, why: WALK, against: IN_C },
  {
    name: "walk, 4-level, 2M pages, random",
    job: FOUR_LEVEL_2M,
    target: 3,
    why: "a frame above 2^31 is no small integer",
    against: IN_C,
  },
  { name: "TLB hit", job: HIT, target: 3, why: "loop and call alone take as long as all of C's hit", against: IN_C },
  { name: "TLB miss and fill, page after page", job: MISS_SEQUENTIAL, target: 2.9, why: MISS, against: IN_C },
  { name: "TLB miss and fill, random", job: MISS_RANDOM, target: 2.9, why: MISS, against: IN_C },
  {
    name: "build of 896M, a set_pte a page, five strategies",
    job: BUILD,
    target: 3.2,
    why: "a rule, an operation, a count and a checked store a page, each a function that a strategy may replace",
    against: IN_C,
  },
  {
    name: "audit of 896M",
    job: AUDIT,
    target: 0.6,
    why: "runs of entries, where C looks at every page",
    against: IN_C,
  },
  {
    name: "TLB hit against walk",
    job: HIT,
    target: 0.5,
    why: "else the TLB would not pay",
    against: { kind: "job", job: PAE_RANDOM, name: "random PAE walk, here" },
  },
  {
    name: "audit against build, by the page",
    job: AUDIT,
    target: 1.5,
    why: "looking costs no more than making",
    against: { kind: "job", job: BUILD, name: "build of 896M, here" },
  },
  {
    name: "fast walker against the explaining one",
    job: PAE_RANDOM,
    target: 0.75,
    why: "else one walker would do",
    against: { kind: "job", job: EXPLAINED_RANDOM, name: "explain, here" },
  },
  {
    name: "boot with 896M",
    job: BOOT_896M,
    target: 1,
    why: "a cell's share of a matrix, and its trace",
    against: { kind: "seconds", seconds: 5 / CELLS, name: `5 s by ${CELLS} cells` },
  },
  {
    name: "matrix at 64M",
    job: MATRIX_64M,
    target: 1,
    why: "shorter than a reader notices",
    against: { kind: "seconds", seconds: 0.15, name: "0.15 s" },
  },
  {
    name: "matrix at 896M",
    job: MATRIX_896M,
    target: 1,
    why: "as long as a reader waits",
    against: { kind: "seconds", seconds: 2, name: "2 s" },
  },
];
