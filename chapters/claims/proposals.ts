/**
 * What the mail says of the first three proposals.
 *
 * @module
 */

import { tablesOf, tableUses } from "../../core/tables/mod.ts";
import { SpecialPages } from "../../core/paravirt/mod.ts";
import { RW } from "../../core/mmu/mod.ts";
import { Hypervisor, type HypervisorOptions } from "../../core/xen/mod.ts";
import { findStrategy } from "../../core/strategies/mod.ts";
import { MemMap, memMapPages } from "../../core/kernel/mod.ts";
import { boot, type Strategy } from "../../mod.ts";
import { allRight, DECIDABLE, end, ends, run, WITHOUT_XEN, XENS } from "./cells.ts";
import type { Claim } from "./claim.ts";

const JEREMY = "Jeremy Fitzhardinge";

/** A callback that walks the guest's tables for each question; the pinned root of the builder and the zero page are added. */
function searching(): readonly [boots: boolean, questions: number, tables: number] {
  let xen: Hypervisor | undefined;
  let [questions, tables] = [0, 0];
  const isTable = (pfn: number): boolean => {
    questions++;
    if (xen === undefined || pfn === 0x481) return pfn === 0x481;
    const { machine, domain } = xen;
    const found = [...tableUses(tablesOf(machine))].some(({ frame }) => {
      tables++;
      return frame === domain.p2m[pfn];
    });
    return found || (pfn >= 0x513 && pfn <= 0x518);
  };
  const strategy: Strategy = {
    ...findStrategy("ask-callback"),
    prepare: ({ ops }) => (ops.pagePermissions = (pfn, flags) => isTable(pfn) ? flags & ~RW : flags),
  };
  const hypervisor = (options: HypervisorOptions) => (xen = new Hypervisor(options));
  const { outcome } = boot({ platform: "xen-pae", strategy, hypervisor, memory: "64M", trace: false });
  return [outcome.ok, questions, tables];
}

/** How often the back-end said that a page is ordinary which was a table in the end. */
function askedTooEarly(): number {
  const said = new Map<number, boolean>();
  const strategy: Strategy = {
    ...findStrategy("query-special"),
    prepare: ({ ops }) => {
      const { pagePermissions } = ops;
      for (let pfn = 0; pfn < 0x4000; pfn++) said.set(pfn, (pagePermissions(pfn, RW) & RW) === 0);
    },
    mapPage: (kernel, entry, pfn, flags, nx) => {
      const special = kernel.ops.specialPages.at(pfn);
      said.set(pfn, special.includes("read-only"));
      kernel.setPte(entry, pfn, kernel.ops.specialPages.apply(special, flags), nx);
    },
  };
  const { machine } = boot({ platform: "xen-pae", strategy, memory: "64M" });
  return [...machine.guest.readOnly].filter((pfn) => said.get(pfn) === false).length;
}

/** Claims 8 to 17. */
export const PROPOSAL_CLAIMS: readonly Claim[] = Object.freeze<Claim[]>([
  {
    id: "C8",
    who: JEREMY,
    claim: "Writing every entry works in general.",
    predicts: "Every page is right on every machine without Xen.",
    experiment: "write-always on the platforms without Xen",
    run: () => allRight("write-always", WITHOUT_XEN),
    says: true,
    because: "six bare machines, lguest and VMI",
    verdict: "shown",
    evidence: "verified",
    chapter: "07_write_always",
  },
  {
    id: "C9",
    who: JEREMY,
    claim: "Under Xen it maps page tables writable.",
    predicts: "Xen refuses a leaf, because its frame is a page table.",
    experiment: "write-always on four Xens: the rule that refuses",
    run: () =>
      XENS.map((platform) => {
        const { outcome } = run("write-always", platform);
        return outcome.ok || outcome.stop.kind !== "refused-by-xen" ? "no refusal" : outcome.stop.refusal.rule;
      }),
    says: ["type-conflict", "type-conflict", "type-conflict", "type-conflict"],
    because: "the frame is of a table's type; a real Xen 4.17 refuses the same write",
    verdict: "shown",
    evidence: "verified",
    chapter: "07_write_always",
  },
  {
    id: "C10",
    who: JEREMY,
    claim: "A callback that is asked at boot only can be made to work.",
    predicts: "Every page is right on every machine.",
    experiment: "ask-callback on all platforms on which a rule can be right",
    run: () => allRight("ask-callback", DECIDABLE),
    says: true,
    because: "with the alloc hook as its other half, which the mail does not mention",
    verdict: "shown",
    evidence: "inferred",
    chapter: "09_ask_callback",
  },
  {
    id: "C11",
    who: JEREMY,
    claim: "It costs one more operation, and Andi Kleen would not be happy.",
    predicts: "The operation is asked once for each page that is mapped.",
    experiment: "questions of a boot with ask-callback on native-486 and on native-p6",
    run: () => (["native-486", "native-p6"] as const).map(questions),
    says: [16_384, 16],
    because: "the operation and its price can be counted; whether somebody likes it cannot",
    verdict: "cannot be decided here",
    evidence: "said in the mail",
    chapter: "09_ask_callback",
  },
  {
    id: "C12",
    who: JEREMY,
    claim: "No efficient way is known to tell whether a page is part of a page table.",
    predicts: "A search can answer, and costs far more than a list.",
    experiment: "a callback that walks the tables for each question: whether it boots, questions, tables looked at",
    run: searching,
    says: [true, 16_384, 322_532],
    because: "it boots, and looks at twenty tables for each question; the answer can be had, not cheaply",
    verdict: "shown",
    evidence: "inferred",
    chapter: "09_ask_callback",
  },
  {
    id: "C13",
    who: JEREMY,
    claim: "A general query has the same difficulty.",
    predicts: "The registry too calls pages ordinary that will be tables.",
    experiment: "pages that the registry called ordinary and that were read-only in the end, on xen-pae",
    run: askedTooEarly,
    says: 30,
    because: "30 of 39 answers come too early; the hook repairs them. That is boot time: run time is not modelled",
    verdict: "shown",
    evidence: "inferred",
    chapter: "10_query_special",
  },
  {
    id: "C14",
    who: JEREMY,
    claim: "A page could have any combination of such properties.",
    predicts: "A page in two ranges has both properties.",
    experiment: "the flags of a page that is read-only and uncached, made from 0x063",
    run: () => {
      const special = new SpecialPages();
      special.add({ first: 0, end: 8, property: "uncached" });
      special.add({ first: 4, end: 12, property: "read-only" });
      return special.apply(special.at(5), 0x063);
    },
    says: 0x079,
    because: "RW is gone, PCD and PWT are there",
    verdict: "shown",
    evidence: "inferred",
    chapter: "10_query_special",
  },
  {
    id: "C15",
    who: JEREMY,
    claim: "Natively such properties are those of PAT, under Xen read-only pages.",
    predicts: "One registry gives write-combining by the PAT bit on bare hardware, and read-only tables under Xen.",
    experiment: "the flags of a write-combining page with PAT; query-special on four Xens",
    run: () => [new SpecialPages(true).apply(["write-combining"], 0x063), ...ends("query-special", XENS)],
    says: [0x0e3, "right", "right", "right", "right"],
    because: "bit 7 of a 4K leaf chooses entry 4 of the PAT; under Xen the tables are read-only",
    verdict: "shown",
    evidence: "inferred",
    chapter: "10_query_special",
  },
  {
    id: "C16",
    who: JEREMY,
    claim: "Either could keep its state in the page structure.",
    predicts: "With page structures that are there and filled in, the kernel boots under Xen.",
    experiment: "stash-in-struct-page on xen-pae with mem_map made beforehand, all known tables marked",
    run: () => {
      const strategy: Strategy = {
        ...findStrategy("stash-in-struct-page"),
        prepare: (kernel) => {
          const { bootmem, layout, maxPfnMapped, ops: { templateTables: { first, end } } } = kernel;
          const room = bootmem.takeRunBelow(memMapPages(layout.maxLowPfn), maxPfnMapped) ?? 0;
          const memMap = new MemMap(kernel.bus, kernel.va(room), layout.maxLowPfn);
          for (let pfn = first; pfn < end; pfn++) memMap.setPinned(pfn, true);
          for (const pfn of [0x1, 0x480, 0x481]) memMap.setPinned(pfn, true);
          kernel.memMap = memMap;
        },
      };
      return boot({ platform: "xen-pae", strategy, memory: "64M", trace: false }).outcome.ok;
    },
    says: true,
    because: "if they were there and somebody had marked each table",
    verdict: "shown",
    evidence: "inferred",
    chapter: "10_query_special",
  },
  {
    id: "C17",
    who: JEREMY,
    claim: "There is no page structure to look into while pagetable_init runs.",
    predicts:
      "A rule that looks there stops on every machine before it has mapped a page; when the boot is over, it finds every table.",
    experiment: "stash-in-struct-page on all platforms; the tables of xen-pae that PG_pinned marks after the boot",
    run: () => [
      DECIDABLE.every((platform) => end("stash-in-struct-page", platform) === "no-page-structure"),
      ...pinnedAfterBoot(),
    ],
    says: [true, 36, 36],
    because: "mem_map is allocated after paging_init; Xen's own code marks its tables only then",
    verdict: "shown",
    evidence: "verified",
    chapter: "10_query_special",
  },
]);

/** Tables of a finished guest of Xen, and those of them that are marked in the page structures. */
function pinnedAfterBoot(): readonly [tables: number, marked: number] {
  const { machine, kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M", trace: false });
  const pages = [...tableUses(tablesOf(machine))].map(({ frame }) => kernel.ops.toPfn(frame)).filter((pfn) => pfn >= 0);
  const tables = new Set(pages.filter((pfn) => pfn !== kernel.image.emptyZeroPage));
  return [tables.size, [...tables].filter((pfn) => kernel.memMap?.isPinned(pfn)).length];
}

/** Questions of a boot with the callback. */
function questions(platform: "native-486" | "native-p6"): number {
  let asked = 0;
  const strategy: Strategy = {
    ...findStrategy("ask-callback"),
    prepare: ({ ops }) => {
      ops.pagePermissions = (_pfn, flags) => {
        asked++;
        return flags;
      };
    },
  };
  boot({ platform, strategy, memory: "64M", trace: false });
  return asked;
}
