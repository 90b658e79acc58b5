/**
 * What the mail says of the fourth proposal, which keeps the template.
 *
 * @module
 */

import { NX, RW } from "../../core/mmu/mod.ts";
import { Hypervisor, type HypervisorOptions } from "../../core/xen/mod.ts";
import { findStrategy } from "../../core/strategies/mod.ts";
import { audit, boot, explain, type Strategy } from "../../mod.ts";
import { ends, NOT_PAE, run } from "./cells.ts";
import type { Claim } from "./claim.ts";

const JEREMY = "Jeremy Fitzhardinge";

/** What Xen answers when leaves that keep-template left alone are changed after the boot: NX for data, NX for a table, RW for a table. */
function updates(): number[] {
  let xen: Hypervisor | undefined;
  const hypervisor = (options: HypervisorOptions) => (xen = new Hypervisor(options));
  const { machine } = boot({ platform: "xen-pae-nx-2008", strategy: "keep-template", hypervisor, memory: "64M" });
  const ask = (address: number, more: number): number => {
    const lo = explain(machine, address).steps.at(-1)?.lo ?? 0;
    return xen?.updateVaMapping(0, address | 0, NX, lo | more).rc ?? 0;
  };
  return [ask(0xc060_0000, 0), ask(0xc051_5000, 0), ask(0xc051_5000, RW)];
}

/** How often the common code looks at an entry before it writes one, in a boot on a 486. */
function looks(id: "write-always" | "keep-template"): number {
  let looked = 0;
  const { mapPage, ...rest } = findStrategy(id);
  const strategy: Strategy = {
    ...rest,
    mapPage: (kernel, entry, pfn, flags, nx) => {
      const watched = Object.create(kernel, {
        present: { value: (at: number) => (looked++, kernel.present(at)) },
        setPte: { value: kernel.setPte.bind(kernel) },
      });
      mapPage(watched, entry, pfn, flags, nx);
    },
  };
  boot({ platform: "native-486", strategy, memory: "64M", trace: false });
  return looked;
}

/** Claims 18 to 21. */
export const TEMPLATE_CLAIMS: readonly Claim[] = Object.freeze<Claim[]>([
  {
    id: "C18",
    who: JEREMY,
    claim: "Keeping what the template maps works for Xen.",
    predicts: "The kernel boots on every Xen, and no page table is writable.",
    experiment: "keep-template on the Xens of 2007 and on Xen 4.17: boots, writable page tables",
    run: () =>
      (["xen-2level", "xen-pae", "xen-pae-nx", "xen-4level"] as const).map((platform) => {
        const { outcome, machine } = run("keep-template", platform);
        return [outcome.ok, audit(machine).permissionErrors.writablePageTable.pages];
      }),
    says: [[true, 0], [true, 0], [true, 0], [true, 0]],
    because: "a real Xen 4.17 allows every operation of it",
    verdict: "shown",
    evidence: "verified",
    chapter: "08_keep_template",
  },
  {
    id: "C19",
    who: JEREMY,
    claim: "It keeps kernels without PAE on bare hardware from mapping themselves by large pages.",
    predicts: "Small pages on the Pentium and the Pentium III, none on machines with PAE.",
    experiment: "keep-template on native-486, native-pentium, native-p6, native-p6-pae, native-k8-pae",
    run: () => ends("keep-template", [...NOT_PAE, "native-p6-pae", "native-k8-pae"]),
    says: [
      "userAccessible 3072",
      "userAccessible 3072, notLarge 3072",
      "userAccessible 3072, missingGlobal 3072, notLarge 3072",
      "right",
      "right",
    ],
    because: "3,072 pages stay small; with PAE the set-up hook empties the root, so nothing is kept",
    verdict: "shown",
    evidence: "verified",
    chapter: "08_keep_template",
  },
  {
    id: "C20",
    who: JEREMY,
    claim: "It blocks updates of permissions to which Xen has no objection.",
    predicts: "Xen lets a leaf that was kept be updated, but for RW on a table.",
    experiment: "update_va_mapping after the boot: NX for data, NX for a table, RW for a table",
    run: updates,
    says: [0, 0, -22],
    because: "Xen grants the first two and refuses the third",
    verdict: "shown",
    evidence: "verified",
    chapter: "08_keep_template",
  },
  {
    id: "C21",
    who: JEREMY,
    claim: "It adds clutter to mm/init.c.",
    predicts: "The common code looks before each leaf, on machines that have no use for it too.",
    experiment: "entries looked at before they are written, native-486: write-always, keep-template",
    run: () => [looks("write-always"), looks("keep-template")],
    says: [0, 16_384],
    because: "a condition for each leaf can be counted; whether it is ugly is a matter of taste",
    verdict: "shown",
    evidence: "inferred",
    chapter: "12_verdict",
  },
]);
