/**
 * The processor time of a child: a limit that other work on the machine does not bring nearer, as it does one of the wall clock.
 *
 * @module
 */

/** Milliseconds between two looks. `ps` tells whole seconds, so looking more often would tell nothing more. */
const PAUSE = 500;

const CLOCK = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/;

/**
 * Reads a time as `ps` prints it.
 *
 * @param text For example `00:01:07`, `1:07.23` or `2-03:00:00`.
 * @returns Seconds; undefined if the text is no time.
 */
export function secondsOf(text: string): number | undefined {
  const [whole, days = 0, hours = 0, minutes = 0, seconds = 0] = CLOCK.exec(text.trim()) ?? [];
  return whole === undefined
    ? undefined
    : ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

/** Runs a program and returns what it printed. */
export type Ask = (program: string, args: readonly string[]) => Promise<string>;

/** Seconds of processor time that a process has used; undefined where the system has no `ps`, or the process is gone. */
async function cpuSecondsOf(pid: number, ask: Ask): Promise<number | undefined> {
  try {
    return secondsOf(await ask("ps", ["-o", "time=", "-p", `${pid}`]));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/**
 * Calls back when a process has used its processor time. Without a `ps`, as on Windows, nothing is called.
 *
 * @param pid The process.
 * @param limit Seconds of processor time of all its threads.
 * @param ask Runs `ps`.
 * @param reached Called once.
 * @returns Ends the watch.
 */
export function watchCpuTime(pid: number, limit: number, ask: Ask, reached: () => void): () => void {
  let over = false;
  const look = async () => {
    while (!over) {
      await new Promise((resolve) => timer = setTimeout(resolve, PAUSE));
      const used = over ? undefined : await cpuSecondsOf(pid, ask);
      if (over || used === undefined) return;
      if (used >= limit) return reached();
    }
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  look();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
