/**
 * The log texts of the two releases. Only the texts differ; the code prints them at the same places.
 *
 * Source: Xen 3.1.0 (May 2007) and 4.17, arch/x86/mm.c and traps.c; of 4.17 also pv/ro-page-fault.c. A kind that a release does not log is
 * missing. The model knows at most the offset of a pointer into Xen's own memory; an x stands for each unknown digit.
 *
 * @module
 */

import type { XenLogTexts } from "./log.ts";

/** Texts of Xen 3.1. */
export const TEXTS_3_1: XenLogTexts = Object.freeze({
  "bad-flags": "Bad L{level} flags {flags:x}",
  "bad-type": "Bad type (saw {saw} != exp {expected}) for mfn {mfn:x} (pfn {pfn})",
  "type-overflow": "Type count overflow on pfn {mfn:x}",
  "validation-failed": "Error while validating mfn {mfn:x} (pfn {pfn}) for type {expected}: caf={caf} taf={saw}",
  "table-failed": "Failure in alloc_l{level}_table: entry {slot:d}",
  "l1-frame": "Error getting mfn {mfn:x} (pfn {pfn}) from L1 entry {entry} for dom{domain}",
  "io-space": "Non-privileged ({domain}) attempt to map I/O space {mfn:08x}",
  "no-frame": "Could not get page ref for pfn {mfn:x}",
  "linear-writable": "Attempt to create linear p.t. with write perms",
  "private-slot": "Illegal L{level} update attempt in Xen-private area {pointer}",
  "pae-slot-shared": "PAE L3 3rd slot is shared",
  "pae-root-high": "PAE pgd must be below 4GB (0x{mfn:x} >= 0x100000)",
  "update-frame": "Could not get page for normal update",
  "m2p-frame": "Could not get page for mach->phys update",
  "update-command": "Invalid page update command {command:x}",
  "foreign-domain": "Dom {domain} cannot set foreign dom",
  "mmuext-command": "Invalid extended pt command 0x{command:x}",
  "pin": "Error while pinning mfn {mfn:x}",
  "already-pinned": "Mfn {mfn:x} already pinned",
  "not-pinned": "Mfn {mfn:x} not pinned",
  "unpin-frame": "Mfn {mfn:x} bad domain (dom={dom})",
  "baseptr": "Error while installing new baseptr {mfn:x}",
  "user-baseptr": "Error while installing new mfn {mfn:x}",
  "flush-cache": "Non-physdev domain tried to FLUSH_CACHE.",
  "ptwr-access": "Bad ptwr access (cr2={cr2}, addr={addr}, bytes={bytes})",
  "ptwr-refused": "ptwr_emulate: could not get_page_from_l1e()",
  "unhandled-fault": "Unhandled page fault in domain {domain} on VCPU 0 (ec={ec:04X})",
});

/** Texts of Xen 4.17, a debug build. */
export const TEXTS_4_17: XenLogTexts = Object.freeze({
  "bad-flags": "Bad L{level} flags {flags:x}",
  "bad-type": "Bad type (saw {saw} != exp {expected}) for mfn {mfn:05x} (pfn {pfn})",
  "type-overflow": "Type count overflow on mfn {mfn:05x}",
  "validation-failed": "Error while validating mfn {mfn:05x} (pfn {pfn}) for type {expected}: caf={caf} taf={saw}",
  "table-failed": "Failure {rc} in promote_l{level}_table: slot {slot:#x}",
  "l1-frame":
    "Error getting mfn {mfn:05x} (pfn {pfn}) from L1 entry {entry} for l1e_owner d{domain}, pg_owner d{domain}",
  "writable-type": "Could not get page type PGT_writable_page",
  "frame-owner": "pg_owner d{domain} l1e_owner d{domain}, but real_pg_owner d{owner}",
  "io-space": "d{domain} non-privileged attempt to map MMIO space {mfn:05x}",
  "no-frame": "Could not get page ref for mfn {mfn:05x}",
  "linear-writable": "Attempt to create linear p.t. with write perms",
  "private-slot": "L{level} update in Xen-private area, slot {slot:#x}",
  "pae-slot-shared": "PAE L3 3rd slot is shared",
  "cache-attributes": "Attempt to change cache attributes of Xen heap page",
  "global-kernel-page": "Global bit is set in kernel page {mfn:x}",
  "update-frame": "Could not get page for normal update",
  "m2p-frame": "Could not get page for mach->phys update",
  "pin": "Error {rc} while pinning mfn {mfn:05x}",
  "already-pinned": "mfn {mfn:05x} already pinned",
  "not-pinned": "mfn {mfn:05x} not pinned",
  "unpin-frame": "mfn {mfn:05x} bad, or bad owner d{domain}",
  "baseptr": "Error while installing new {compat}baseptr {mfn:05x}",
  "user-baseptr": "Error {rc} installing new mfn {mfn:05x}",
  "clear-page": "Error clearing mfn {mfn:05x}",
  "copy-from": "Error copying from mfn {mfn:05x}",
  "copy-to": "Error copying to mfn {mfn:05x}",
  "ptwr-access": "bad access (cr2={cr2}, addr={addr}, bytes={bytes})",
  "ptwr-refused": "could not get_page_from_l1e()",
  "ptwr-rescue": "ptwr_emulate: fixing up invalid PAE PTE {entry}",
  "unhandled-fault": "Unhandled: vec 14, #PF[{ec:04x}]",
});
