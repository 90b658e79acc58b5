/**
 * The format of a recording: a line that names it, a line of JSON, then operations in bytes, each a tag and its fields. A file that was
 * cut short lacks only its last operations.
 *
 * @module
 */

import type { RecordedRegister } from "./log.ts";

/** The first line. */
export const RECORDING_FORMAT = "pagetable-recording-1";

/** Stores that a recording may have. */
export const MAX_STORES: number = 2 ** 24;

/** Tags of operations. That of a store has its size and its kind in its low bits. */
export const TAG = {
  writer: 1,
  register: 2,
  flush: 3,
  flushUnknown: 4,
  table: 5,
  released: 6,
  marked: 7,
  changed: 8,
  end: 9,
  store: 0x40,
} as const;

/** Registers, as an operation names them. */
export const REGISTERS: readonly RecordedRegister[] = ["cr0", "cr3", "cr4", "efer"];

/** Modes, as an operation names them. */
export const RECORDED_MODES = ["two-level", "pae", "4-level", "5-level"] as const;

/** Letters of a symbol that are kept. */
export const MAX_NAME = 256;
