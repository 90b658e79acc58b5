/**
 * Planted bugs on the guest's side: the domain builder, the back-end, the strategies.
 *
 * @module
 */
import type { Mutant } from "./mutant.ts";

const BUILDER = "core/xen/domain_builder.ts";
const BACK_END = "core/paravirt/xen.ts";
const TABLES = "core/kernel/tables.ts";
const FILTER = "core/strategies/filter_set_pte.ts";

/** What the kernel wakes up on, and how it goes about its tables. */
export const GUEST_MUTANTS: readonly Mutant[] = [
  {
    name: "alloc hook after link",
    file: TABLES,
    find:
      "announced(kernel, pmd, (pfn) => kernel.ops.allocPt(pfn));\n  kernel.setPmd(entry.address, entry.pfn, PAGE_TABLE, false);",
    replace:
      "announced(kernel, pmd, () => {});\n  kernel.setPmd(entry.address, entry.pfn, PAGE_TABLE, false);\n  kernel.ops.allocPt(entry.pfn);",
    why: "the table is still mapped writable when it is linked (trap T6)",
  },
  {
    name: "alloc hook does nothing",
    file: BACK_END,
    find: "    allocPt: protect,",
    replace: "    allocPt: () => {},",
    why: "Xen refuses the first new table",
  },
  {
    name: "filter that keeps the old entry",
    file: FILTER,
    find: "(old & P) !== 0 && (old & RW) === 0 ? lo & ~RW : lo;",
    replace: "(old & P) !== 0 && (old & RW) === 0 ? old : lo;",
    why: "the filter takes RW away and lets everything else through (trap T2)",
  },
  {
    name: "filter that restrains absent entries",
    file: FILTER,
    find: "(old & P) !== 0 && (old & RW) === 0 ? lo & ~RW : lo;",
    replace: "(old & RW) === 0 ? lo & ~RW : lo;",
    why: "no new page would be writable (trap T1)",
  },
  {
    name: "filter that adds RW",
    file: FILTER,
    find: "(old & P) !== 0 && (old & RW) === 0 ? lo & ~RW : lo;",
    replace: "(old & P) === 0 ? lo : (lo & ~RW) | (old & RW);",
    why: "it may take RW away, too (trap T2)",
  },
  {
    name: "filter for ever",
    file: BACK_END,
    find: "    pagetableSetupDone: (base) => {\n      ops.setPte = plain;",
    replace: "    pagetableSetupDone: (base) => {",
    why: "no page could be given RW again (trap T22)",
  },
  {
    name: "set_pte there before it is installed",
    file: BACK_END,
    find: `    setPte: undefined,
    pteClear:`,
    replace: `    setPte: plain,
    pteClear:`,
    why: "2.6.21 died of it",
  },
  {
    name: "the L2 of slot 3 not copied",
    file: BACK_END,
    find: "  if (mode.rootInRegisters) copyDirectories(kernel, ops, base, protect);",
    replace: "",
    why: "Xen does not let two roots share it (trap T5)",
  },
  {
    name: "the new root stays writable",
    file: BACK_END,
    find: "  protect(image.swapperPgDir);\n",
    replace: "",
    why: "Xen does not take it as a root then",
  },
  {
    name: "the new root is not pinned",
    file: BACK_END,
    find: "      pinBase(xen, kernel, base);\n",
    replace: "",
    why: "its tables lose their type at the first change of CR3",
  },
  {
    name: "pfn taken for mfn",
    file: BACK_END,
    find: "    toMachine: (pfn) => xen.domain.p2m[pfn] ?? 0,",
    replace: "    toMachine: (pfn) => pfn,",
    why: "an entry holds machine frames (trap T32)",
  },
  {
    name: "low half of a PAE entry first",
    file: "core/paravirt/xen_bus.ts",
    find: `order: StoreOrder = "hi,lo"): void {
    checkStore`,
    replace: `order: StoreOrder = "lo,hi"): void {
    checkStore`,
    why: "the entry between the two stores must be valid (trap T11)",
  },
  {
    name: "tables of the template mapped writable",
    file: BUILDER,
    find: "return isTable ? flags & ~RW : flags;",
    replace: "return flags;",
    why: "Xen would not pin its root",
  },
  {
    name: "the template's root not pinned",
    file: BUILDER,
    find: `  const refusal = mmuextOp(domain, MMUEXT.PIN_L1_TABLE + domain.levels.length - 1, cr3Mfn, 0, 0) ??
    mmuextOp(`,
    replace: "  const refusal = mmuextOp(",
    why: "it keeps its type when another is loaded (trap T13)",
  },
];
