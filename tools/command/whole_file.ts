/**
 * Files that are whole or not there: written aside, then given their name.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import { printable } from "../../chapters/recorded/files/printable.ts";
import { Misuse } from "./arguments.ts";
import { onSignalEnd } from "./ending.ts";

/**
 * Writes a file. Whoever opens it finds what was there before or all of the new contents, also while it is written, when the disk is
 * full, and when two write it at once. A link that has the name is replaced, not followed.
 *
 * @param path The file. Its folder is there.
 * @param contents What it will hold.
 * @throws {Misuse} If it cannot be written.
 */
export async function writeWhole(path: string, contents: string | Uint8Array): Promise<void> {
  await writingAside(path, contents, (aside) => Deno.rename(aside, path));
}

/**
 * Writes contents to a file beside the one that is meant, and puts it in place. The file aside does not stay, whatever happens.
 *
 * @param path The file that is meant.
 * @param contents What it will hold.
 * @param place Puts it in place: is given the path of the file aside.
 * @throws {Misuse} If something of it cannot be done.
 */
export async function writingAside(
  path: string,
  contents: string | Uint8Array,
  place: (aside: string) => Promise<void>,
): Promise<void> {
  const aside = asideOf(path);
  const remove = () => Deno.remove(aside).catch(() => {}); // it has got its name, or was never made
  const forget = onSignalEnd(remove);
  try {
    await Deno.writeFile(aside, typeof contents === "string" ? new TextEncoder().encode(contents) : contents, {
      createNew: true,
    });
    await place(aside);
  } catch (error) {
    throw unwritable(path, error);
  } finally {
    forget();
    await remove();
  }
}

/**
 * Makes a folder, and those above it, if they are not there.
 *
 * @param path The folder.
 * @throws {Misuse} If it cannot be made.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Copies the files of a folder, each whole. Files that are there already are replaced; nothing else there is touched.
 *
 * @param from The folder.
 * @param to The other folder; it is made.
 * @throws {Misuse} If a file cannot be written.
 */
export async function copyFiles(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFiles(`${from}/${name}`, `${to}/${name}`);
    else await writeWhole(`${to}/${name}`, await Deno.readFile(`${from}/${name}`));
  }
}

/** A name in the same folder, so that the file can be renamed; `*.tmp` is nobody's result. */
function asideOf(path: string): string {
  return `${dirname(path)}/.${basename(path)}.${crypto.randomUUID().slice(0, 8)}.tmp`;
}

/** The complaint about a file that cannot be written. */
export function unwritable(path: string, error: unknown): unknown {
  if (error instanceof Misuse || !(error instanceof Error)) return error;
  return new Misuse(`cannot write ${printable(path)}: ${reasonOf(error)}`, { cause: error });
}

/** The system's message, without its number and the name of the call. */
export function reasonOf(error: Error): string {
  if (error instanceof Deno.errors.NotCapable) return "the task is not permitted to";
  return error.message.split(/ \(os error \d+\)|: \w+ '/, 1)[0] ?? "";
}
