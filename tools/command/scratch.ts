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
  const forget = onSignalEnd(() => removeWhileWritten(folder));
  try {
    return await use(folder);
  } finally {
    forget();
    await Deno.remove(folder, { recursive: true });
  }
}

const TRIES = 5;
const PAUSE = 50; // milliseconds

/** Removes a folder in which this process may still be writing: it goes again if it is back. */
async function removeWhileWritten(folder: string): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (await Deno.lstat(folder).then(() => false, () => true)) return;
  }
}
