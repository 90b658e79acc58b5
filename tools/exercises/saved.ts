/**
 * What is saved of source texts, in short: enough to see that one was saved since.
 *
 * @module
 */

/**
 * Names, times and sizes of the TypeScript files of a folder, and of the folders in it.
 *
 * @param folder Its URL, ending in a slash.
 * @returns A text that is another after a file was saved, added or taken away.
 */
export function savedState(folder: URL): string {
  const seen: string[] = [];
  try {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      if (isDirectory) seen.push(`${name}/ ${savedState(new URL(`${name}/`, folder))}`);
      if (!name.endsWith(".ts")) continue;
      const { mtime, size } = Deno.statSync(new URL(name, folder));
      seen.push(`${name} ${mtime?.getTime()} ${size}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // between the two halves of a save by renaming
  }
  return seen.sort().join("\n");
}
