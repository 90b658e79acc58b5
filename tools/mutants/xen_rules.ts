/**
 * Planted bugs: what a release allows, and what it checks anew.
 *
 * @module
 */
import type { Mutant } from "./mutant.ts";

const LEVELS = "core/xen/level_rules.ts";
const RELEASES = "core/xen/releases.ts";

/** Flags that must be 0, flags that are harmless, error numbers, bits that Xen adds. */
export const RULE_MUTANTS: readonly Mutant[] = [
  {
    name: "fast path without owner check",
    file: LEVELS,
    find: "this.recheckLo = FRAME_LO | (row.recheck & 0xfff);",
    replace: "this.recheckLo = row.recheck & 0xfff;",
    why: "another frame under the same flags is not harmless",
  },
  {
    name: "fast path takes RW of an L1 entry for harmless",
    file: RELEASES,
    find: "debugDisallowed: 0x800, recheck: P | RW,",
    replace: "debugDisallowed: 0x800, recheck: P,",
    why: "a page table becomes writable",
  },
  {
    name: "fast path takes RW of a table's entry for harmless",
    file: RELEASES,
    find: "table: { ...PLAIN, disallowed: 0x80_0198, recheck: 0x9b },",
    replace: "table: { ...PLAIN, disallowed: 0x80_0198, recheck: 0x99 },",
    why: "XSA-182",
  },
  {
    name: "G allowed in 32-bit entries of 2007",
    file: RELEASES,
    find: "l1: { ...PLAIN, depth: 1, disallowed: 0xffff_f180,",
    replace: "l1: { ...PLAIN, depth: 1, disallowed: 0xffff_f080,",
    why: "the guest's translations would survive a change of domain",
  },
  {
    name: "PS allowed in 2007",
    file: RELEASES,
    find: "l2: { ...PLAIN, depth: 2, disallowed: 0xffff_f180 },",
    replace: "l2: { ...PLAIN, depth: 2, disallowed: 0xffff_f100 },",
    why: "a large page covers frames that nobody checked",
  },
  {
    name: "PS allowed today",
    file: RELEASES,
    find: "table: { ...PLAIN, disallowed: 0x80_0198,",
    replace: "table: { ...PLAIN, disallowed: 0x80_0118,",
    why: "a large page covers frames that nobody checked",
  },
  {
    name: "a PAE root entry may have RW",
    file: RELEASES,
    find: "disallowed: 0xffff_f1e6, nx: false",
    replace: "disallowed: 0xffff_f1e4, nx: false",
    why: "the CPU refuses it at the load of CR3 (trap T4)",
  },
  {
    name: "disallow mask without NX handling",
    file: LEVELS,
    find: "this.disallowedHi = row.nx && traits.cpu.nx ? hi & ~NX : hi;",
    replace: "this.disallowedHi = hi;",
    why: "no data page could be made non-executable",
  },
  {
    name: "NX allowed on a CPU without it",
    file: LEVELS,
    find: "this.disallowedHi = row.nx && traits.cpu.nx ? hi & ~NX : hi;",
    replace: "this.disallowedHi = row.nx ? hi & ~NX : hi;",
    why: "the bit is reserved there",
  },
  {
    name: "today's error number for a table that is wanted writable is that of 2007",
    file: RELEASES,
    find: "errors: { l1Frame: EBUSY,",
    replace: "errors: { l1Frame: EINVAL,",
    why: "a real Xen 4.17 says -16",
  },
  {
    name: "no GLOBAL on user pages of 64-bit guests",
    file: RELEASES,
    find: "kernelHi: GUEST_KERNEL_HI, userLo: US | G,",
    replace: "kernelHi: GUEST_KERNEL_HI, userLo: US,",
    why: "a real Xen 4.17 reads back 0x167 for 0x67",
  },
];
