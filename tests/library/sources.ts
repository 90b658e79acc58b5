/**
 * The source files of the project.
 *
 * @module
 */

const root = new URL("../../", import.meta.url);

/**
 * The TypeScript files below a folder.
 *
 * @param folder Its path, from the root of the project.
 * @returns Their paths, from the root, in order.
 */
export async function sourcesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isFile, isDirectory } of Deno.readDir(new URL(folder, root))) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await sourcesBelow(path));
    else if (isFile && name.endsWith(".ts")) found.push(path);
  }
  return found.sort();
}
