/**
 * Every flag of an entry at every level, one at a time: what Xen adds, and what it refuses.
 *
 * @module
 */
import { CLAIM_TABLES, link, unlink } from "./observation.ts";
import type { FrameName, XenOp } from "../../../chapters/recorded/settle/op.ts";

/** A table of each level, and a frame that its entries may name. */
const LEVELS: readonly (readonly [table: FrameName, frame: FrameName])[] = [
  ["page1", "page5"],
  ["page2", "page1"],
  ["page3", "page2"],
  ["L4", "page3"],
];
const INDEX = 5;
const P = 1n;
const US = 4n;
/** Bits 1 to 11 and 52 to 63. */
const BITS: readonly bigint[] = Array.from({ length: 63 }, (_, i) => BigInt(i + 1)).filter((bit) =>
  bit < 12n || bit > 51n
);

/** The operations, on the tables of the claims: each entry once present, USER set, once present without it, once absent. */
export function bitSweep(): XenOp[] {
  const others = [P | US, P, 0n];
  return [
    ...CLAIM_TABLES,
    ...LEVELS.flatMap(([table, frame]) =>
      BITS.flatMap((bit) =>
        others.flatMap((other) => [
          link(table, INDEX, frame, "0x" + (other | 1n << bit).toString(16)),
          unlink(table, INDEX),
        ])
      )
    ),
  ];
}
