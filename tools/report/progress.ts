/**
 * A line on stderr for those who wait.
 *
 * @module
 */

/** Milliseconds in which nobody wonders. */
const SILENT_TIMEOUT = 1_000;

/** Says how far a count is, once it has taken longer than a second. */
export class Progress {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #started: number;
  #shown = false;

  /**
   * @param write Writes to the terminal.
   * @param now Milliseconds from any moment.
   */
  constructor(write: (text: string) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
    this.#started = now();
  }

  /**
   * @param done How many are done.
   * @param all Of how many.
   */
  step(done: number, all: number): void {
    if (this.#now() - this.#started < SILENT_TIMEOUT) return;
    this.#write(`\r${done} of ${all} boots`);
    this.#shown = true;
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.#write("\r\x1b[K");
  }
}
