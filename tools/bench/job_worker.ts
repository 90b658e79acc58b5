/**
 * Our side of a job: a worker that does nothing else.
 *
 * @module
 */

import type { Job, Sample } from "./jobs/job.ts";
import type { Request } from "./jobs/worker.ts";
import type { Side } from "./rounds.ts";

const MODULE = new URL("./jobs/worker.ts", import.meta.url);

/** A worker with its job. */
export class JobWorker implements Side {
  readonly #worker = new Worker(MODULE, { type: "module" });

  private constructor(readonly job: Job) {}

  /**
   * Starts a worker, lets it prepare its job and warm up: the first passes are V8's, not ours.
   *
   * @param job The job.
   * @param warmUp How often its passes are made before anything counts.
   * @returns The worker.
   */
  static async start(job: Job, warmUp: number): Promise<JobWorker> {
    const worker = new JobWorker(job);
    await worker.#ask<"ready">({ id: job.id });
    for (let i = 0; i < warmUp; i++) await worker.measure(job.passes);
    return worker;
  }

  /** Makes some passes. */
  readonly measure = (passes: number): Promise<Sample> => this.#ask<Sample>({ passes });

  /** Ends the worker. */
  close(): void {
    this.#worker.terminate();
  }

  #ask<Answer>(request: Request): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`${this.job.id} stopped: ${event.message}`));
    };
    this.#worker.postMessage(request);
    return promise;
  }
}
