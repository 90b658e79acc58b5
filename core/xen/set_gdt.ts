/**
 * The hypercall set_gdt: the frames of the global descriptor table get a type of their own, and cannot be mapped writable (trap T16).
 *
 * @module
 */

import type { Domain } from "./domain.ts";
import { EINVAL } from "./errno.ts";
import { PGT_GDT } from "./frame_table.ts";
import { getPage, getPageType, putPage, putPageAndType } from "./page_type.ts";
import { refuse, type XenRefusal } from "./refusal.ts";

/** `FIRST_RESERVED_GDT_PAGE`: the frames behind it are Xen's. */
const MAX_GDT_FRAMES = 14;

/**
 * Sets the table.
 *
 * @param domain The domain.
 * @param mfns Its frames, at most 14.
 * @returns Undefined, or a refusal. The descriptors themselves are not checked: segmentation is not modelled.
 *
 * Source: Xen 3.1, arch/x86/mm.c, `set_gdt`.
 */
export function setGdt(domain: Domain, mfns: readonly number[]): XenRefusal | undefined {
  if (mfns.length > MAX_GDT_FRAMES) {
    return refuse(domain, "gdt-size", EINVAL, { wanted: `${mfns.length} frames of ${MAX_GDT_FRAMES}` });
  }
  for (const [i, mfn] of mfns.entries()) {
    const refusal = getGdtFrame(domain, mfn);
    if (refusal === undefined) continue;
    mfns.slice(0, i).forEach((taken) => putPageAndType(domain, taken));
    return refusal;
  }
  domain.gdt.forEach((mfn) => putPageAndType(domain, mfn));
  domain.gdt = [...mfns];
  return undefined;
}

/** Not `getPageAndType`: a frame that is not the guest's is refused here without a line in the log. */
function getGdtFrame(domain: Domain, mfn: number): XenRefusal | undefined {
  if (!getPage(domain, mfn)) return refuse(domain, "not-the-guests", EINVAL, { mfn, wanted: "descriptor table" });
  const refusal = getPageType(domain, mfn, PGT_GDT);
  if (refusal !== undefined) putPage(domain, mfn);
  return refusal;
}
