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
    find: `domain.writeEntry(mfn, index, newHi, (newLo ^ flipped) | kept);
  putPageFromL1Entry(domain, oldHi, oldLo);`,
    replace: "domain.writeEntry(mfn, index, newHi, (newLo ^ flipped) | kept);",
    why: "the page stays writable in the books",
  },
  {
    name: "an entry is written before it is checked",
    file: MOD_ENTRY,
    find: `  const flipped = getPageFromL1Entry(domain, newHi, newLo);
`,
    replace: `  domain.writeEntry(mfn, index, newHi, newLo);
  const flipped = getPageFromL1Entry(domain, newHi, newLo);
`,
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
    find: "const fixed = rules === domain.root && paeXenSlot >= 0 && slot >= paeXenSlot;",
    replace: "const fixed = slot < 0 && paeXenSlot >= 0;",
    why: "Xen lives below it (trap T5)",
  },
  {
    name: "Xen's own slots may change",
    file: MOD_ENTRY,
    find: "if (!fixed && !rules.isPrivate(slot, paeXenL2)) return undefined;",
    replace: "if (!fixed || rules.isPrivate(slot, paeXenL2)) return undefined;",
    why: "the guest maps itself where Xen is",
  },
  {
    name: "mmu_update writes what is in use as something else",
    file: MMU_UPDATE,
    find: `  const refusal = getPageType(domain, mfn, PGT_WRITABLE);
  if (refusal !== undefined) return refusal;
  domain.writeEntry(mfn, index, hi, lo);
  putPageType(domain, mfn);`,
    replace: "  domain.writeEntry(mfn, index, hi, lo);",
    why: "a descriptor table is no page to write",
  },
  {
    name: "mmu_update keeps the reference to its table",
    file: MMU_UPDATE,
    find: `  putPageType(domain, mfn);
  return refusal;`,
    replace: "  return refusal;",
    why: "every update leaks one",
  },
  {
    name: "a batch goes on after a failure",
    file: MMU_UPDATE,
    find: "if (refusal !== undefined) return { done, refusal };",
    replace: "if (refusal !== undefined && done < 0) return { done, refusal };",
    why: "the guest is told how many were done",
  },
  {
    name: "the pfn of anybody's frame may be set",
    file: MMU_UPDATE,
    find: `  if (!getPage(domain, mfn)) {
    const refusal = refuseFrame(domain, mfn, "a page of the guest's");`,
    replace: `  if (!getPage(domain, mfn) && mfn < 0) {
    const refusal = refuseFrame(domain, mfn, "a page of the guest's");`,
    why: "every guest reads that table",
  },
  {
    name: "pin count leaked",
    file: MMUEXT,
    find: `  typeInfo[mfn]! &= ~PGT_PINNED;
  putPageAndType(domain, mfn);`,
    replace: "  typeInfo[mfn]! &= ~PGT_PINNED;",
    why: "what was pinned once stays a table",
  },
  {
    name: "a second pin keeps its reference",
    file: MMUEXT,
    find: `    domain.print("already-pinned", twice);
    putPageAndType(domain, mfn);`,
    replace: '    domain.print("already-pinned", twice);',
    why: "one unpin is not enough then",
  },
  {
    name: "what is not pinned may be unpinned",
    file: MMUEXT,
    find: `    domain.print("not-pinned", refusal);
    putPage(domain, mfn);
    return refusal;`,
    replace: `    domain.print("not-pinned", refusal);
    putPage(domain, mfn);
    return undefined;`,
    why: "a real Xen says -22",
  },
  {
    name: "the old base pointer keeps its reference",
    file: MMUEXT,
    find: `  domain.loadCr3();
  if (old >= 0) putPageAndType(domain, old);`,
    replace: "  domain.loadCr3();",
    why: "no root could ever be freed",
  },
  {
    name: "a root that fails validation is loaded",
    file: MMUEXT,
    find: `    return refusal;
  }
  domain.rootMfn = mfn;`,
    replace: `  }
  domain.rootMfn = mfn;`,
    why: "the guest would run on tables that nobody checked",
  },
  {
    name: "clear_page clears a table",
    file: MMUEXT,
    find: `  const refusal = getPageType(domain, mfn, PGT_WRITABLE);
  if (refusal !== undefined) putPage(domain, mfn);
  return refusal;`,
    replace: `  domain.frames.typeInfo[mfn]!++;
  return undefined;`,
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
    find: "(info & PGT_TYPE_MASK) === PGT_L1 &&",
    replace: "info >>> 29 >= 1 && info >>> 29 <= 2 &&",
    why: "Xen emulates stores to L1 tables only (trap T10)",
  },
  {
    name: "any read-only page emulated",
    file: STORES,
    find: "return (info & PGT_TYPE_MASK) === PGT_L1 && (info & PGT_COUNT_MASK) !== 0 ? mfn : -1;",
    replace: "return mfn;",
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
    find: `  let flipped = getPageFromL1Entry(domain, entryHi, entryLo);
`,
    replace: `  let flipped = getPageFromL1Entry(domain, entryHi, entryLo);
  if (typeof flipped === "object") flipped = 0;
`,
    why: "the whole debate would be void",
  },
  {
    name: "the rescue of upper halves in every release",
    file: STORES,
    find: "if (!upper || !domain.contract.rescuesUpperHalf || (entryLo & P) === 0)",
    replace: "if (!upper || (entryLo & P) === 0)",
    why: "in Xen 3.1 it never worked",
  },
  {
    name: "the other half of an entry taken for 0",
    file: STORES,
    find: "const entryHi = upper ? valueLo : half ? oldHi : valueHi;",
    replace: "const entryHi = upper ? valueLo : half ? 0 : valueHi;",
    why: "a store of 4 bytes leaves the others as they are",
  },
  {
    name: "the guest is told that its kernel runs in ring 3",
    file: "core/xen/results.ts",
    find: "errorCode: fault.errorCode & ~PF_U })",
    replace: "errorCode: fault.errorCode })",
    why: "a 64-bit kernel would take the fault for its user's",
  },
  {
    name: "update_va_mapping reaches Xen's addresses",
    file: UPDATE_VA,
    find: "if (domain.isXenAddress(hi, lo)) {",
    replace: "if (domain.isXenAddress(hi, lo) && flags < 0) {",
    why: "the guest would change Xen's own mappings",
  },
  {
    name: "update_va_mapping takes any table for an L1",
    file: UPDATE_VA,
    find: "if ((info & PGT_TYPE_MASK) === PGT_L1 && (info & PGT_COUNT_MASK) !== 0) {",
    replace: "if (mfn >= 0) {",
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
    find: "    writeM2pEntry(this, mfn, hi, lo);\n",
    replace: "",
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
