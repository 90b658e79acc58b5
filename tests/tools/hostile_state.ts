/**
 * States as a stranger might send them.
 *
 * @module
 */
import { runDeno } from "../../tools/command/process.ts";

const FIXTURES = "tests/fixtures/kernels/";

/** Letters that a terminal obeys: an escape sequence, one of a single byte, a line feed, a turn of the direction of writing. */
export const EVIL = "\x1b[2J\u009b31m\r\n\u202e\u2028\0<script>alert(1)</script>\"'`";

/** A header as it is, to be spoilt. */
export type Header = Record<string, unknown>;

/** Writes a state into a folder of its own; returns the path of the header. */
export async function hostileState(change: (header: Header) => void, frames?: Uint8Array): Promise<string> {
  const name = "linux61-686-2level";
  const folder = await Deno.makeTempDir();
  const header: Header = JSON.parse(await Deno.readTextFile(`${FIXTURES}${name}.json`));
  change(header);
  await Deno.writeTextFile(`${folder}/state.json`, JSON.stringify(header));
  await Deno.writeFile(`${folder}/${name}.pt.gz`, frames ?? await Deno.readFile(`${FIXTURES}${name}.pt.gz`));
  return `${folder}/state.json`;
}

/** A text as a header, in a folder of its own. */
export async function hostileText(text: string): Promise<string> {
  const path = `${await Deno.makeTempDir()}/state.json`;
  await Deno.writeTextFile(path, text);
  return path;
}

/** Makes a link, which a test is not allowed to do itself. */
export async function link(to: string, path: string): Promise<void> {
  const code = `await Deno.symlink(${JSON.stringify(to)}, ${JSON.stringify(path)})`;
  const ended = await runDeno(["eval", code]);
  if (ended.code !== 0) throw new Error(ended.err);
}
