/**
 * Notices that a file of a folder was saved. Looks every so often: that works on every file system, and with every editor's
 * way of saving.
 *
 * @module
 */

const PAUSE = 250; // milliseconds

/**
 * Watches the TypeScript files of a folder.
 *
 * @param folder Its URL, ending in a slash.
 * @param changed Called after something has changed.
 * @returns Ends the watch.
 */
export function watchFolder(folder: URL, changed: () => void): () => void {
  let known: string | undefined;
  let over = false;
  const look = async () => {
    const seen = await stateOf(folder);
    if (over) return;
    if (known !== undefined && seen !== known) changed();
    known = seen;
    timer = setTimeout(look, PAUSE);
  };
  let timer = setTimeout(look, 0);
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

async function stateOf(folder: URL): Promise<string> {
  const seen: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".ts")) continue;
      const { mtime, size } = await Deno.stat(new URL(name, folder));
      seen.push(`${name} ${mtime?.getTime()} ${size}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // between the two halves of a save by renaming
  }
  return seen.sort().join("\n");
}
