/**
 * Planted bugs: hypercalls and stores.
 *
 * @module
 */
import type { Mutant } from "./mutant.ts";

const MOD_ENTRY = "core/xen/mod_entry.ts";
const MMU_UPDATE = "core/xen/mmu_update.ts";
const MMUEXT = "core/xen/mmuext_op.ts";
const STORES = "core/xen/store_emulation.ts";
const UPDATE_VA = "core/xen/update_va_mapping.ts";
const SET_GDT = "core/xen/set_gdt.ts";
const DOMAIN = "core/xen/domain.ts";

/** What is asked, and what is granted. */
export const REQUEST_MUTANTS: readonly Mutant[] = [
  {
    name: "no flush after a change of a table",
    file: MOD_ENTRY,
    find: "else if (domain.release.flushesTableUpdates) domain.flushTlb();",
    replace: "",
    why: "XSA-286",
  },
  {
    name: "a changed PDPTE does not count until the next load of CR3",
    file: MOD_ENTRY,
    find: "if (inRegisters && mfn === domain.rootMfn) domain.loadCr3();",
    replace: "if (inRegisters && mfn < 0) domain.loadCr3();",
    why: "the CPU keeps PDPTEs in registers",
  },
  {
    name: "an entry that goes leaves its references",
    file: MOD_ENTRY,
    find: "domain.writeEntry(mfn, index, hi, lo | kept);\n    putPageFromL1Entry(domain, oldHi, oldLo);",
    replace: "domain.writeEntry(mfn, index, hi, lo | kept);",
    why: "the page stays writable in the books",
  },
  {
    name: "an entry that is replaced leaves its references",
    file: MOD_ENTRY,
    find: "domain.writeEntry(mfn, index, newHi, (newLo ^ rc) | kept);\n  putPageFromL1Entry(domain, oldHi, oldLo);",
    replace: "domain.writeEntry(mfn, index, newHi, (newLo ^ rc) | kept);",
    why: "the page stays writable in the books",
  },
  {
    name: "an entry is written before it is checked",
    file: MOD_ENTRY,
    find: "  const rc = getPageFromL1Entry(domain, newHi, newLo);\n",
    replace: "  domain.writeEntry(mfn, index, newHi, newLo);\n  const rc = getPageFromL1Entry(domain, newHi, newLo);\n",
    why: "what is refused must change nothing",
  },
  {
    name: "a table's old entry leaves its references",
    file: MOD_ENTRY,
    find: "if (!harmless) putPageFromTableEntry(domain, old);",
    replace: "",
    why: "the unlinked table stays a table",
  },
  {
    name: "A and D not kept when that is asked for",
    file: MOD_ENTRY,
    find: "const kept = keepAd ? oldLo & (A | D) : 0;",
    replace: "const kept = 0;",
    why: "a dirty page would be lost",
  },
  {
    name: "slot 3 of a PAE root in use may change",
    file: MOD_ENTRY,
    find: "if (rules === domain.root && paeXenSlot >= 0 && slot >= paeXenSlot) return -EINVAL;",
    replace: "",
    why: "Xen lives below it (trap T5)",
  },
  {
    name: "Xen's own slots may change",
    file: MOD_ENTRY,
    find: "if (!rules.isPrivate(slot, paeXenL2)) return 0;",
    replace: "if (slot >= 0) return 0;",
    why: "the guest maps itself where Xen is",
  },
  {
    name: "mmu_update writes what is in use as something else",
    file: MMU_UPDATE,
    find:
      "  if (getPageType(domain, mfn, PGT_WRITABLE) !== 0) return -EINVAL;\n  domain.writeEntry(mfn, index, hi, lo);\n  putPageType(domain, mfn);",
    replace: "  domain.writeEntry(mfn, index, hi, lo);",
    why: "a descriptor table is no page to write",
  },
  {
    name: "mmu_update keeps the reference to its table",
    file: MMU_UPDATE,
    find: "  putPageType(domain, mfn);\n  return rc;",
    replace: "  return rc;",
    why: "every update leaks one",
  },
  {
    name: "a batch goes on after a failure",
    file: MMU_UPDATE,
    find: "if (rc !== 0) return { rc, done };",
    replace: "if (rc > 0) return { rc, done };",
    why: "the guest is told how many were done",
  },
  {
    name: "the pfn of anybody's frame may be set",
    file: MMU_UPDATE,
    find: '  if (!getPage(domain, mfn)) {\n    domain.print("no-frame", { mfn });\n    domain.print("m2p-frame"',
    replace:
      '  if (!getPage(domain, mfn) && mfn < 0) {\n    domain.print("no-frame", { mfn });\n    domain.print("m2p-frame"',
    why: "every guest reads that table",
  },
  {
    name: "pin count leaked",
    file: MMUEXT,
    find: "    typeInfo[mfn]! &= ~PGT_PINNED;\n    putPageAndType(domain, mfn);",
    replace: "    typeInfo[mfn]! &= ~PGT_PINNED;",
    why: "what was pinned once stays a table",
  },
  {
    name: "a second pin keeps its reference",
    file: MMUEXT,
    find: '    domain.print("already-pinned", { mfn });\n    putPageAndType(domain, mfn);',
    replace: '    domain.print("already-pinned", { mfn });',
    why: "one unpin is not enough then",
  },
  {
    name: "what is not pinned may be unpinned",
    file: MMUEXT,
    find: "return pinned ? 0 : -EINVAL;",
    replace: "return 0;",
    why: "a real Xen says -22",
  },
  {
    name: "the old base pointer keeps its reference",
    file: MMUEXT,
    find: "    domain.loadCr3();\n    if (old >= 0) putPageAndType(domain, old);",
    replace: "    domain.loadCr3();",
    why: "no root could ever be freed",
  },
  {
    name: "a root that fails validation is loaded",
    file: MMUEXT,
    find: "      return rc;\n    }\n    domain.rootMfn = mfn;",
    replace: "    }\n    domain.rootMfn = mfn;",
    why: "the guest would run on tables that nobody checked",
  },
  {
    name: "clear_page clears a table",
    file: MMUEXT,
    find: "  if (getPageType(domain, mfn, PGT_WRITABLE) === 0) return true;\n  putPage(domain, mfn);\n  return false;",
    replace: "  domain.frames.typeInfo[mfn]!++;\n  return true;",
    why: "its references would be lost",
  },
  {
    name: "INVLPG flushes everything",
    file: MMUEXT,
    find: "if (onePage) domain.machine.tlb.invalidate(hi, lo);",
    replace: "if (onePage) domain.flushTlb();",
    why: "a guest that relies on it is slow, and its bugs are hidden",
  },
  {
    name: "L2 emulated too",
    file: STORES,
    find: "return (info & PGT_TYPE_MASK) === PGT_L1 && (info & PGT_COUNT_MASK) !== 0;",
    replace: "return info >>> 29 >= 1 && info >>> 29 <= 2 && (info & PGT_COUNT_MASK) !== 0;",
    why: "Xen emulates stores to L1 tables only (trap T10)",
  },
  {
    name: "any read-only page emulated",
    file: STORES,
    find: "return (info & PGT_TYPE_MASK) === PGT_L1 && (info & PGT_COUNT_MASK) !== 0;",
    replace: "return true;",
    why: "the guest's own write protection would be lost",
  },
  {
    name: "an emulated store leaves the old entry's references",
    file: STORES,
    find: "  putPageFromL1Entry(domain, oldHi, oldLo);\n  domain.cost.emulatedStores++;",
    replace: "  domain.cost.emulatedStores++;",
    why: "the page stays writable in the books",
  },
  {
    name: "an emulated store is not checked",
    file: STORES,
    find: "  let flipped = getPageFromL1Entry(domain, hi, lo);\n",
    replace: "  let flipped = Math.max(0, getPageFromL1Entry(domain, hi, lo));\n",
    why: "the whole debate would be void",
  },
  {
    name: "the rescue of upper halves in every release",
    file: STORES,
    find: "oldLo, valueLo, domain.contract.rescuesUpperHalf);",
    replace: "oldLo, valueLo, true);",
    why: "in Xen 3.1 it never worked",
  },
  {
    name: "the other half of an entry taken for 0",
    file: STORES,
    find: "? update(domain, table, index, oldLo, oldHi, valueLo, oldHi, false)",
    replace: "? update(domain, table, index, oldLo, oldHi, valueLo, 0, false)",
    why: "a store of 4 bytes leaves the others as they are",
  },
  {
    name: "the guest is told that its kernel runs in ring 3",
    file: STORES,
    find: "{ ...fault, errorCode: fault.errorCode & ~PF_U }",
    replace: "{ ...fault, errorCode: fault.errorCode }",
    why: "a 64-bit kernel would take the fault for its user's",
  },
  {
    name: "update_va_mapping reaches Xen's addresses",
    file: UPDATE_VA,
    find: "if (domain.isXenAddress(hi, lo) || !domain.findL1Entry(hi, lo)) return -EINVAL;",
    replace: "if (!domain.findL1Entry(hi, lo)) return -EINVAL;",
    why: "the guest would change Xen's own mappings",
  },
  {
    name: "update_va_mapping takes any table for an L1",
    file: UPDATE_VA,
    find: "if ((info & PGT_TYPE_MASK) !== PGT_L1 || (info & PGT_COUNT_MASK) === 0) return -EINVAL;",
    replace: "",
    why: "with a linear map the entry found lies in an L2",
  },
  {
    name: "update_va_mapping does not flush",
    file: UPDATE_VA,
    find: "else if (type === UVMF_INVLPG) domain.machine.tlb.invalidate(hi, lo);",
    replace: "",
    why: "the guest asked for it",
  },
  {
    name: "the old descriptor table keeps its type",
    file: SET_GDT,
    find: "domain.gdt.forEach((mfn) => putPageAndType(domain, mfn));",
    replace: "",
    why: "its frames could never be written again",
  },
  {
    name: "a descriptor table that is refused keeps its first frames",
    file: SET_GDT,
    find: "mfns.slice(0, i).forEach((taken) => putPageAndType(domain, taken));",
    replace: "",
    why: "what is refused must change nothing",
  },
  {
    name: "the pfn of a frame is told to Xen and not to the guest",
    file: DOMAIN,
    find: "    this.m2p[mfn] = pfn;\n    writeM2pEntry(this, mfn, pfn);",
    replace: "    this.m2p[mfn] = pfn;",
    why: "the guest reads the table itself",
  },
  {
    name: "flushes are not counted",
    file: DOMAIN,
    find: "    this.machine.tlb.flush(false);\n    this.tlbClock++;",
    replace: "    this.machine.tlb.flush(false);",
    why: "a flush at each change of type would follow",
  },
];
