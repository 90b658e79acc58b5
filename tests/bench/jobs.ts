/**
 * All jobs that have a counterpart in C.
 *
 * @module
 */
import { ACCESS_JOBS } from "./access_jobs.ts";
import { AUDIT_JOB } from "./audit_job.ts";
import { BUILD_JOB } from "./build_job.ts";
import type { Job } from "./job.ts";

/** The jobs, in the order of the report. */
export const JOBS: readonly Job[] = [...ACCESS_JOBS, BUILD_JOB, AUDIT_JOB];
