/**
 * Planted bugs: the kernel's side of Xen.
 *
 * @module
 */
import { bugsIn, type Mutant } from "./mutant.ts";

/** Xen: the bus, the operations, the pinned tables. */
export const XEN_SIDE_MUTANTS: readonly Mutant[] = [
  ...bugsIn("core/paravirt/xen_bus.ts", [
    [
      "XenBus.storeEntry",
      'wide && order !== "lo,hi"',
      "wide",
      "a cleared entry loses its high word first, and then again",
      "trap T11: each half is validated by itself",
    ],
    // No bug: XenBus.probe as ring 0. A 64-bit Xen opens every entry of its guest to user mode, in which the guest's kernel runs.
    [
      "XenBus.#crash",
      "this.#xen.crash(fault.errorCode);",
      "",
      "Xen does not know that its guest has crashed",
      "the log says it",
    ],
    [
      "XenBus.#crash",
      "if (refusal === undefined)",
      "if (refusal !== undefined)",
      "a refusal is a page fault, and the other way round",
      "what ends a boot is told apart",
    ],
  ]),
  ...bugsIn("core/paravirt/xen.ts", [
    [
      "xenOps",
      "ops.setPte = options.initSetPte?.(plain) ?? plain;",
      "ops.setPte = plain;",
      "the filter is never installed",
      "the closing idea of the mail",
    ],
    [
      "xenOps",
      "ops.setPte = plain;",
      "",
      "the filter stays after pagetable_init",
      "trap T22: the real set_pte comes back",
    ],
    [
      "xenOps",
      "makePteKeepsNx: options.makePteKeepsNx",
      "makePteKeepsNx: true",
      "make_pte of 2007 keeps NX",
      "trap T27",
    ],
    [
      "xenOps",
      "tablesMayBeWritable: false",
      "tablesMayBeWritable: true",
      "a table is shown writable",
      "Xen refuses that",
    ],
    [
      "xenOps",
      "tables.has(pfn) ? flags & ~RW : flags",
      "flags",
      "the callback answers as you like",
      "it must know the tables",
    ],
    [
      "setupStart",
      "if (mode.rootInRegisters) copyDirectories(kernel, ops, base, protect);",
      "",
      "PAE's L2 is shared between two roots",
      "trap T5: Xen does not allow it",
    ],
    [
      "setupStart",
      "protect(image.emptyZeroPage);",
      "",
      "the zero page is not made read-only",
      "trap T15: it is used as a table",
    ],
    [
      "setupStart",
      "protect(image.swapperPgDir);",
      "",
      "the root is not made read-only before it is used",
      "Xen refuses it",
    ],
    [
      "setupStart",
      "ops.writeCr3(image.swapperPgDir);",
      "",
      "the new root is not loaded",
      "the kernel goes on with the builder's",
    ],
    ["copyDirectories", "if ((lo & P) === 0) continue;", "", "an empty slot is copied", "from page 0"],
    ["copyDirectories", "protect(pfn);", "", "a copied directory is linked while it is writable", "Xen refuses it"],
    ["KnownTables.add", "this.#pages.add(pfn);", "", "the callback's list stays empty", "the list is what wins"],
    [
      "KnownTables.add",
      'this.special.add({ first: pfn, end: pfn + 1, property: "read-only" });',
      "",
      "the registry's list stays empty",
      "query-special asks it",
    ],
    [
      "KnownTables.remove",
      "this.#pages.delete(pfn);",
      "",
      "a released page is a table for ever",
      "it can never be writable again",
    ],
    [
      "KnownTables.remove",
      'this.special.remove(pfn, "read-only");',
      "",
      "a released page is special for ever",
      "the registry asks for it to stay read-only",
    ],
    [
      "KnownTables.constructor",
      "pfn < ptBase + nrPtFrames",
      "pfn < ptBase + nrPtFrames - 1",
      "the builder's last table is unknown",
      "off by one",
    ],
    [
      "setWritable",
      "entry === undefined && !kernel.earlyIoremap",
      "entry === undefined",
      "early_ioremap does not help the hook",
      "it skips what is not mapped",
    ],
    ["setWritable", "(bus.load(entry) & P) === 0", "false", "an absent leaf is made present", "it stays as it is"],
    [
      "setWritable",
      "writable ? bus.load(entry) | RW : bus.load(entry) & ~RW",
      "bus.load(entry) & ~RW",
      "a released page stays read-only",
      "make_lowmem_page_readwrite gives RW back",
    ],
    [
      "pinBase",
      "kernel.bus.hi === 0 ? MMUEXT.PIN_L3_TABLE : MMUEXT.PIN_L4_TABLE",
      "MMUEXT.PIN_L3_TABLE",
      "a 64-bit root is pinned as an L3",
      "Xen refuses that",
    ],
    [
      "usePageStructures",
      "if (!pages.isPinned(pfn)) return;",
      "return;",
      "a pinned table that is released stays read-only",
      "its page is lost",
    ],
    [
      "usePageStructures",
      "if (!pages.isPinned(kernel.pfnOf(kernel.initMmPgd))) return;",
      "",
      "a table of an unpinned root is protected",
      "only pinned ones need it",
    ],
    [
      "mapSharedInfo",
      "lowWord(start.sharedInfoMfn, PAGE_KERNEL)",
      "lowWord(ops.toMachine(start.sharedInfoMfn), PAGE_KERNEL)",
      "shared_info's frame is taken for a pfn",
      "trap T32: it has none",
    ],
  ]),
  ...bugsIn("core/paravirt/pinned_tables.ts", [
    // No bug: private slots are walked. Xen's frames have no pfn, and its linear slots lead to tables that are known already.
    ["tablesIn", "yield pfn;", "", "no table is found", "mem_map then knows of none"],
  ]),
];
