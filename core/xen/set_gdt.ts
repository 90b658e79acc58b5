/**
 * The hypercall set_gdt: the frames of the global descriptor table get a type of their own, and cannot be mapped writable (trap T16).
 *
 * @module
 */

import type { Domain } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import { PGT_GDT } from "./frame_table.ts";
import { getPage, getPageType, putPage, putPageAndType } from "./page_type.ts";

const MOST_GDT_FRAMES = 16;

/**
 * Sets the table.
 *
 * @param domain The domain.
 * @param mfns Its frames, at most 16.
 * @returns 0 or a negative error number. The descriptors themselves are not checked: segmentation is not modelled.
 *
 * Source: Xen 3.1, arch/x86/mm.c, `set_gdt`.
 */
export function setGdt(domain: Domain, mfns: readonly number[]): number {
  if (mfns.length > MOST_GDT_FRAMES) return -EINVAL;
  for (const [i, mfn] of mfns.entries()) {
    if (getGdtFrame(domain, mfn)) continue;
    mfns.slice(0, i).forEach((taken) => putPageAndType(domain, taken));
    return -EINVAL;
  }
  domain.gdt.forEach((mfn) => putPageAndType(domain, mfn));
  domain.gdt = [...mfns];
  return 0;
}

function getGdtFrame(domain: Domain, mfn: number): boolean {
  if (!getPage(domain, mfn)) return false;
  if (getPageType(domain, mfn, PGT_GDT) === 0) return true;
  putPage(domain, mfn);
  return false;
}
