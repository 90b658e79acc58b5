/**
 * The benchmark's reference in C: compiled, and asked.
 *
 * @module
 */

import { run, start } from "../command/process.ts";
import type { Sample } from "./jobs/job.ts";
import type { Side } from "./rounds.ts";

const SOURCES = "tools/bench/c";
const FOLDER = "out/bench";
const PROGRAM = `${FOLDER}/reference`;
const FLAGS = ["-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror"];

/** The C side of all jobs: one process that answers a line with a line. */
export class CReference {
  readonly #child: Deno.ChildProcess;
  readonly #asked: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(readonly compiler: string) {
    this.#child = start(PROGRAM, [], { stdin: "piped", stdout: "piped" });
    this.#asked = this.#child.stdin.getWriter();
    this.#answers = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Compiles and starts it; a text says why that cannot be. */
  static async start(): Promise<CReference | string> {
    const version = await gcc(["-dumpfullversion"]);
    if (version === undefined) return "gcc cannot be run here";
    const sources = [...Deno.readDirSync(SOURCES)].map(({ name }) => name).filter((name) => name.endsWith(".c"));
    await Deno.mkdir(FOLDER, { recursive: true });
    const own = `${PROGRAM}.${Deno.pid}`; // another bench may be compiling, and a program that is being written cannot be started
    const compiled = await gcc([...FLAGS, "-o", own, ...sources.sort().map((name) => `${SOURCES}/${name}`)]);
    if (compiled === undefined) return "gcc does not compile tools/bench/c";
    await Deno.rename(own, PROGRAM);
    return new CReference(`gcc ${version.trim()} -O2`);
  }

  /** The side of one job. */
  side(id: string): Side {
    return { measure: (passes) => this.#measure(id, passes) };
  }

  /** Ends the process. */
  async close(): Promise<void> {
    await this.#asked.close();
    await this.#answers.cancel();
    await this.#child.status;
  }

  async #measure(id: string, passes: number): Promise<Sample> {
    await this.#asked.write(new TextEncoder().encode(`${id} ${passes}\n`));
    const [nanoseconds, checksum] = (await this.#line()).split(" ").map(Number);
    if (nanoseconds === undefined || checksum === undefined) throw new Error(`the reference in C does not know ${id}`);
    return { nanoseconds, checksum };
  }

  async #line(): Promise<string> {
    while (!this.#text.includes("\n")) {
      const { value, done } = await this.#answers.read();
      if (done) throw new Error("the reference in C has ended");
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return line;
  }
}

/** The output of gcc; undefined if gcc is missing, may not be run, or fails. */
async function gcc(args: readonly string[]): Promise<string | undefined> {
  try {
    // A gcc that a signal ends leaves its temporary files: in this folder they do no harm.
    const { code, out } = await run("gcc", args, { env: { TMPDIR: FOLDER }, stderr: "inherit" });
    return code === 0 ? out : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
