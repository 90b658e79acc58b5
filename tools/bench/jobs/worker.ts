/**
 * A worker that does one job: V8 compiles it for this job alone, as it would in a process of its own.
 *
 * It is asked for `{ id }` once, then for `{ passes }` any number of times, and answers each of these with a sample.
 *
 * @module
 */
import type { Job, Sample } from "./job.ts";
import { COMPARISONS } from "./jobs.ts";

/** A request to a worker: prepare a job, or make passes. */
export type Request = { readonly id: string } | { readonly passes: number };

const jobs: readonly Job[] = COMPARISONS.flatMap(({ job, against }) =>
  against.kind === "job" ? [job, against.job] : [job]
);
let run: ((passes: number) => Sample) | undefined;

self.onmessage = ({ data }: MessageEvent<Request>) => {
  if ("id" in data) {
    run = jobs.find(({ id }) => id === data.id)?.prepare();
    self.postMessage("ready");
  } else if (run !== undefined) self.postMessage(run(data.passes));
};
