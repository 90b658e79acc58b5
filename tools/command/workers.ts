/**
 * Workers that share a list of parts, one worker a processor.
 *
 * @module
 */

/** Workers of one module. The module's `onmessage` takes a part and posts its answer. */
export class Workers<Part, Answer> {
  readonly #workers: readonly Worker[];

  /**
   * Starts the workers.
   *
   * @param module The module.
   * @param count How many; one a processor unless said otherwise.
   */
  constructor(module: URL, count: number = navigator.hardwareConcurrency) {
    this.#workers = Array.from({ length: count }, () => new Worker(module, { type: "module" }));
  }

  /**
   * Gives each worker that is free the next part.
   *
   * @param parts The parts.
   * @param answered Called with each answer as it comes.
   * @returns The answers, in the order of the parts.
   * @throws {Error} If a worker stops.
   */
  async map(parts: readonly Part[], answered: (answer: Answer) => void = () => {}): Promise<Answer[]> {
    const answers: Answer[] = [];
    let next = 0;
    const work = async (worker: Worker) => {
      while (next < parts.length) {
        const at = next++;
        const answer = await ask<Answer>(worker, parts[at]);
        answers[at] = answer;
        answered(answer);
      }
    };
    await Promise.all(this.#workers.map(work));
    return answers;
  }

  /** Ends the workers. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

function ask<Answer>(worker: Worker, part: unknown): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`A worker stopped: ${event.message}`));
  };
  worker.postMessage(part);
  return promise;
}
