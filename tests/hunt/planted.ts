/**
 * Strategies with a bug each, as people make them.
 *
 * @module
 */

import { Bootmem, type Kernel } from "../../core/kernel/mod.ts";
import { G, P, RW, US } from "../../core/mmu/mod.ts";
import { findStrategy } from "../../core/strategies/mod.ts";
import type { Strategy } from "../../mod.ts";

const merged = findStrategy("filter-set-pte");

function planted(id: string, changes: Partial<Strategy>): Strategy {
  return { ...merged, id, does: "a planted bug", who: "-", ...changes };
}

/** Pages that head.S may have used for its tables on the machines that are searched. */
const BOOT_TABLES = 16;

/** A bootmem that frees all pages up to the end of lowmem, as if the memory map had no holes. */
function withoutHoles({ bus, layout, ops }: Kernel): Bootmem {
  const usable = [{ first: 0, end: layout.maxLowPfn }];
  const end = Math.max(layout.kernelEnd / 4096 + BOOT_TABLES, ops.templateTables.end);
  return new Bootmem(bus, { ...layout, usable }, end, "lowest-first");
}

/** Eleven strategies, and the property that each breaks. */
export const PLANTED: readonly (readonly [strategy: Strategy, property: string])[] = [
  [
    planted("user-bit", {
      mapPage: (kernel, entry, pfn, flags, nx) => kernel.setPte(entry, pfn, flags | US, nx),
      mapLargePage: (kernel, entry, pfn, flags, nx) => kernel.setPmd(entry, pfn, flags | US, nx),
    }),
    "no-user-access",
  ],
  [
    planted("forgets-nx", { mapPage: (kernel, entry, pfn, flags) => kernel.setPte(entry, pfn, flags, false) }),
    "no-executable-data",
  ],
  [
    planted("always-nx", {
      mapPage: (kernel, entry, pfn, flags) => kernel.setPte(entry, pfn, flags, kernel.features.nx),
    }),
    "boots",
  ],
  [
    planted("no-global-in-small-pages", {
      mapPage: (kernel, entry, pfn, flags, nx) => kernel.setPte(entry, pfn, flags & ~G, nx),
    }),
    "all-global",
  ],
  [
    planted("last-page-read-only", {
      mapPage: (kernel, entry, pfn, flags, nx) =>
        kernel.setPte(entry, pfn, pfn === kernel.layout.maxLowPfn - 1 ? flags & ~RW : flags, nx),
    }),
    "all-writable",
  ],
  [
    planted("off-by-one", {
      mapPage: (kernel, entry, pfn, flags, nx) => {
        if (pfn !== kernel.layout.maxLowPfn - 1) kernel.setPte(entry, pfn, flags, nx);
      },
    }),
    "covers",
  ],
  [
    planted("skips-odd-template", {
      mapPage: (kernel, entry, pfn, flags, nx) => {
        if (!kernel.present(entry) || pfn % 2 === 0) kernel.setPte(entry, pfn, flags, nx);
      },
    }),
    "no-permission-error",
  ],
  [planted("small-pages-only", { mapLargePage: smallInstead }), "boots"],
  [planted("no-filter", { initSetPte: (_, plain) => plain }), "no-refusal"],
  [
    planted("filter-without-present", {
      initSetPte: (kernel, plain) => (entry, hi, lo) =>
        plain(entry, hi, (kernel.bus.load(entry) & RW) === 0 && (lo & P) !== 0 ? lo & ~RW : lo),
    }),
    "all-writable",
  ],
  [
    planted("forgets-holes", {
      prepare: (kernel) => {
        kernel.bootmem = withoutHoles(kernel);
      },
    }),
    "tables-in-memory",
  ],
];

/** Panics where a large page is due: a strategy that was tried without PSE only. */
function smallInstead(_kernel: Kernel): void {
  throw new Error("no large pages here");
}
