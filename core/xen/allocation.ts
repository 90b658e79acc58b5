/**
 * The machine frames of a domain.
 *
 * @module
 */

import { show } from "../check.ts";
import { type FrameTable, OWNER_GUEST, OWNER_IO, PGT_VALIDATED, PGT_WRITABLE } from "./frame_table.ts";
import { type HypervisorOptions, IO_FRAMES, XEN_FRAMES } from "./options.ts";

/**
 * Gives the guest its frames: one reference to each in the frame table, and its pfn in the m2p. The first megabyte is I/O space.
 *
 * @param frames The frame table, without owners yet.
 * @param m2p Pfn of each machine frame, -1 for none.
 * @param options Number of pages, and the order of their frames.
 * @returns Machine frame of each pfn.
 * @throws {RangeError} If a pfn has no machine frame of its own.
 */
export function allocateFrames(frames: FrameTable, m2p: Int32Array, options: HypervisorOptions): Int32Array {
  const { guestPages, p2m, machineFrames } = options;
  const table = new Int32Array(guestPages);
  frames.owner.fill(OWNER_IO, 0, IO_FRAMES);
  frames.count.fill(1, 0, IO_FRAMES);
  frames.typeInfo.fill(PGT_WRITABLE | PGT_VALIDATED | 1, 0, IO_FRAMES);
  for (let pfn = 0; pfn < guestPages; pfn++) {
    const mfn = p2m(pfn);
    if (!Number.isInteger(mfn) || mfn < XEN_FRAMES || mfn >= machineFrames || m2p[mfn] !== -1) {
      throw new RangeError(
        `Expected a machine frame of its own, ${XEN_FRAMES} to ${machineFrames - 1}, for pfn ${pfn} but found ${
          show(mfn)
        }`,
      );
    }
    table[pfn] = mfn;
    m2p[mfn] = pfn;
    frames.owner[mfn] = OWNER_GUEST;
    frames.count[mfn] = 1;
  }
  return table;
}
