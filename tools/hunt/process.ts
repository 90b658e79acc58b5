/**
 * A process that boots machines for a hunt: it has no permissions and bounded memory, and is ended if it does not answer.
 *
 * @module
 */

import { start } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import type { ChunkResult } from "../../chapters/hunting/chunk.ts";
import type { Finding } from "../../chapters/hunting/finding.ts";
import { lines, type Request } from "./serve.ts";

/** Milliseconds without a sign of life after which a process is ended. One boot takes some ten of them. */
const ANSWER_TIMEOUT = 15_000;
/** Megabytes of a process: a strategy that keeps what it allocates must not take the machine with it. */
const HEAP_MEGABYTES = 1024;
const LONGEST = 300;

/** A process that ended, or had to be ended. The message says why. */
export class Lost extends Error {}

/** The possible answers of a process. */
interface Answer {
  readonly ready?: boolean;
  readonly machines?: number;
  readonly result?: ChunkResult;
  readonly busy?: number;
  readonly finding?: Finding;
}

/** A process that answers requests, one after the other. */
export class HuntProcess {
  readonly #timeout: number;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #answers: AsyncGenerator<string>;
  readonly #complaints: Promise<string>;
  /** Seconds of a processor that its searches took, as it says. */
  cpuSeconds = 0;

  /**
   * Starts one.
   *
   * @param entry Path of its program (`entryText`).
   * @param timeout Milliseconds without a sign of life after which it is ended.
   */
  constructor(entry: string, timeout: number = ANSWER_TIMEOUT) {
    this.#timeout = timeout;
    const flags = ["--quiet", "--no-prompt", "--no-lock", `--v8-flags=--max-old-space-size=${HEAP_MEGABYTES}`];
    const config = ["--config", new URL("deno.json", ROOT).pathname];
    const env = { NO_COLOR: "1" };
    const options = { env, stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    this.#child = start(Deno.execPath(), ["run", ...flags, ...config, entry], options);
    this.#input = this.#child.stdin.getWriter();
    this.#answers = lines(this.#child.stdout as ReadableStream<Uint8Array<ArrayBuffer>>);
    this.#complaints = new Response(this.#child.stderr).text();
  }

  /** Waits until it can be asked. */
  async ready(): Promise<void> {
    await this.#answer(() => {});
  }

  /** Has it search a chunk. */
  async search(request: Request, progress: (machines: number) => void): Promise<ChunkResult> {
    const { result, busy = 0 } = await this.#ask(request, progress);
    this.cpuSeconds += busy;
    return result as ChunkResult;
  }

  /** Has it make the machine of a finding simple. */
  async explain(request: Request, progress: (machines: number) => void = () => {}): Promise<Finding> {
    return (await this.#ask(request, progress)).finding as Finding;
  }

  /** Ends it. */
  async end(): Promise<void> {
    try {
      await this.#input.close();
    } catch {
      // it has ended by itself
    }
    this.#kill();
    await this.#child.status;
  }

  async #ask(request: Request, progress: (machines: number) => void): Promise<Answer> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`)).catch(() => {});
    return await this.#answer(progress);
  }

  async #answer(progress: (machines: number) => void): Promise<Answer> {
    for (;;) {
      const answer = await this.#next();
      if (answer.machines === undefined) return answer;
      progress(answer.machines);
    }
  }

  /** The next line that is an answer: a strategy may print what it likes. */
  async #next(): Promise<Answer> {
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<"late">((resolve) => timer = setTimeout(() => resolve("late"), this.#timeout));
      const next = await Promise.race([this.#answers.next(), late]);
      clearTimeout(timer);
      if (next === "late") {
        this.#kill();
        throw new Lost(`does not return: no answer for ${this.#timeout / 1000} s`);
      }
      if (next.done === true) throw new Lost(await this.#lastWords());
      const answer = parsed(next.value);
      if (answer !== undefined) return answer;
    }
  }

  async #lastWords(): Promise<string> {
    const { code } = await this.#child.status;
    const said = (await this.#complaints).split("\n").map((line) => line.trim());
    const memory = said.find((line) => /out of memory|heap limit/i.test(line));
    const [word] = said.filter((line) => /\berror\b/i.test(line));
    return `ended with code ${code}: ${(memory ?? word ?? said[0] ?? "").slice(0, LONGEST)}`;
  }

  #kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // it has ended by itself
    }
  }
}

function parsed(line: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The program of a process: strategy files are imported statically, which needs no permission.
 *
 * @param files Paths of strategy files.
 * @returns TypeScript.
 */
export function entryText(files: readonly string[]): string {
  const imports = files.map((path, at) => `import * as own${at} from ${JSON.stringify(fileUrl(path))};`);
  const modules = files.map((path, at) => `${JSON.stringify(path)}: own${at}`);
  return [
    ...imports,
    `import { serve } from ${JSON.stringify(new URL("serve.ts", import.meta.url).href)};`,
    `await serve({ ${modules.join(", ")} });`,
    "",
  ].join("\n");
}

function fileUrl(path: string): string {
  return new URL(path, new URL(`file://${Deno.cwd()}/`)).href;
}
