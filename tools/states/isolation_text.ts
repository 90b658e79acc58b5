/**
 * Page-table isolation in words: whose root this is, and what follows.
 *
 * @module
 */

import type { Isolation } from "../../core/audit/mod.ts";
import { hex } from "../../chapters/shown/hex.ts";

const ROOTS: { readonly [root in Isolation["root"]]: string } = Object.freeze({
  kernel: "the kernel's root; in long mode its user pages are not executable on purpose",
  user: "the root of user mode; most of the kernel is not in it on purpose",
});

/** One line about it, or none. */
export function isolationText(isolation: Isolation | undefined): string[] {
  if (isolation === undefined) return [];
  const { root, other } = isolation;
  const where = other === undefined ? "the other root is not in this state" : `the other one is at --cr3 ${hex(other)}`;
  return [`page-table isolation: this is ${ROOTS[root]}; ${where}`];
}
