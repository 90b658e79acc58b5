/**
 * A process that answers a line with a line.
 *
 * @module
 */

import { start } from "../command/process.ts";

/** Such a process. */
export class LineProcess {
  readonly #child: Deno.ChildProcess;
  readonly #asked: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<string>;
  #text = "";

  /**
   * Starts it.
   *
   * @param program Its path, or its name if the search path has it.
   * @param args Its arguments.
   * @param stderr The destination of its error output.
   * @throws {Deno.errors.NotFound} If there is no such program.
   */
  constructor(program: string, args: readonly string[], stderr: "inherit" | "null" = "inherit") {
    this.#child = start(program, args, { stdin: "piped", stdout: "piped", stderr });
    this.#asked = this.#child.stdin.getWriter();
    this.#answers = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /**
   * Asks.
   *
   * @param line The line, without its line feed.
   * @returns The answer, likewise; undefined if the process has ended.
   */
  async ask(line: string): Promise<string | undefined> {
    await this.#asked.write(new TextEncoder().encode(`${line}\n`)).catch(() => {}); // it has ended: there is no answer either
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#answers.read();
      if (done) return undefined;
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const answer = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return answer;
  }

  /** Ends it. */
  async close(): Promise<void> {
    await this.#asked.close().catch(() => {});
    await this.#answers.cancel();
    await this.#child.status;
  }
}
