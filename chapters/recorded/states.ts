/**
 * Page tables of machines that ran Linux 6.1 and Xen 4.17.
 *
 * @module
 */

import type { State } from "../../core/dump/mod.ts";
import { readState } from "./files/state.ts";
import { fixtureUrl } from "./files/fixtures.ts";

/** The machines on record. */
export const KERNEL_STATES = [
  "linux61-686-2level",
  "linux61-686-pae",
  "linux61-amd64-4level",
  "linux61-amd64-5level",
  "xen417-pv32-dom0",
  "xen417-pv64-dom0",
] as const;

/** Name of a machine on record. */
export type KernelState = typeof KERNEL_STATES[number];

/**
 * Reads the state of a machine on record.
 *
 * @param name Its name.
 * @returns The machine with its registers and page tables, all other memory zero.
 * @throws {UnreadableFile} If its files are not there.
 */
export async function kernelState(name: KernelState): Promise<State> {
  return await readState(fixtureUrl(`kernels/${name}.json`));
}
