/**
 * The rules by which Xen refuses: a closed set of ids, each with its text and the functions that check it.
 *
 * @module
 */

import { deepFreeze } from "../frozen.ts";
import type { XenRelease } from "./contract.ts";

/** Id of a rule. Stable: callers may compare with it. */
export type XenRule =
  | "bad-flags"
  | "type-conflict"
  | "type-overflow"
  | "not-the-guests"
  | "io-space"
  | "cache-attributes"
  | "linear-writable"
  | "linear-not-validated"
  | "linear-chain"
  | "linear-overflow"
  | "private-slot"
  | "pae-slot-fixed"
  | "pae-slot-empty"
  | "pae-slot-shared"
  | "pae-root-high"
  | "already-pinned"
  | "not-pinned"
  | "no-mapping"
  | "not-an-l1-entry"
  | "xen-address"
  | "store-not-emulated"
  | "store-alignment"
  | "gdt-size"
  | "no-io-rights"
  | "level-not-modelled"
  | "unknown-command"
  | "unsupported-command"
  | "foreign-domain";

/** One rule. */
export interface XenRuleRow {
  /** Why a request is refused, worded to follow "because". */
  readonly says: string;
  /** The functions that check it, by release; a release that lacks the rule is missing. */
  readonly source: { readonly [release in XenRelease["id"]]?: string };
}

type Sources = XenRuleRow["source"];

const MM = "arch/x86/mm.c";
const mm = (old: string, now: string = old): Sources => ({ "3.1": `${MM}, ${old}`, "4.17": `${MM}, ${now}` });
const mmOf417 = (now: string): Sources => ({ "4.17": `${MM}, ${now}` });

const LINEAR = mm(
  "get_l2_linear_pagetable, get_l3_linear_pagetable",
  "get_l2_linear_pagetable, get_l3_linear_pagetable, get_l4_linear_pagetable",
);

/**
 * The rules, by id.
 *
 * Source: Xen 3.1.0 (15f6eaada976) and Xen 4.17.0; each row names the functions.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { XEN_RULES } from "@pagetable-init/textbook/xen";
 *
 * assertEquals(XEN_RULES["type-conflict"].source["3.1"], "arch/x86/mm.c, get_page_type");
 * assertEquals(XEN_RULES["linear-chain"].source["3.1"], undefined); // chains were allowed until 2017
 * ```
 * @category Facts
 */
export const XEN_RULES: { readonly [rule in XenRule]: XenRuleRow } = deepFreeze({
  "bad-flags": row(
    "the entry has flags that its level may not have",
    mm(
      "get_page_from_l1e to _l3e, mod_l1_entry to mod_l3_entry",
      "get_page_from_l1e to _l4e, mod_l1_entry to mod_l4_entry",
    ),
  ),
  "type-conflict": row("the frame is in use as something else", mm("get_page_type", "_get_page_type")),
  "type-overflow": row("the frame has as many uses as can be counted", mm("get_page_type", "_get_page_type")),
  "not-the-guests": row(
    "the frame is not the guest's",
    mm(
      "get_page_from_pagenr, get_page_from_l1e",
      "get_page_from_l1e, do_mmuext_op, do_mmu_update; asm/mm.h, get_page_from_mfn",
    ),
  ),
  "io-space": row("the frame is no memory, and the domain has no I/O rights", mm("get_page_from_l1e")),
  "cache-attributes": row("a page of Xen's own keeps its cache attributes", mmOf417("get_page_from_l1e")),
  "linear-writable": row("a table may map one of its own level read-only, never writable", LINEAR),
  "linear-not-validated": row("a table may map one of its own level only if that is validated already", LINEAR),
  "linear-chain": row(
    "a table that maps one of its own level may not be mapped like that itself (XSA-240)",
    mmOf417("inc_linear_entries, inc_linear_uses"),
  ),
  "linear-overflow": row(
    "the table has as many entries, or uses, of this kind as can be counted",
    mmOf417("inc_linear_entries, inc_linear_uses"),
  ),
  "private-slot": row("the slot is Xen's own", mm("mod_l2_entry", "mod_l2_entry, mod_l4_entry")),
  "pae-slot-fixed": row("slot 3 of a PAE root that is in use cannot be changed", mm("mod_l3_entry")),
  "pae-slot-empty": row(
    "slot 3 of a PAE root must hold an L2 table, without flags that are forbidden there",
    mm("alloc_l3_table", "promote_l3_table"),
  ),
  "pae-slot-shared": row(
    "the L2 table in slot 3 of a PAE root may have no other use",
    mm("create_pae_xen_mappings", "pae_xen_mappings_check"),
  ),
  "pae-root-high": row("a PAE root must lie below 4G", { "3.1": `${MM}, alloc_l3_table` }),
  "already-pinned": row("the table is pinned already", mm("do_mmuext_op")),
  "not-pinned": row("the frame is not pinned", mm("do_mmuext_op")),
  "no-mapping": row("no L1 entry belongs to the address", {
    "3.1": "asm-x86/paging.h, guest_map_l1e",
    "4.17": "arch/x86/pv/mm.c, map_guest_l1e",
  }),
  "not-an-l1-entry": row("the entry found for the address does not lie in an L1 table", {
    "3.1": "not checked in 3.1; the model refuses as 4.17 does",
    "4.17": `${MM}, __do_update_va_mapping`,
  }),
  "xen-address": row("the address is Xen's", {
    "3.1": `${MM}, do_update_va_mapping; arch/x86/traps.c, fixup_page_fault`,
    "4.17": "arch/x86/pv/mm.c, map_guest_l1e; arch/x86/traps.c, fixup_page_fault",
  }),
  "store-not-emulated": row("stores are emulated on L1 tables alone, word by word", {
    "3.1": `${MM}, ptwr_do_page_fault`,
    "4.17": "arch/x86/pv/ro-page-fault.c, ptwr_do_page_fault",
  }),
  "store-alignment": row("a store to a table must be aligned, and must not cross into another page", {
    "3.1": `${MM}, ptwr_emulated_update`,
    "4.17": "arch/x86/pv/ro-page-fault.c, ptwr_emulated_update",
  }),
  "gdt-size": row("a descriptor table has too many frames", {
    "3.1": `${MM}, do_set_gdt`,
    "4.17": "arch/x86/pv/descriptor-tables.c, do_set_gdt",
  }),
  "no-io-rights": row("the domain has no I/O rights", mm("do_mmuext_op")),
  "unknown-command": row("there is no such command", mm("do_mmu_update, do_mmuext_op")),
  "level-not-modelled": row("a table above the guest's root is not modelled", {
    "4.17": "not refused by Xen itself, which takes an L4 table of a 32-bit guest if its first entry is valid",
  }),
  "unsupported-command": row("the command is not for paravirtual guests any more", mmOf417("do_mmuext_op")),
  "foreign-domain": row("the domain may not act on another", {
    "3.1": `${MM}, set_foreigndom`,
    "4.17": "common/page_alloc.c, get_pg_owner",
  }),
});

function row(says: string, source: Sources): XenRuleRow {
  return { says, source };
}
