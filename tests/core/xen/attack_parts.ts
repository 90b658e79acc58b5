/**
 * What attacks on Xen have in common.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { SampleDomain } from "../../../chapters/guests/sample_domain.ts";
import { MMUEXT } from "../../../core/xen/mod.ts";

/** A frame of Xen's. */
export const TARGET = 0x300;
/** The word that an attack leaves there. */
export const PROOF = 0x7e57;

/** Makes an empty page an L2 table, pinned. */
export function pinnedL2(domain: SampleDomain, pfn: number): void {
  assertEquals(domain.map(pfn, pfn, 0x61), 0);
  assertEquals(domain.xen.mmuextOp(MMUEXT.PIN_L2_TABLE, domain.mfn(pfn)).rc, 0);
}
