/**
 * An entry asked of Xen: turn over its bits, and see whether it is let through, and by which rule it is not.
 *
 * @module
 */

import { table } from "../../../chapters/shown/table.ts";
import { CPUS, MODES } from "../../../core/mmu/mod.ts";
import { buildDomain, describeRefusal, Hypervisor, XEN_RELEASES } from "../../../core/xen/mod.ts";
import type { MovingFigure, State } from "./control.ts";
import { one, wordOf } from "./control.ts";

const PAGES = 0x1000;
const p2m = (pfn: number) => 0x1000 + (pfn * 7919 + 3571) % PAGES;

/** What an entry can lead to: a frame of the machine. The builder's page tables of this domain are 0x513 to 0x518. */
const TARGETS: Readonly<Record<string, { readonly words: string; readonly mfn: number }>> = {
  ordinary: { words: "an ordinary page, pfn 0x800", mfn: p2m(0x800) },
  table: { words: "a page table, pfn 0x515", mfn: p2m(0x515) },
  root: { words: "the root, pfn 0x513", mfn: p2m(0x513) },
  xen: { words: "a frame of Xen's", mfn: 0x1 },
  nowhere: { words: "a frame that there is not", mfn: 0xfffff },
};

function draw(state: State): ReturnType<MovingFigure["draw"]> {
  const target = TARGETS[one(state, "target")];
  const release = Object.values(XEN_RELEASES).find(({ id }) => id === one(state, "release"));
  if (target === undefined || release === undefined) throw new RangeError("Expected a target and a release of Xen");
  const xen = new Hypervisor({
    release,
    cpu: CPUS.k8,
    mode: MODES.pae,
    guestPages: PAGES,
    machineFrames: 0x2000,
    p2m,
  });
  buildDomain(xen);
  xen.log.length = 0;
  const { mfn, words } = target;
  const hi = mfn >>> 20;
  const lo = ((mfn << 12) | wordOf(state, "flags")) >>> 0;
  const result = xen.updateVaMapping(0, 0xc0100000 | 0, hi, lo);
  const { refusal } = result;
  const lines = xen.log.map(({ text }) => text);
  return [
    table([{
      "asked for": `0x${lo.toString(16).padStart(8, "0")}, ${words}`,
      "update_va_mapping returns": result.rc,
      rule: refusal?.rule ?? "none broken",
    }], refusal === undefined ? "Xen lets it through." : describeRefusal(refusal)),
    ...(lines.length === 0 ? [] : [lines.join("\n")]),
  ];
}

/** The contract of chapter 6. */
export const CONTRACT: MovingFigure = {
  id: "contract",
  title: "Ask Xen for an entry: which bits, and which pages, does it refuse?",
  below: "06_xen_contract/template",
  controls: [
    {
      kind: "bits",
      name: "flags",
      label: "flags of the entry",
      width: 12,
      value: "063",
      names: { 0: "P", 1: "RW", 2: "US", 3: "PWT", 4: "PCD", 5: "A", 6: "D", 7: "PAT", 8: "G" },
    },
    {
      kind: "choice",
      name: "target",
      label: "it leads to",
      options: Object.fromEntries(Object.entries(TARGETS).map(([id, { words }]) => [id, words])),
      value: "table",
    },
    {
      kind: "choice",
      name: "release",
      label: "Xen",
      options: Object.fromEntries(Object.values(XEN_RELEASES).map(({ id }) => [id, id])),
      value: "3.1",
    },
  ],
  draw,
};
