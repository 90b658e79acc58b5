/**
 * A captured state on disk: a header and, beside it, the packed frames. Nothing that is there is overwritten.
 *
 * @module
 */

import { isPlainName } from "../../core/dump/header.ts";
import { Misuse } from "../command.ts";
import { printable } from "../../chapters/recorded/files/printable.ts";
import type { Captured } from "./capture.ts";

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
 * The files that `--out` means.
 *
 * @param path Path that ends in `NAME.json`.
 * @returns The files.
 * @throws {Misuse} If the name cannot be that of a state.
 */
export function stateFiles(path: string): StateFiles {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  const stem = name.replace(/\.json$/, "");
  if (stem === name || !isPlainName(`${stem}.pt.gz`)) {
    throw new Misuse(
      `expected --out as NAME.json, of letters, digits, "_", "-" and ".", but found ${name || "nothing"}`,
    );
  }
  return { name: stem, header: path, frames: `${path.slice(0, -name.length)}${stem}.pt.gz` };
}

/**
 * Writes a state. Both files are new, or neither stays.
 *
 * @param files Where to.
 * @param captured The state.
 * @throws {Misuse} If a file is there already, or cannot be written.
 */
export async function writeState(files: StateFiles, { header, frameData }: Captured): Promise<void> {
  const packed = new Blob([frameData]).stream().pipeThrough(new CompressionStream("gzip"));
  await writeNew(files.frames, new Uint8Array(await new Response(packed).arrayBuffer()));
  try {
    await writeNew(files.header, new TextEncoder().encode(header));
  } catch (error) {
    await Deno.remove(files.frames);
    throw error;
  }
}

/** A link that waits at the path counts as a file that is there: it is not followed. */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await Deno.writeFile(path, bytes, { createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new Misuse(`${printable(path)} is there already; name another file with --out`);
    }
    throw new Misuse(`cannot write ${printable(path)}: ${error instanceof Error ? error.message : error}`);
  }
}
