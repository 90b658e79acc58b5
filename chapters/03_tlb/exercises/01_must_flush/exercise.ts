/**
 * Must it be flushed?
 *
 * A kernel has put `next` where `old` was: the same entry of a page table, low words. The
 * old one may be in the TLB. Say whether the kernel must flush the page.
 *
 * It must if, without a flush, the machine could let through what the new entry forbids,
 * reach another frame than it says, or write the page without setting `D` in it. It
 * should not otherwise: a flush costs time. The bits that matter are `P`, `RW`, `US`, `D`
 * and the frame number.
 *
 * @module
 */

import { D, P, RW, US } from "@pagetable-init/textbook/mmu";

export function mustFlush(old: number, next: number): boolean {
  // Your lines: about three.
  return ((old ^ next) & (P | RW | US | D)) !== 0;
  // End of your lines.
}
