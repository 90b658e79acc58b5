/**
 * Writes the text and bytes of a state. Only this file writes the format that `header.ts` reads.
 *
 * @module
 */

import type { Cpu, Mode, PhysicalMemory } from "../mmu/mod.ts";
import { countLeaves, type Tables } from "../tables/mod.ts";
import { MODE_NAMES, STATE_FORMAT, STATE_VERSION } from "./header.ts";
import { sha256 } from "./load.ts";

/** A state as two files. */
export interface SavedState {
  /** Text of `NAME.json`. */
  readonly header: string;
  /** Contents of `NAME.pt.gz`, not yet compressed. */
  readonly frameData: Uint8Array;
}

/** The contents of a state, before they are written. */
export interface StateContents {
  /** Stem of the file names. */
  readonly name: string;
  readonly description: string;
  /** Id of a known CPU, or all that another one has; null if it is not known. */
  readonly cpu: string | Cpu | null;
  readonly ramBytes: number;
  /** Values by the names that the format has; null for what is not known. */
  readonly registers: Readonly<Record<string, number | bigint | boolean | null>>;
  /** Current privilege level, 0 to 3. */
  readonly cpl: number;
  readonly tables: Tables;
  /** Frames of the tables, in order. */
  readonly frames: readonly number[];
}

/** The two files of a state. */
export async function writeState({ tables, frames, ...contents }: StateContents): Promise<SavedState> {
  const { name, description, cpu, ramBytes, registers, cpl } = contents;
  const frameData = copyFrames(tables.memory, frames);
  const header = {
    format: STATE_FORMAT,
    version: STATE_VERSION,
    description,
    mode: modeName(tables.mode),
    cpu,
    ramBytes,
    registers: Object.fromEntries(Object.entries(registers).map(([register, value]) => [register, written(value)])),
    cpl,
    frameSize: 4096,
    frames: frames.map(hex),
    frameData: `${name}.pt.gz`,
    frameDataSha256: await sha256(frameData),
    leafCount: countLeaves(tables),
  };
  return { header: `${JSON.stringify(header, null, 1)}\n`, frameData };
}

function copyFrames(memory: PhysicalMemory, frames: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(frames.length * 4096);
  const view = new DataView(bytes.buffer);
  for (const [i, frame] of frames.entries()) {
    for (let word = 0; word < 1024; word++) view.setInt32(i * 4096 + word * 4, memory.read(frame, word), true);
  }
  return bytes;
}

function modeName(mode: Mode): string {
  return Object.keys(MODE_NAMES).find((name) => MODE_NAMES[name]?.id === mode.id) ?? mode.id;
}

function written(value: number | bigint | boolean | null): string | boolean | null {
  return typeof value === "number" || typeof value === "bigint" ? hex(value) : value;
}

/** The value of the MSR 0x277: entry 0 of the page attribute table in the lowest byte. */
export function patValue(pat: readonly number[]): bigint {
  return pat.reduceRight((value, encoding) => (value << 8n) | BigInt(encoding), 0n);
}

/** A value in hexadecimal. The format writes all numbers except counts this way. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
