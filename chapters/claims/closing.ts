/**
 * What the mail says of the idea that it ends with.
 *
 * @module
 */

import { findStrategy } from "../../core/strategies/mod.ts";
import { access, audit, boot, type Strategy } from "../../mod.ts";
import { recordedUnderXen } from "../recorded/mod.ts";
import { allRight, DECIDABLE, end, ends, run, WITHOUT_XEN, XENS } from "./cells.ts";
import type { Claim } from "./claim.ts";

const JEREMY = "Jeremy Fitzhardinge";

/** The filter that stays in force when `pagetable_init` is over. */
const FOREVER: Strategy = {
  ...findStrategy("filter-set-pte"),
  id: "forever",
  prepare: ({ ops }) => {
    const { pagetableSetupDone } = ops;
    ops.pagetableSetupDone = (base) => {
      const { setPte } = ops;
      pagetableSetupDone(base);
      ops.setPte = setPte;
    };
  },
};

/** Whether a page can be written again that was a table, once its table is unlinked. */
function givesBack(strategy: string | Strategy): boolean {
  const { kernel, machine } = boot({ platform: "xen-pae", strategy });
  kernel.clearPmd(kernel.va(0x1) + 4 * 8);
  kernel.setPte(kernel.lookupAddress(kernel.va(0x2)) ?? 0, 0x2, 0x063, false);
  return access(machine, kernel.va(0x2), "write").ok;
}

/** Writes in which what was stored is not what was asked for. */
function filtered(): readonly [filtered: number, leaves: number] {
  const { trace } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
  const leaves = [...trace].filter(({ op, asked }) => op === "set_pte" && (asked.lo & 1) !== 0);
  const changed = leaves.filter(({ asked, stored }) => asked.lo !== stored.lo);
  return [changed.length, audit(run("filter-set-pte", "xen-pae").machine).coverage.lowmemPages];
}

/** Claims 22 to 29, and one that nobody could make then. */
export const CLOSING_CLAIMS: readonly Claim[] = Object.freeze<Claim[]>([
  {
    id: "C22",
    who: JEREMY,
    claim: "Xen's set_pte of that time can refuse RW on an entry that is not writable already.",
    predicts: "Xen boots with such a rule, and every page is right.",
    experiment: "xen-pae with the rule by the letter (filter-literal) and as merged (filter-set-pte)",
    run: () => [end("filter-literal", "xen-pae"), end("filter-set-pte", "xen-pae")],
    says: ["notWritable 14336", "right"],
    because:
      "by the letter an absent entry is refused too, and most of memory stays read-only; the merged rule tests P as well",
    verdict: "shown for another reason",
    evidence: "verified",
    chapter: "11_filter_set_pte",
  },
  {
    id: "C23",
    who: JEREMY,
    claim: "That keeps page tables read-only.",
    predicts: "No page table is writable on any Xen; a real kernel under a real Xen sets each leaf as the rule says.",
    experiment: "writable page tables with filter-set-pte on four Xens; 2.6.32 under Xen 4.17 on record, leaf by leaf",
    run: async () => {
      const { comparison: { passed, failed } } = await recordedUnderXen("2.6.32-el6-xen-pv32-56M");
      const writable = XENS.map((platform) =>
        audit(run("filter-set-pte", platform).machine).permissionErrors.writablePageTable.pages
      );
      return [writable, passed, failed];
    },
    says: [[0, 0, 0, 0], 24_576, 0],
    because: "no table is writable, and 24,576 recorded stores of a real kernel are what the rule says",
    verdict: "shown",
    evidence: "verified",
    chapter: "11_filter_set_pte",
  },
  {
    id: "C24",
    who: JEREMY,
    claim: "When construction is over the ordinary set_pte takes its place.",
    predicts: "A page that is no table any more can be made writable; with a filter that stays it cannot.",
    experiment: "a table unlinked after the boot, with filter-set-pte and with a filter for ever",
    run: () => [givesBack("filter-set-pte"), givesBack(FOREVER)],
    says: [true, false],
    because: "the filter has to end, and does",
    verdict: "shown",
    evidence: "verified",
    chapter: "11_filter_set_pte",
  },
  {
    id: "C25",
    who: JEREMY,
    claim: "The price is an operation that is a little strange for a while.",
    predicts: "In few writes what is stored differs from what was asked for.",
    experiment: "leaves stored otherwise than asked, of pages mapped, on xen-pae",
    run: filtered,
    says: [9, 16_384],
    because: "nine leaves of 16,384",
    verdict: "shown",
    evidence: "verified",
    chapter: "11_filter_set_pte",
  },
  {
    id: "C26",
    who: JEREMY,
    claim: "What Xen demands becomes the business of Xen's code alone.",
    predicts: "Without Xen the boots are those of write-always. And nobody outside Xen's code can break it.",
    experiment: "entries written by write-always and filter-set-pte without Xen; filter-set-pte with another allocator",
    run: () => [
      WITHOUT_XEN.every((platform) =>
        run("write-always", platform).cost.entryWrites === run("filter-set-pte", platform).cost.entryWrites
      ),
      end("filter-set-pte", "xen-pae", { bootmem: "highest-first", earlyIoremap: true }),
    ],
    says: [true, "refused-by-xen"],
    because: "others pay nothing; but the rule leans on the allocator, so an allocator of later years breaks it",
    verdict: "refuted",
    evidence: "inferred",
    chapter: "13_what_came_after",
  },
  {
    id: "C27",
    who: JEREMY,
    claim: "The strangeness lasts only while pagetable_init runs.",
    predicts: "The strange one is not there before the hook of pagetable_init, and the plain one is there after it.",
    experiment: "the operation before pagetable_setup_start and after pagetable_setup_done, on xen-pae",
    run: () => {
      let before: unknown = "not asked";
      const prepare: Strategy["prepare"] = ({ ops }) => void (before = ops.setPte);
      boot({ platform: "xen-pae", strategy: { ...findStrategy("filter-set-pte"), prepare } });
      return [before === undefined, givesBack("filter-set-pte")];
    },
    says: [true, true],
    because: "before the hook there is no set_pte at all, after it the plain one",
    verdict: "shown",
    evidence: "verified",
    chapter: "05_paravirt_operations",
  },
  {
    id: "C28",
    who: JEREMY,
    claim:
      "In sum: the first does not work for Xen, the second is awkward, the third is research, the fourth has a bug.",
    predicts: "Of the four only the fourth has errors where it boots, and only the first does not boot under Xen.",
    experiment: "how the four end on xen-pae and on native-p6",
    run: () =>
      (["write-always", "ask-callback", "query-special", "keep-template"] as const)
        .map((strategy) => ends(strategy, ["xen-pae", "native-p6"])),
    says: [
      ["refused-by-xen", "right"],
      ["right", "right"],
      ["right", "right"],
      ["right", "userAccessible 3072, missingGlobal 3072, notLarge 3072"],
    ],
    because: "as far as tables can show it; awkward and research are judgements about code and time",
    verdict: "shown",
    evidence: "inferred",
    chapter: "12_verdict",
  },
  {
    id: "C29",
    who: JEREMY,
    claim: "The idea suits all the others. (The mail asks; the merge four days later says yes.)",
    predicts: "Every page is right on every machine on which a rule can be right.",
    experiment: "filter-set-pte on all platforms but xen-pae-nx, whose kernel loses NX whatever the rule",
    run: () => allRight("filter-set-pte", DECIDABLE),
    says: true,
    because: "in the model it does, on twelve machines; on the thirteenth no rule can be right",
    verdict: "shown",
    evidence: "inferred",
    chapter: "12_verdict",
  },
]);
