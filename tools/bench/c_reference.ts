/**
 * The benchmark's reference in C: compiled, and asked.
 *
 * @module
 */

import { run } from "../command/process.ts";
import type { Sample } from "./jobs/job.ts";
import { LineProcess } from "./line_process.ts";
import type { Side } from "./rounds.ts";

const SOURCES = "tools/bench/c";
const FOLDER = "out/bench";
const PROGRAM = `${FOLDER}/reference`;
const FLAGS = ["-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror"];

/** The C side of all jobs: one process that answers a line with a line. */
export class CReference {
  readonly #process = new LineProcess(PROGRAM, []);

  private constructor(readonly compiler: string) {}

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
    await this.#process.close();
  }

  async #measure(id: string, passes: number): Promise<Sample> {
    const answer = await this.#process.ask(`${id} ${passes}`);
    if (answer === undefined) throw new Error("the reference in C has ended");
    const [nanoseconds, checksum] = answer.split(" ").map(Number);
    if (nanoseconds === undefined || checksum === undefined) throw new Error(`the reference in C does not know ${id}`);
    return { nanoseconds, checksum };
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
