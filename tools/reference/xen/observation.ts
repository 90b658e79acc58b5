/**
 * Claims about Xen 4.17, each with the operation that shows it.
 *
 * All of them are asked in one run of the random guest, one after the other. Before the first, `page1` becomes a pinned
 * L1, `page2` a pinned L2 that links it in entry 0, and `page3` a pinned L3 that links `page2` in entry 0.
 *
 * @module
 */
import type { FrameName, MmuUpdate, XenAnswer, XenOp } from "../../../chapters/recorded/settle/op.ts";

/** One claim. */
export interface Observation {
  readonly claim: string;
  /** The operations before it. */
  readonly before?: readonly XenOp[];
  readonly op: XenOp;
  /** The answers of Xen that matter to the claim. */
  readonly answer: XenAnswer;
  /** The operations that put the guest back as it was. */
  readonly after?: readonly XenOp[];
}

/** Entry `index` of `table` := `frame` + `flags`. */
export function link(table: FrameName, index: number, frame: FrameName, flags: string): MmuUpdate {
  return { op: "mmu_update", table, index, frame, flags };
}

/** Entry `index` of `table` := 0. */
export function unlink(table: FrameName, index: number): XenOp {
  return link(table, index, "none", "0x0");
}

/** The entry that maps `page` := `frame` + `flags`; the page's own frame unless told. */
export function map(page: FrameName, flags: string, frame: FrameName = page): XenOp {
  return { op: "update_va_mapping", page, frame, flags };
}

/** A frame pinned as a table of a level. */
export function pin(page: FrameName, level: number): XenOp {
  return { op: "pin", page, level };
}

/** The maker of the tables of the claims. */
export const CLAIM_TABLES: readonly XenOp[] = Object.freeze([
  ...["page1", "page2", "page3"].map((page) => map(page, "0x65")),
  pin("page1", 1),
  link("page2", 0, "page1", "0x67"),
  pin("page2", 2),
  link("page3", 0, "page2", "0x67"),
  pin("page3", 3),
]);

/** All operations of the claims, in order, the tables first; `claim` marks those that show something. */
export function claimOps(observations: readonly Observation[]): { readonly op: XenOp; readonly claim?: string }[] {
  const plain = (ops: readonly XenOp[] = []) => ops.map((op) => ({ op }));
  return [
    ...plain(CLAIM_TABLES),
    ...observations.flatMap(({ claim, before, op, after }) => [...plain(before), { op, claim }, ...plain(after)]),
  ];
}
