/**
 * Planted bugs: VMI and lguest, host and back-end.
 *
 * @module
 */
import { bugsIn, type Mutant, type MutantTable } from "./mutant.ts";
import { BOOT_SUITES } from "./suites.ts";

const VMI: readonly Mutant[] = [
  ...bugsIn("core/paravirt/vmi.ts", [
    [
      "vmiOps",
      "allocPd: (pfn: number) => host.allocatePage(pfn, 2)",
      "allocPd: (pfn: number) => host.allocatePage(pfn, 1)",
      "a directory is announced as a page table",
      "its entries are then refused",
    ],
    [
      "vmiOps",
      "setPmd: call(2)",
      "setPmd: call(1)",
      "a directory's entry is set as a page table's",
      "the host kills the guest",
    ],
    [
      "vmiOps",
      "if (!host.setPxE(pfn, level))",
      "if (false)",
      "a table that was never announced is written",
      "this is what VMI stands for in the debate",
    ],
  ]),
  ...bugsIn("core/hosts/vmi.ts", [
    [
      "VmiHost.allocatePage",
      "(pde & (P | PS)) === P",
      "(pde & P) === P",
      "a large page is taken for a page table",
      "PS tells them apart",
    ],
    [
      "VmiHost.allocatePage",
      "if (level === 1) return;",
      "return;",
      "the tables of head.S are unknown",
      "they are linked when the directory is announced",
    ],
    ["VmiHost.setPxE", "this.hypercalls++;", "", "setting an entry costs nothing", "each is a call"],
    ["VmiHost.allocatePage", "this.hypercalls++;", "", "announcing costs nothing", "each is a call"],
  ]),
];

const LGUEST: readonly Mutant[] = [
  ...bugsIn("core/paravirt/lguest.ts", [
    ["LguestBus.store", "WRITE", "READ", "a store to a read-only page goes through", "the guest's own rights count"],
    [
      "lguestOps",
      "if (host.ownTables) host.flushTlb();",
      "",
      "a new leaf is not heard of",
      "the shadow keeps the old one",
    ],
    [
      "lguestOps",
      "host.setPmd((entry & 0xfff) >>> 2);",
      "",
      "a new page table is not heard of",
      "the shadow keeps the old one",
    ],
    ["lguestOps", "setInCr4: () => {},", "", "the guest writes CR4 itself", "that is the host's"],
    ["lguestOps", "flushTlbAll: () => host.flushTlb(),", "", "a flush does not reach the host", "shadows live on"],
    [
      "LguestBus.#frame",
      "if (killed !== undefined)",
      "if (false)",
      "a guest that was killed takes a page fault",
      "the host ended it for another reason",
    ],
  ]),
  ...bugsIn("core/hosts/lguest.ts", [
    [
      "LguestHost.constructor",
      "this.guestRoot = guestPages - tables - 1;",
      "this.guestRoot = guestPages - tables - 2;",
      "the launcher's root lies a page lower",
      "it is the page before its tables",
    ],
    [
      "LguestHost.constructor",
      "machine.writeCr0(0x8005_0033);",
      "machine.writeCr0(0x8004_0033);",
      "CR0.WP is off under lguest",
      "then no page is read-only",
    ],
    [
      "LguestHost.newPageTable",
      "this.#dropShadow();",
      "",
      "a new root keeps the old shadow",
      "the guest runs on its old tables",
    ],
    [
      "LguestHost.newPageTable",
      "this.ownTables = true;",
      "",
      "the guest's own tables are not known as such",
      "later leaves are not flushed",
    ],
    [
      "LguestHost.setPmd",
      "this.#machine.memory.write(this.#guestPages, index, 0);",
      "",
      "the shadow keeps a page table that was replaced",
      "its leaves are stale",
    ],
    [
      "LguestHost.#demandPage",
      "(write && (pte & RW) === 0)",
      "false",
      "a read-only leaf is shadowed for writing",
      "the guest's rights count",
    ],
    [
      "LguestHost.#demandPage",
      "(errorCode & PF_U) !== 0 && (pte & pde & US) === 0",
      "false",
      "user mode reaches the kernel",
      "US of both entries counts",
    ],
    [
      "LguestHost.#demandPage",
      "(pde & 0xfff & ~PDE_ALLOWED) !== 0",
      "false",
      "a bad directory entry is let through",
      "lguest kills for it",
    ],
    [
      "LguestHost.#demandPage",
      "frameOf(0, pte) >= this.#guestPages",
      "false",
      "a guest maps the host's memory",
      "the limit of the guest",
    ],
    [
      "LguestHost.#demandPage",
      "pte | A | (write ? D : 0)",
      "pte | A",
      "a written page stays clean",
      "the guest's D bit is the host's to set",
    ],
    [
      "LguestHost.#demandPage",
      "write || (pte & D) !== 0 ? pte & RW : 0",
      "pte & RW",
      "a clean page is writable in the shadow",
      "the first write then sets no D",
    ],
    // No bug: a shadow leaf that is global. The host flushes global translations too, whenever it flushes.
    ["LguestHost.#dropShadow", "this.#machine.tlb.flush(false);", "", "translations outlive the shadow", "stale pages"],
    [
      "LguestHost.#dropShadow",
      "this.#nextShadow = this.#guestPages + 1;",
      "",
      "the shadow's pages are never used again",
      "the host runs out of memory",
    ],
    ["LguestHost.flushTlb", "this.hypercalls++;", "", "a flush costs nothing", "each is a call"],
  ]),
];

/** The table of `core/hosts`, with the back-ends that call them. */
export const HOSTS_MUTANTS: MutantTable = { id: "hosts", suites: BOOT_SUITES, mutants: [...VMI, ...LGUEST] };
