/**
 * Notices that a file of a folder was saved. Looks every so often: that works on every file system, and with every editor's
 * way of saving.
 *
 * @module
 */

const PAUSE = 100; // milliseconds

/**
 * Watches the TypeScript files of a folder.
 *
 * @param folder Its URL, ending in a slash.
 * @param changed Called after something has changed.
 * @returns Ends the watch.
 */
export function watchFolder(folder: URL, changed: () => void): () => void {
  let known = stateOf(folder); // before anything is run: what is saved from now on is news
  const timer = setInterval(() => {
    const seen = stateOf(folder);
    if (seen === known) return;
    known = seen;
    changed();
  }, PAUSE);
  return () => clearInterval(timer);
}

function stateOf(folder: URL): string {
  const seen: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (!name.endsWith(".ts")) continue;
      const { mtime, size } = Deno.statSync(new URL(name, folder));
      seen.push(`${name} ${mtime?.getTime()} ${size}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // between the two halves of a save by renaming
  }
  return seen.sort().join("\n");
}
