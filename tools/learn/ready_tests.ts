/**
 * The tests of a session: each run takes the process that stands ready, and leaves another behind.
 *
 * @module
 */

import type { Ready } from "../exercises/ready.ts";
import { makeReady, type RunOptions, runTests, type TestRun } from "../exercises/run_tests.ts";

/** Runs tests, one exercise after the other. */
export class ReadyTests {
  #ready: Promise<Ready | undefined> | undefined;

  /**
   * Runs the tests of an exercise.
   *
   * @param path Its test file.
   * @param options Time limit and the like.
   * @returns How it ended.
   */
  async run(path: string, options: RunOptions): Promise<TestRun> {
    const taken = this.#ready;
    this.#ready = undefined;
    using ready = await taken;
    const run = await runTests([path], { ...options, ready });
    // Where none can be made, the next run starts one and says what is wrong.
    if (!options.signal?.aborted) this.#ready ??= makeReady(path, options).catch(() => undefined);
    return run;
  }

  /** Ends the process that stands ready. */
  async [Symbol.asyncDispose](): Promise<void> {
    (await this.#ready)?.[Symbol.dispose]();
  }
}
