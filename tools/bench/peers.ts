/**
 * What people would use instead, beside this library: the same tables, and the same answers.
 *
 * @module
 */

import { onOneProcessor } from "./one_processor.ts";
import type { Peer, Peers } from "./peer.ts";
import { loadPeers } from "./peer_loads.ts";
import { mapPeers } from "./peer_maps.ts";

/**
 * Measures beside Unicorn, v86, Bochs, QEMU and volatility3.
 *
 * @param say Is told what is missing, a line each.
 * @returns The lines of the report; or, if nothing could be measured, why.
 * @throws {Different} If one finds something else.
 */
export async function measurePeers(say: (text: string) => void): Promise<Peers> {
  const lines: Peer[] = [];
  const missing: string[] = [];
  for (const measured of await onOneProcessor(async () => [...await loadPeers(), ...await mapPeers()])) {
    if (typeof measured === "string") missing.push(measured);
    else lines.push(...measured);
  }
  if (lines.length === 0) return missing.join("; ");
  for (const line of missing) say(`bench: ${line}\n`);
  return lines;
}
