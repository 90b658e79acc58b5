/**
 * States as a stranger might send them.
 *
 * @module
 */

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

/** One page table whose every entry is itself, as a state of 4-level paging. */
export async function endlessState(): Promise<string> {
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  for (let entry = 0; entry < 512; entry++) view.setUint32(entry * 8, 0x1007, true);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const path = await hostileText("");
  await Deno.writeFile(path.replace("state.json", "state.pt"), bytes);
  const header = {
    ...{ format: "mmu-fixture-1", description: "endless", mode: "4-level", ramBytes: 2 ** 30, cpl: 0, frameSize: 4096 },
    registers: { cr0: "0x80050033", cr2: "0x0", cr3: "0x1000", cr4: "0x350ef0", efer: "0xd01" },
    ...{ frames: ["0x1"], frameData: "state.pt", leafCount: 0 },
    frameDataSha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
  await Deno.writeTextFile(path, JSON.stringify(header));
  return path;
}

/** Makes a link, which a test is not allowed to do itself. */
export async function link(to: string, path: string): Promise<void> {
  const code = `await Deno.symlink(${JSON.stringify(to)}, ${JSON.stringify(path)})`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
