/**
 * Test files that run together. Deno gives each file that it is told of an isolate of its own, which loads and warms up the library anew: for
 * most files that costs more than their tests do. A group is one module that imports several of them.
 *
 * @module
 */

import { ROOT } from "./root.ts";
import { writeWhole } from "./whole_file.ts";

/** Fewer files than these are worth no group. */
const FILES_A_GROUP = 6;
/** More groups than these would cost more than they save, however many processors there are. */
const MAX_GROUPS = 8;

/** Files that mostly wait for programs which they start, longest first. Each is a group and they begin first, so that none of them is waited for in the end. */
export const WAITING: readonly string[] = [
  "tests/book/chapters_test.ts",
  "tests/reference/live_test.ts",
  "tests/hunt/command_test.ts",
  "tests/book/learn_files_test.ts",
  "tests/reference/settle_live_test.ts",
  "tests/library/examples_test.ts",
  "tests/tools/piped_test.ts",
  "tests/reference/xen_live_test.ts",
  "tests/reference/xen/live_test.ts",
];

/**
 * Deals files to groups: neighbours, which often take as long as each other, come into different ones.
 *
 * @param files The files.
 * @param processors How many groups can run at once: with more of them each would warm up the library once more, and nothing would end earlier.
 * @returns The groups, none empty.
 */
export function dealt(files: readonly string[], processors: number): string[][] {
  const waiting = WAITING.filter((file) => files.includes(file));
  const others = files.filter((file) => !waiting.includes(file));
  const count = Math.min(Math.ceil(others.length / FILES_A_GROUP), processors, MAX_GROUPS);
  return [
    ...waiting.map((file) => [file]),
    ...Array.from({ length: count }, (_, group) => others.filter((_, i) => i % count === group)),
  ];
}

/** The test files in a folder, in order, without those below the ignored ones. */
async function testFiles(folder: string, ignored: readonly string[]): Promise<string[]> {
  if (ignored.includes(folder)) return [];
  const found: string[] = [];
  for await (const { name, isFile, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await testFiles(path, ignored));
    else if (isFile && name.endsWith("_test.ts") && !ignored.includes(path)) found.push(path);
  }
  return found.sort();
}

/**
 * Writes modules that run the tests of folders.
 *
 * @param folders The folders, from the root of the project.
 * @param ignored Folders and files that are left out, likewise.
 * @param into Where to: a folder that exists.
 * @returns The paths of the modules.
 */
export async function writeGroups(
  folders: readonly string[],
  ignored: readonly string[],
  into: string,
): Promise<string[]> {
  const files = (await Promise.all(folders.map((folder) => testFiles(folder, ignored)))).flat();
  return await Promise.all(
    dealt([...new Set(files)], navigator.hardwareConcurrency).map(async (group, i) => {
      const path = `${into}/group_${i + 1}_test.ts`;
      const lines = group.map((file) => `import ${JSON.stringify(new URL(file, ROOT).href)};\n`);
      await writeWhole(path, lines.join(""));
      return path;
    }),
  );
}
