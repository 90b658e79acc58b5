/**
 * What the mail says of the patch of its subject line, and quotes against it.
 *
 * @module
 */

import { audit } from "../../mod.ts";
import { end, ends, NOT_PAE, run, XEN_2007 } from "./cells.ts";
import type { Claim } from "./claim.ts";

const JEREMY = "Jeremy Fitzhardinge";
const ERIC = "Eric Biederman, as quoted";

/** Claims 1 to 7. */
export const PATCH_CLAIMS: readonly Claim[] = Object.freeze<Claim[]>([
  {
    id: "C1",
    who: JEREMY,
    claim: "The patch turns directory entries that lead to small pages into large pages.",
    predicts: "Where the CPU has large pages, keep-template leaves small ones and the patch leaves none.",
    experiment:
      "4K pages of lowmem within large ones on native-pentium, native-p6 and vmi: keep-template, keep-template-pse-fix",
    run: () =>
      (["native-pentium", "native-p6", "vmi"] as const).map((platform) =>
        (["keep-template", "keep-template-pse-fix"] as const).map((strategy) =>
          audit(run(strategy, platform).machine).coverage.largePages
        )
      ),
    says: [[13_312, 16_384], [13_312, 16_384], [13_312, 16_384]],
    because: "three directory entries of head.S become large pages, on every machine that has them",
    verdict: "shown",
    evidence: "verified",
    chapter: "08_keep_template",
  },
  {
    id: "C2",
    who: JEREMY,
    claim: "The patch moves pmd_huge to where the set-up code can call it.",
    predicts: "Nothing that a machine could show.",
    experiment: "none: it is a move of source text",
    because: "the exact patch was not found, and a move of a function changes no page table",
    verdict: "cannot be decided here",
    evidence: "said in the mail",
    chapter: "08_keep_template",
  },
  {
    id: "C3",
    who: JEREMY,
    claim: "The patch is the least that mends the bug; Eric would like larger changes.",
    predicts: "It changes the cells with the bug and no other.",
    experiment: "platforms whose cell differs between keep-template and keep-template-pse-fix",
    run: () =>
      ([...NOT_PAE, "native-p6-pae", "native-k8-pae", "native-k8-pae-4k", "lguest", "vmi", ...XEN_2007] as const)
        .filter((platform) => end("keep-template", platform) !== end("keep-template-pse-fix", platform)),
    says: ["native-pentium", "native-p6", "vmi"],
    because: "three cells change, all of them those of the bug; what Eric would have liked is not testable",
    verdict: "shown",
    evidence: "inferred",
    chapter: "08_keep_template",
  },
  {
    id: "C4",
    who: ERIC,
    claim: "The queued patch breaks the early set-up of page tables.",
    predicts: "With keep-template a kernel on bare hardware gets worse tables than without.",
    experiment: "how keep-template and linux-2.6.21 end on native-486, native-pentium, native-p6",
    run: () => [ends("keep-template", NOT_PAE), ends("linux-2.6.21", NOT_PAE)],
    says: [
      [
        "userAccessible 3072",
        "userAccessible 3072, notLarge 3072",
        "userAccessible 3072, missingGlobal 3072, notLarge 3072",
      ],
      ["right", "right", "right"],
    ],
    because: "it inherits head.S: user bit, small pages, no G; which of these Eric meant is not known",
    verdict: "shown",
    evidence: "inferred",
    chapter: "08_keep_template",
  },
  {
    id: "C5",
    who: ERIC,
    claim: "With the fix the tables are still wrong in part.",
    predicts: "Some machine has errors with keep-template-pse-fix that write-always has not.",
    experiment: "native-486 with keep-template-pse-fix and with write-always",
    run: () => [end("keep-template-pse-fix", "native-486"), end("write-always", "native-486")],
    says: ["userAccessible 3072", "right"],
    because: "a CPU without large pages gets nothing from the patch: 12 MiB stay open to user mode",
    verdict: "shown",
    evidence: "inferred",
    chapter: "08_keep_template",
  },
  {
    id: "C6",
    who: ERIC,
    claim: "NX may be missing where it belongs on 4K pages.",
    predicts: "Where a template in the kernel's format is kept, data in it can be executed.",
    experiment: "executable data with keep-template and filter-set-pte on xen-pae-nx-2008, then on xen-pae-nx",
    run: () => [
      ends("keep-template", ["xen-pae-nx-2008", "xen-pae-nx"]),
      ends("filter-set-pte", ["xen-pae-nx-2008", "xen-pae-nx"]),
    ],
    says: [["executableData 895", "executableData 15231"], ["right", "executableData 15231"]],
    because: "so it is with the make_pte of 2008; that of 2007 lost NX on every page, whatever the rule",
    verdict: "shown",
    evidence: "verified",
    chapter: "08_keep_template",
  },
  {
    id: "C7",
    who: ERIC,
    claim: "Whoever has the patch queued should drop it until it no longer breaks the set-up.",
    predicts: "What was merged is another rule, which does not have these errors.",
    experiment: "filter-set-pte, as merged four days later, on the machines of C4 and C5",
    run: () => ends("filter-set-pte", NOT_PAE),
    says: ["right", "right", "right"],
    because: "what should have been done is a matter of judgement; that the merged rule is free of the errors is shown",
    verdict: "cannot be decided here",
    evidence: "said in the mail",
    chapter: "12_verdict",
  },
]);
