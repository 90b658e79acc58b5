/**
 * The hub of `classroom/`, in a folder of a test.
 *
 * @module
 */

import { run, start } from "../../tools/command/process.ts";
import { until } from "./until.ts";

const PORT = Number(Deno.env.get("PAGETABLE_PORT") ?? 8100);
const START_TIMEOUT = 120; // seconds

/** A hub that runs. */
export class Hub implements AsyncDisposable {
  /** Its address, with a slash at the end. */
  readonly address: string = `http://127.0.0.1:${PORT}/`;
  readonly #child: Deno.ChildProcess;
  /** Its log, once it has ended. */
  readonly #log: Promise<string>;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#log = new Response(child.stderr).text();
  }

  /**
   * Makes a class's folder, as a teacher does.
   *
   * @param clone The clone of the book.
   * @param folder The folder.
   */
  static async setUp(clone: string, folder: string): Promise<void> {
    const { code, out, err } = await run(`${clone}/classroom/setup`, [folder]);
    if (code !== 0) throw new Error(`Expected classroom/setup to succeed but found: ${out}${err}`);
  }

  /**
   * Starts the hub of a class's folder.
   *
   * @param folder The folder.
   * @param idleSeconds A server that nobody has used for as long ends.
   */
  static async start(folder: string, idleSeconds: number): Promise<Hub> {
    const env = { PAGETABLE_PORT: String(PORT), PAGETABLE_IDLE_SECONDS: String(idleSeconds) };
    const hub = new Hub(start(`${folder}/start`, [], { env, stdout: "null", stderr: "piped" }));
    await until("the hub", START_TIMEOUT, () => hub.#answers()).catch(async (error) => {
      await hub[Symbol.asyncDispose]();
      throw new Error(`${error.message}: ${(await hub.#log).slice(-1000)}`);
    });
    return hub;
  }

  async #answers(): Promise<boolean> {
    const response = await fetch(`${this.address}hub/api`).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok === true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // it has ended
    }
    await this.#child.status;
  }
}
