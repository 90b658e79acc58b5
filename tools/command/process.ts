/**
 * Other programs: the one place that starts them. None outlives this process.
 *
 * @module
 */

import { watchCpuTime } from "./cpu_time.ts";
import { isEnding, onSignalEnd } from "./ending.ts";
import { ROOT } from "./root.ts";

/** Milliseconds in which a program that was asked to end must have ended. */
const END_TIMEOUT = 5_000;

/** The options of a program's start. */
export interface StartOptions {
  /** The folder that it starts in; the project's if not given. */
  readonly cwd?: string | URL;
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its input; nothing if not given. */
  readonly stdin?: "null" | "piped" | "inherit";
  /** The destination of its output. */
  readonly stdout?: "null" | "piped" | "inherit";
  /** The destination of its error output. */
  readonly stderr?: "null" | "piped" | "inherit";
  /** Whether it goes on when this process ends, and hears no signal of its terminal. */
  readonly outlives?: boolean;
  /** Kills it. */
  readonly stop?: AbortSignal | undefined;
  /** Seconds of processor time after which `run` kills it; no limit unless said otherwise, and none where there is no `ps`. */
  readonly cpuSeconds?: number | undefined;
}

/** The exit code and the output of a program. */
export interface Ended {
  readonly code: number;
  /** Whether it was stopped by `stop`, or had used its processor time. */
  readonly stopped: boolean;
  readonly out: string;
  readonly err: string;
}

/**
 * Starts a program.
 *
 * @param program Its path, or its name if the search path has it.
 * @param args Its arguments.
 * @param options How.
 * @returns The child. It is asked to end if a signal ends this process.
 * @throws {Deno.errors.NotFound} If there is no such program.
 */
export function start(program: string, args: readonly string[], options: StartOptions = {}): Deno.ChildProcess {
  const { cwd = ROOT, env = {}, stdin = "null", stdout = "inherit", stderr = "inherit", outlives = false, stop } =
    options;
  const child = new Deno.Command(program, { args: [...args], cwd, env, stdin, stdout, stderr, detached: outlives })
    .spawn();
  const kill = () => killNow(child, "SIGKILL");
  stop?.addEventListener("abort", kill);
  if (stop?.aborted) kill();
  const forget = outlives ? () => {} : onSignalEnd(() => endChild(child));
  const over = () => {
    stop?.removeEventListener("abort", kill);
    if (!isEnding()) forget();
  };
  child.status.then(over, over);
  return child;
}

/**
 * Runs a program to its end.
 *
 * @param program Its path, or its name if the search path has it.
 * @param args Its arguments.
 * @param options How; what it says is kept if not told otherwise.
 * @returns How it ended.
 * @throws {Deno.errors.NotFound} If there is no such program.
 */
export async function run(program: string, args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  const { stdout = "piped", stderr = "piped" } = options;
  return await untilEnd(start(program, args, { ...options, stdout, stderr }), options);
}

/**
 * Waits for a program's end.
 *
 * @param child The program.
 * @param options How it was started, with what is to stop it.
 * @returns How it ended.
 */
export async function untilEnd(
  child: Deno.ChildProcess,
  { stdout = "piped", stderr = "piped", stop, cpuSeconds = Infinity }: StartOptions,
): Promise<Ended> {
  let stopped = false;
  const unwatch = cpuSeconds === Infinity ? () => {} : watchCpuTime(child.pid, cpuSeconds, outputOf, () => {
    stopped = true;
    killNow(child, "SIGKILL");
  });
  const text = async (kind: typeof stdout, stream: () => ReadableStream<Uint8Array>) =>
    kind === "piped" ? await new Response(stream()).text() : "";
  const [{ code }, out, err] = await Promise.all([
    child.status,
    text(stdout, () => child.stdout),
    text(stderr, () => child.stderr),
  ]);
  unwatch();
  return { code, stopped: stopped || stop?.aborted === true, out, err };
}

/** What a program printed. */
async function outputOf(program: string, args: readonly string[]): Promise<string> {
  return (await run(program, args)).out;
}

/**
 * Runs Deno, the one that runs this.
 *
 * @param args Its arguments.
 * @param options How.
 * @returns How it ended.
 */
export async function runDeno(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  return await run(Deno.execPath(), args, options);
}

/**
 * The line in which Deno says what is wrong.
 *
 * @param said All that it said.
 * @returns The first error, or the last line.
 */
export function firstError(said: string): string {
  const lines = said.trim().split("\n");
  return lines.find((line) => line.startsWith("error")) ?? lines.at(-1) ?? "nothing";
}

/** Asks a child to end, and kills it if it does not. */
async function endChild(child: Deno.ChildProcess): Promise<void> {
  killNow(child, "SIGTERM");
  const timer = setTimeout(() => killNow(child, "SIGKILL"), END_TIMEOUT);
  await child.status;
  clearTimeout(timer);
}

/** A child that has just ended cannot be killed: no harm. */
function killNow(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}
