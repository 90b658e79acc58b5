/**
 * A test process that stands ready, so that a verdict waits neither for Deno to start nor for V8 to compile the library.
 *
 * @module
 */

import { type Ended, start, untilEnd } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { savedState } from "./saved.ts";

const PROCESS = new URL("ready_process.ts", import.meta.url).href;
/** Folders of what the process loads. */
const LOADED: readonly URL[] = ["core/", "chapters/hunting/"].map((folder) => new URL(folder, ROOT));

/** A process that waits for a test file, and serves once. */
export class Ready {
  readonly #over: AbortController = new AbortController();
  readonly #sources: readonly URL[];
  readonly #loaded: string;
  readonly #child: Deno.ChildProcess;

  /**
   * Starts it.
   *
   * @param args Options of `deno test`.
   * @param env Variables besides those of this process.
   * @param sources Folders of what it loads; it does not serve if one of their files is saved meanwhile.
   */
  constructor(args: readonly string[], env: Readonly<Record<string, string>>, sources: readonly URL[] = LOADED) {
    this.#sources = sources;
    this.#loaded = this.#sourcesState();
    this.#child = start(Deno.execPath(), ["test", ...args, PROCESS], {
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      stop: this.#over.signal,
    });
  }

  /** Whether the library is saved as the process has loaded it. */
  get isCurrent(): boolean {
    return this.#loaded === this.#sourcesState();
  }

  #sourcesState(): string {
    return this.#sources.map(savedState).join("\n");
  }

  /**
   * Lets it run the tests of a file.
   *
   * @param url The file's URL.
   * @param limits `stop` ends it, and so does the processor time.
   * @returns How it ended.
   */
  async test(url: string, { stop, cpuSeconds }: { stop: AbortSignal; cpuSeconds: number | undefined }): Promise<Ended> {
    const kill = () => this.#over.abort();
    stop.addEventListener("abort", kill);
    if (stop.aborted) kill();
    const ended = untilEnd(this.#child, { stop: this.#over.signal, cpuSeconds });
    const input = this.#child.stdin.getWriter();
    await input.write(new TextEncoder().encode(`${url}\n`)).then(() => input.close()).catch(() => {}); // it has ended
    return await ended.finally(() => stop.removeEventListener("abort", kill));
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    this.#over.abort();
  }
}
