/**
 * Planted bugs: types, counts, validation.
 *
 * @module
 */
import type { Mutant } from "./mutant.ts";

const PAGE_TYPE = "core/xen/page_type.ts";
const VALIDATE = "core/xen/validate.ts";
const TABLE_ENTRY = "core/xen/table_entry.ts";
const L1_ENTRY = "core/xen/l1_entry.ts";
const RELINQUISH = "core/xen/relinquish.ts";

/** What a frame is, how often, and what becomes of its references. */
export const TYPE_MUTANTS: readonly Mutant[] = [
  {
    name: "no flush at a change of type",
    file: PAGE_TYPE,
    find: "if (frames.stamp[mfn] === domain.tlbClock) domain.flushTlb();",
    replace: "",
    why: "a stale translation writes to the new table: the idea of XSA-401",
  },
  {
    name: "flush at every change of type, needed or not",
    file: PAGE_TYPE,
    find: "if (frames.stamp[mfn] === domain.tlbClock) domain.flushTlb();",
    replace: "domain.flushTlb();",
    why: "the stamp is there to save flushes",
  },
  {
    name: "the moment of the last use forgotten",
    file: PAGE_TYPE,
    find: "    frames.typeInfo[mfn] = info - 1;\n    frames.stamp[mfn] = domain.tlbClock;",
    replace: "    frames.typeInfo[mfn] = info - 1;",
    why: "nobody knows then that a flush is due",
  },
  {
    name: "the moment at which a table ceased to be one forgotten",
    file: PAGE_TYPE,
    find: "    frames.stamp[table] = domain.tlbClock;\n",
    replace: "",
    why: "nobody knows then that a flush is due",
  },
  {
    name: "type count not dropped",
    file: PAGE_TYPE,
    find: "else typeInfo[mfn] = info - 1;",
    replace: "else typeInfo[mfn] = info;",
    why: "the frame stays a table for ever",
  },
  {
    name: "a frame changes its type while it is used",
    file: PAGE_TYPE,
    find: "if ((info & (PGT_TYPE_MASK | PGT_PAE_XEN_L2)) === type) {",
    replace: "if (uses > 0) {",
    why: "this is the rule on which all others rest",
  },
  {
    name: "one mapping more than can be counted",
    file: PAGE_TYPE,
    find: "if (uses >= domain.release.maxTypeCount)",
    replace: "if (uses > domain.release.maxTypeCount)",
    why: "the count wraps round to 0 while the page is mapped",
  },
  {
    name: "the mark of the L2 with Xen's mappings not looked at",
    file: PAGE_TYPE,
    find: "if ((info & (PGT_TYPE_MASK | PGT_PAE_XEN_L2)) === type) {",
    replace: "if ((info & PGT_TYPE_MASK) === (type & PGT_TYPE_MASK)) {",
    why: "pgd[0] := pgd[3] would share Xen's own mappings",
  },
  {
    name: "anybody's frame is the guest's",
    file: PAGE_TYPE,
    find: "if (mfn >= frames.length || frames.owner[mfn] !== OWNER_GUEST) return false;",
    replace: "if (mfn >= frames.length) return false;",
    why: "the guest maps Xen's memory",
  },
  {
    name: "a general reference leaks when the type is refused",
    file: PAGE_TYPE,
    find: `if (refusal !== undefined) putPage(domain, mfn);
  return refusal;
}

/**
 * Refuses a frame`,
    replace: `return refusal;
}

/**
 * Refuses a frame`,
    why: "the frame can never be freed",
  },
  {
    name: "a table that nobody uses keeps what it refers to",
    file: PAGE_TYPE,
    find: "    domain.tables.demote(domain, table, info);\n",
    replace: "",
    why: "its pages can never become tables",
  },
  {
    name: "a frame that failed validation keeps its type",
    file: PAGE_TYPE,
    find: "  frames.typeInfo[mfn] = PGT_NONE;\n",
    replace: "",
    why: "a second try would find it in use",
  },
  {
    name: "a frame that failed validation is valid the next time",
    file: PAGE_TYPE,
    find: "  frames.typeInfo[mfn] = PGT_NONE;\n",
    replace: "  frames.typeInfo[mfn] = (type | 0x0800_0000);\n",
    why: "its entries were never counted",
  },
  {
    name: "validation of an L1 not undone on failure",
    file: VALIDATE,
    find: "      dropL1(domain, mfn, index);\n",
    replace: "",
    why: "the entries before the bad one stay counted",
  },
  {
    name: "validation of an L2 not undone on failure",
    file: VALIDATE,
    find: "      dropEntries(domain, rules, mfn, { end: slot, paeXenL2 });\n",
    replace: "",
    why: "the tables before the bad one stay tables",
  },
  {
    name: "the entry that failed is undone as well",
    file: VALIDATE,
    find: "      dropL1(domain, mfn, index);\n",
    replace: "      dropL1(domain, mfn, index + 1);\n",
    why: "it was never counted",
  },
  {
    name: "the last entry of an L1 not checked",
    file: VALIDATE,
    find: "for (let index = 0; index < l1.entries; index++)",
    replace: "for (let index = 0; index < l1.entries - 1; index++)",
    why: "it may map anything",
  },
  {
    name: "slot 3 shared allowed",
    file: VALIDATE,
    find: "& PGT_COUNT_MASK) === 1) return undefined;",
    replace: "& PGT_COUNT_MASK) >= 1) return undefined;",
    why: "Xen's linear mappings in that L2 are for one root",
  },
  {
    name: "a PAE root without an L2 in slot 3 allowed",
    file: TABLE_ENTRY,
    find: "if ((lo & P) === 0 || ((lo & rules.disallowedLo)",
    replace: "if ((lo & P) === 0) return 0;\n  if (((lo & rules.disallowedLo)",
    why: "Xen would have no mappings of its own",
  },
  {
    name: "a PAE root above 4G allowed",
    file: VALIDATE,
    find: "mfn >= LOWEST_FRAME_ABOVE_4G",
    replace: "mfn > 2 * LOWEST_FRAME_ABOVE_4G",
    why: "CR3 has 32 bits",
  },
  {
    name: "Xen's own slots validated like the guest's",
    file: VALIDATE,
    find: `    if (rules.isPrivate(slot, paeXenL2)) continue;
    const entry = entryAt(domain, mfn, slot);
    const refusal`,
    replace: `    const entry = entryAt(domain, mfn, slot);
    const refusal`,
    why: "a copied root has Xen's entries in it",
  },
  {
    name: "bits of Xen's stay in a table that is none any more",
    file: VALIDATE,
    find: "if ((entry.lo & P) !== 0 && (entry.lo & removed) !== 0)",
    replace: "if (entry.lo === 0)",
    why: "the next validation refuses RW and US in a PAE root",
  },
  {
    name: "a linear map may be writable",
    file: TABLE_ENTRY,
    find: `if ((lo & RW) !== 0) {
    const refusal = sameLevel`,
    replace: `if ((lo & RW) > RW) {
    const refusal = sameLevel`,
    why: "the guest writes its tables through it",
  },
  {
    name: "a table in a linear map need not be valid",
    file: TABLE_ENTRY,
    find: 'if ((info & PGT_VALIDATED) === 0) return "linear-not-validated";',
    replace: "",
    why: "any frame could be walked as a table",
  },
  {
    name: "chains of linear maps allowed",
    file: TABLE_ENTRY,
    find: 'if (entries < 0 || uses < 0) return "linear-chain";',
    replace: "",
    why: "taking them down recurses without end: XSA-240",
  },
  {
    name: "a table's reference to itself is dropped though none was taken",
    file: TABLE_ENTRY,
    find: "if ((lo & P) === 0 || mfn === table) return;",
    replace: "if ((lo & P) === 0) return;",
    why: "the count falls below its uses",
  },
  {
    name: "RW of the pde looked at",
    file: TABLE_ENTRY,
    find: `if ((lo & P) === 0) return undefined;
  if (((lo & rules.disallowedLo)`,
    replace: `if ((lo & (P | RW)) !== (P | RW)) return undefined;
  if (((lo & rules.disallowedLo)`,
    why: "Xen counts a table below a read-only entry all the same (trap T23)",
  },
  {
    name: "large pages pass as tables",
    file: TABLE_ENTRY,
    find: "if (((lo & rules.disallowedLo) | (hi & rules.disallowedHi)) !== 0) return refuseFlags",
    replace: "if (((lo & rules.disallowedLo & ~0x80) | (hi & rules.disallowedHi)) !== 0) return refuseFlags",
    why: "the idea of XSA-148",
  },
  {
    name: "read-only mappings take the type as well",
    file: L1_ENTRY,
    find: `if ((lo & RW) !== 0) {
    const refusal = getPageType`,
    replace: `if (lo !== 0) {
    const refusal = getPageType`,
    why: "no table could be mapped at all",
  },
  {
    name: "a general reference leaks when a page cannot be writable",
    file: L1_ENTRY,
    find: `  putPage(domain, mfn);
  return refusal;`,
    replace: "  return refusal;",
    why: "the frame can never be freed",
  },
  {
    name: "an unmapped page stays writable",
    file: L1_ENTRY,
    find: "  if ((lo & RW) !== 0) putPageAndType(domain, mfn);\n  else putPage(domain, mfn);",
    replace: "  putPage(domain, mfn);",
    why: "it can never become a table",
  },
  {
    name: "circles of tables live on",
    file: RELINQUISH,
    find: "for (let depth = domain.levels.length; depth > 0; depth--) breakCircles(domain, depth);",
    replace: "",
    why: "the memory of a dead domain is not freed",
  },
];
