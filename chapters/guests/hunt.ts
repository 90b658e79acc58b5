/**
 * Guests that ask a hypervisor for anything, and the moment at which one of them gets what none should.
 *
 * @module
 */

import type { Mode, XenRelease } from "../../mod.ts";
import { SampleDomain } from "./sample_domain.ts";
import { randomRequest } from "./random_request.ts";
import { isTable, someWritable } from "./scan.ts";
import { Random } from "./random.ts";

/** What a random guest came to. */
export interface Hunt {
  /** The seed. */
  readonly seed: number;
  /** Requests that were made. */
  readonly requests: number;
  /** Those that were granted. */
  readonly granted: number;
  /** Whether the guest can write a page table that is in use, by whatever address. */
  readonly found: boolean;
}

/**
 * Lets a guest of 4 MiB make random hypercalls and stores until it can write one of its own page tables.
 *
 * After every request that is granted all addresses are looked at, by a walk that knows nothing of Xen's books.
 *
 * @param release The hypervisor.
 * @param mode Paging mode of the guest.
 * @param seed Any integer; the same seed makes the same requests.
 * @param max Requests after which the guest gives up.
 * @returns How far it came.
 */
export function hunt(release: XenRelease, mode: Mode["id"], seed: number, max: number): Hunt {
  const options = { release, guestPages: 0x400, machineFrames: 0x2000, p2m: (pfn: number) => 0x1fff - pfn };
  const domain = new SampleDomain([release.id, mode], options, { kernelEnd: 0x20_0000 });
  const random = new Random(seed);
  let granted = 0;
  for (let requests = 1; requests <= max; requests++) {
    if (randomRequest(domain, random) !== 0) continue;
    granted++;
    const found = someWritable(domain.xen, (mfn) => isTable(domain.xen, mfn));
    if (found) return { seed, requests, granted, found };
  }
  return { seed, requests: max, granted, found: false };
}
