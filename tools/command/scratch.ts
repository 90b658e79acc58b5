/**
 * Folders for scratch files.
 *
 * @module
 */

import { onSignalEnd } from "./ending.ts";

/**
 * Uses a folder that is there for as long as it is used, and goes however that ends.
 *
 * @param use Is given its path, without links in it.
 * @param parent The folder to make it in; the system's own for temporary files if not given.
 * @returns What `use` returns.
 */
export async function withScratch<T>(use: (folder: string) => Promise<T>, parent?: string): Promise<T> {
  const folder = await Deno.realPath(await Deno.makeTempDir(parent === undefined ? {} : { dir: parent }));
  const forget = onSignalEnd(() => globalThis.addEventListener("unload", () => removeAtExit(folder)));
  try {
    return await use(folder);
  } finally {
    forget();
    await Deno.remove(folder, { recursive: true });
  }
}

const TRIES = 3;
const PAUSE = 20; // milliseconds

/**
 * Removes a folder in the last moment of this process. No line of the program runs any more then, which could write into the folder or
 * make it anew; what the system has begun to write by then is done after a pause, and goes at the next try.
 */
function removeAtExit(folder: string): void {
  for (let i = 0; i < TRIES; i++) {
    try {
      Deno.removeSync(folder, { recursive: true });
    } catch {
      // it has gone, or something is being written in it
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
}
