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
  const remove = () => Deno.remove(folder, { recursive: true });
  const forget = onSignalEnd(remove);
  try {
    return await use(folder);
  } finally {
    forget();
    await remove();
  }
}
