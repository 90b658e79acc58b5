/**
 * A captured state on disk: a header and, beside it, the packed frames. Nothing that is there is overwritten.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import { isPlainName } from "../../core/dump/header.ts";
import { Misuse } from "../command.ts";
import { printable } from "../../chapters/recorded/files/printable.ts";
import { onSignalEnd } from "../command/ending.ts";
import { writingAside } from "../command/whole_file.ts";
import type { SavedState } from "../../core/dump/mod.ts";

/** The two files of a state. */
export interface StateFiles {
  /** Stem of the names: what the header calls its frames. */
  readonly name: string;
  /** Path of the header. */
  readonly header: string;
  /** Path of the frames. */
  readonly frames: string;
}

/**
 * The files that an option means.
 *
 * @param path Path that ends in `NAME.json`.
 * @param option The option, for messages.
 * @returns The files.
 * @throws {Misuse} If the name cannot be that of a state.
 */
export function stateFiles(path: string, option = "--out"): StateFiles {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  const stem = name.replace(/\.json$/, "");
  if (stem === name || !isPlainName(`${stem}.pt.gz`)) {
    throw new Misuse(
      `expected ${option} as NAME.json, of letters, digits, "_", "-" and ".", but found ${name || "nothing"}`,
    );
  }
  return { name: stem, header: path, frames: `${path.slice(0, -name.length)}${stem}.pt.gz` };
}

/**
 * Writes a state. Both files are new and whole, or neither stays: they are written aside, and then get their names.
 *
 * @param files Where to.
 * @param saved The state.
 * @param option The option that names another file, for messages.
 * @throws {Misuse} If a file is there already, or cannot be written.
 */
export async function writeState(
  files: StateFiles,
  { header, frameData }: SavedState,
  option = "--out",
): Promise<void> {
  const packed = new Blob([new Uint8Array(frameData)]).stream().pipeThrough(new CompressionStream("gzip"));
  const frames = await new Response(packed).bytes();
  await removeLeftover(files);
  await writingAside(
    files.frames,
    frames,
    (framesAside) =>
      writingAside(files.header, header, (headerAside) => nameBoth(files, framesAside, headerAside, option)),
  );
}

/** The header comes last: a state without one is none. */
async function nameBoth(files: StateFiles, framesAside: string, headerAside: string, option: string): Promise<void> {
  await giveName(framesAside, files.frames, option);
  const remove = () => Deno.remove(files.frames);
  const forget = onSignalEnd(remove);
  try {
    await giveName(headerAside, files.header, option);
  } catch (error) {
    await remove();
    throw error;
  } finally {
    forget();
  }
}

/** Gives a file another name that must be free. A link that waits at the path counts as a file that is there: it is not followed. */
async function giveName(aside: string, path: string, option: string): Promise<void> {
  try {
    await Deno.link(aside, path);
  } catch (error) {
    if (await Deno.lstat(path).then(() => true, () => false)) {
      throw new Misuse(`${printable(path)} is there already; name another file with ${option}`);
    }
    if (error instanceof Deno.errors.NotCapable) throw error;
    await Deno.rename(aside, path); // a disk without hard links
  }
}

/** Frames without a header, left by a capture that was killed between the two names: they are still the file aside as well. */
async function removeLeftover({ frames, header }: StateFiles): Promise<void> {
  const inode = async (path: string) => await Deno.lstat(path).then(({ ino }) => ino, () => null);
  const left = await inode(frames);
  if (left === null || await inode(header) !== null) return;
  const [folder, name] = [dirname(frames), basename(frames)];
  for await (const { name: aside } of Deno.readDir(folder)) {
    if (!aside.startsWith(`.${name}.`) || await inode(`${folder}/${aside}`) !== left) continue;
    await Deno.remove(frames);
    await Deno.remove(`${folder}/${aside}`);
    return;
  }
}
