/**
 * The inputs of an audit as page tables: a state, a moment of a recording, a core, a dump, or a map as text.
 *
 * @module
 */

import { readBounded, UnreadableFile } from "../../chapters/recorded/files/read_bounded.ts";
import { type ReadState, readStateOrMoment } from "../../chapters/recorded/files/state.ts";
import type { State } from "../../core/dump/mod.ts";
import { explain } from "../../mod.ts";
import { type Bytes, bytesOf, openBytes } from "./bytes.ts";
import { stateOf } from "./collect.ts";
import { Dump } from "./dump.ts";
import { readCore } from "./elf_core.ts";
import { type Kind, kindOf } from "./kinds.ts";
import { type KnownRegisters, takenRegisters } from "./known_registers.ts";
import { readLime } from "./lime.ts";
import { MAX_LISTING_BYTES, readListing } from "./listing/listing.ts";
import type { Listed } from "./listing/listed.ts";
import { withRoot } from "./root.ts";

/** The options about an input on the command line. */
export interface InputOptions {
  /** The kind; found by the content unless given. */
  readonly as?: Kind | undefined;
  /** Registers that the caller gives. */
  readonly registers: KnownRegisters;
  /** The CPU of a core whose registers are wanted. */
  readonly cpu?: number | undefined;
}

/** Tables, or a map without tables. */
export type Input =
  | { readonly state: ReadState; readonly assumed: readonly string[]; readonly listed?: undefined }
  | { readonly listed: Listed; readonly state?: undefined };

/** Bytes that tell what a file is. */
const START = 65_536;

/**
 * Reads an input.
 *
 * @param path The file, or `FILE@STEP` for a moment of a recording.
 * @param options What the caller says about it.
 * @returns Its tables or its map.
 * @throws {UnreadableFile} If the file cannot be read.
 * @throws {RangeError} If its contents make no sense.
 */
export async function readInput(path: string, options: InputOptions): Promise<Input> {
  if (options.as === "state" || options.as === "recording") return await saved(path, options);
  const isFile = await Deno.stat(path).then(({ isFile }) => isFile, () => false);
  if (!isFile) return await saved(path, options);
  using bytes = await opened(path);
  return await readBytes(bytes, options) ?? await saved(path, options);
}

/**
 * Reads what has all in one file.
 *
 * @param bytes The file.
 * @param options As `readInput` has them.
 * @returns Its tables or its map; undefined for a state or a recording, which are read by their path.
 * @throws {RangeError} As `readInput`.
 */
export async function readBytes(bytes: Bytes, options: InputOptions): Promise<Input | undefined> {
  const kind = options.as ?? kindOf(bytes.read(0, START), bytes.size);
  if (kind === "state" || kind === "recording") return undefined;
  if (kind === "info-tlb" || kind === "info-mem" || kind === "page-tables") {
    return { listed: readListing(kind, textOf(bytes)) };
  }
  return await dumped(kind, bytes, options);
}

/** A state or a recording. Of the registers only another root makes sense: the rest is in the file. */
async function saved(path: string, { registers }: InputOptions): Promise<Input> {
  const state = await readStateOrMoment(path);
  const others = Object.keys(registers).filter((name) => name !== "cr3");
  if (others.length > 0) {
    throw new RangeError(
      `Expected --cr3 alone beside a state, which has its registers, but found ${others.join(", ")}`,
    );
  }
  return { state: registers.cr3 === undefined ? state : withRoot(state, registers.cr3), assumed: [] };
}

function textOf(bytes: Bytes): string {
  if (bytes.size <= MAX_LISTING_BYTES) return new TextDecoder().decode(bytes.read(0, bytes.size));
  throw new RangeError(`Expected a text of at most ${MAX_LISTING_BYTES} bytes but found ${bytes.size}`);
}

async function dumped(kind: "elf" | "lime" | "raw", bytes: Bytes, { registers, cpu }: InputOptions): Promise<Input> {
  const { dump, registers: told, description, remarks } = memoryOf(kind, bytes, cpu);
  const known = { ...told, ...registers };
  const taken = takenRegisters(known);
  const state = await stateOf({ frame: (frame) => dump.frame(frame), end: dump.end }, taken, description);
  return { state, assumed: [...remarks, ...taken.assumed, ...misfit(state, known)] };
}

/** A CPU executes at its instruction pointer (0 where a writer left it out); tables that do not map it are another process's, or the registers another moment's. */
function misfit({ machine }: State, { ip, cpl }: KnownRegisters): string[] {
  if (ip === undefined || ip === 0n || explain(machine, ip, "fetch", { user: cpl === 3 }).outcome.ok) return [];
  return [`the instruction pointer 0x${ip.toString(16)} cannot be executed below this root: do the registers fit it?`];
}

function memoryOf(kind: "elf" | "lime" | "raw", bytes: Bytes, cpu: number | undefined): ReturnType<typeof readCore> {
  if (kind === "elf") return readCore(bytes, cpu);
  if (kind === "lime") {
    return { dump: readLime(bytes), registers: {}, description: "physical memory, by LiME", remarks: [] };
  }
  const dump = new Dump(bytes, [{ first: 0, bytes: bytes.size, at: 0 }]);
  return { dump, registers: {}, description: "physical memory, raw", remarks: [] };
}

/** A file to read by seeking; what is packed is unpacked in memory first, up to a limit. */
async function opened(path: string): Promise<Bytes> {
  let bytes: Bytes;
  try {
    bytes = openBytes(path);
  } catch (error) {
    throw new UnreadableFile(path, error instanceof Error ? error.message.split(/[\n:(]/, 1)[0] ?? "" : String(error));
  }
  const [first, second] = bytes.read(0, 2);
  if (first !== 0x1f || second !== 0x8b) return bytes;
  bytes[Symbol.dispose]();
  try {
    return bytesOf(await readBounded(path));
  } catch (error) {
    if (!(error instanceof UnreadableFile) || !error.message.includes("larger than")) throw error;
    throw new UnreadableFile(path, "packed by gzip, and larger than 256 MiB unpacked: unpack it with gunzip first");
  }
}
