import { KERNEL_RELEASES } from "../kernel/mod.ts";
import { PS } from "../mmu/mod.ts";
import { keepTemplate } from "./keep_template.ts";
import type { Strategy, StrategyId } from "./strategy.ts";

/**
 * Proposal 4 with the patch of the subject line: a directory entry that is present but does not map a large page becomes one that does.
 *
 * This repairs kernels that see PSE. Without PSE, head.S's leaves remain.
 *
 * Source: the mail of 28 April 2007 ("fix PSE pagetable construction"); `pmd_huge` is its test. The exact patch was not found.
 */
export const keepTemplatePseFix: Strategy<StrategyId> = Object.freeze<Strategy<StrategyId>>({
  ...keepTemplate,
  id: "keep-template-pse-fix",
  does: "the same, but a present small-page pmd becomes a large one",
  who: "Jeremy Fitzhardinge, the patch of the subject line",
  release: KERNEL_RELEASES["2.6.22"],
  mapLargePage: (kernel, entry, pfn, flags, nx) => {
    const huge = kernel.present(entry) && (kernel.bus.load(entry) & PS) !== 0;
    if (!huge) kernel.setPmd(entry, pfn, flags, nx);
  },
});
