/**
 * The lives of the pages that a kernel makes page tables: mapped writable, made read-only, put to use, in the order of the writes.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Run } from "../../core/boot.ts";
import { frameOf, P, RW } from "../../core/mmu/mod.ts";
import type { Write } from "../../core/trace/mod.ts";
import type { Figure } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint } from "./palette.ts";
import { SYMBOLS } from "./symbols.ts";
import { count } from "./count.ts";

const WIDTH = 1000;
const BAND = 14;
const MARGIN = { marginLeft: 84, marginTop: 24, marginRight: 24, marginBottom: 66 } as const;
const AIR = 10; // between the frame and the first and last write: a sign there stays clear of the names
const BEFORE = "from the start";
const LOOK =
  "While its bar lasts, a page can be written. The bar must end before the tick, at which the page becomes a table: beyond the tick it " +
  "would be orange. Where there is neither bar nor line the page is not mapped.";

/** A page that is a table, and the writes that concern it; 0 for "before the first", undefined for "never". */
interface Life {
  readonly pfn: number;
  readonly writable: number | undefined;
  readonly readOnly: number | undefined;
  readonly linked: number | undefined;
  readonly asked: number | undefined;
}

/** Pages that some entry of a higher level was made to point to, and those that were protected: pfn to write. */
function firstUses({ trace, kernel: { ops } }: Run): Map<number, number | undefined> {
  const uses = new Map<number, number | undefined>();
  for (const { op, step, asked } of trace) {
    const pfn = ops.toPfn(frameOf(asked.hi, asked.lo));
    if (op === "set_pte" || (asked.lo & P) === 0 || pfn < 0) continue;
    if (op === "update_va_mapping") uses.set(pfn, uses.get(pfn));
    else uses.set(pfn, uses.get(pfn) ?? step);
  }
  return uses;
}

/** Writes of leaves in lowmem, by page. */
function leafWrites({ trace, kernel: { ops } }: Run): Map<number, Write[]> {
  const writes = new Map<number, Write[]>();
  for (const write of trace) {
    if (write.op !== "set_pte" && write.op !== "update_va_mapping") continue;
    const pfn = ops.toPfn(frameOf(write.asked.hi, write.asked.lo));
    writes.set(pfn, [...writes.get(pfn) ?? [], write]);
  }
  return writes;
}

function livesOf(run: Run): Life[] {
  const writes = leafWrites(run);
  return [...firstUses(run)].map(([pfn, linked]) => lifeOf(pfn, linked, writes.get(pfn) ?? []))
    .sort((a, b) => a.pfn - b.pfn);
}

function lifeOf(pfn: number, linked: number | undefined, writes: readonly Write[]): Life {
  const before = (writes[0]?.old.lo ?? 0) & (P | RW);
  const since = (state: number) =>
    before === state ? 0 : writes.find(({ stored }) => (stored.lo & (P | RW)) === state)?.step;
  const asked = writes.find(({ op, asked }) => op === "set_pte" && (asked.lo & RW) !== 0)?.step;
  return { pfn, linked, asked, writable: since(P | RW), readOnly: since(P) };
}

/** Whether a page stays writable after it was put to use, which Xen does not allow. */
function isWritableTable({ writable, readOnly = Infinity, linked = Infinity }: Life): boolean {
  return writable !== undefined && readOnly > linked;
}

function pageName(pfn: number): string {
  return `0x${pfn.toString(16)}`;
}

function stepName(step: number | undefined): string {
  return step === undefined ? "never" : step === 0 ? BEFORE : `${step}`;
}

/** A page's two bars and its sign, each where there is one. */
function marksOf(lives: readonly Life[], end: number, stop: number | undefined): Plot.Markish[] {
  const y = ({ pfn }: Life) => pageName(pfn);
  const wide = end / (WIDTH - MARGIN.marginLeft - MARGIN.marginRight) * 3;
  const open = lives.filter(({ writable }) => writable !== undefined);
  const until = ({ writable = 0, readOnly = end }: Life) => Math.max(readOnly, writable + wide);
  const wrong = lives.filter(isWritableTable);
  const shut = lives.filter(({ readOnly }) => readOnly !== undefined);
  return [
    Plot.barX(open, { y, x1: ({ writable }: Life) => writable ?? 0, x2: until, fill: paint("small"), inset: 1 }),
    Plot.barX(wrong, {
      y,
      x1: ({ writable = 0, linked = 0 }: Life) => Math.max(writable, linked),
      x2: until,
      fill: paint("error"),
      inset: 1,
    }),
    Plot.barX(shut, {
      y,
      x1: ({ readOnly }: Life) => readOnly ?? 0,
      x2: end,
      fill: paint("ink"),
      insetTop: 6,
      insetBottom: 6,
    }),
    Plot.dot(lives.filter(({ linked }) => linked !== undefined), {
      y,
      x: ({ linked }: Life) => linked ?? 0,
      symbol: SYMBOLS.tick,
      r: 6,
      stroke: paint("ink"),
      strokeWidth: 2.6,
    }),
    Plot.dot(lives.filter(({ asked }) => asked !== undefined), {
      y,
      x: ({ asked }: Life) => asked ?? 0,
      symbol: SYMBOLS.warning,
      r: 4,
      stroke: paint("muted"),
      strokeWidth: 1.6,
    }),
    ...(stop === undefined ? [] : [Plot.ruleX([stop], { stroke: paint("stopped"), strokeWidth: 2.2 })]),
  ];
}

/** The signs that occur. */
function legendOf(lives: readonly Life[], booted: boolean): readonly LegendEntry[] {
  const isWritable = lives.some(({ writable }) => writable !== undefined);
  const isAsked = lives.some(({ asked }) => asked !== undefined);
  const signs: readonly (LegendEntry & { readonly occurs: boolean })[] = [
    { symbol: "full", color: "small", filled: true, label: "writable, no table yet", occurs: isWritable },
    { symbol: "full", color: "error", filled: true, label: "a writable table", occurs: lives.some(isWritableTable) },
    { symbol: "low", color: "ink", filled: true, label: "read-only", occurs: true },
    { symbol: "tick", color: "ink", filled: false, label: "put to use as a table", occurs: true },
    { symbol: "warning", color: "muted", filled: false, label: "its leaf is asked for, writable", occurs: isAsked },
    { symbol: "cross", color: "stopped", filled: false, label: "the boot stops", occurs: !booted },
  ];
  return signs.filter(({ occurs }) => occurs);
}

/**
 * The lives of a boot's page-table pages under Xen.
 *
 * @param run A boot on a Xen platform, with its trace.
 * @param look What the caption tells the reader to look at; if not given, how a line is read.
 * @returns The figure, a line for each page that was protected or put to use as a table; its table has the numbers of the writes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tableLives } from "@pagetable-init/chapters";
 * import { boot } from "@pagetable-init/textbook";
 *
 * const { table } = tableLives(boot({ platform: "xen-pae", strategy: "filter-set-pte" }));
 * assertEquals(table.rows[1], ["0x2", "from the start", 7, 2053, 2054]);
 * ```
 */
export function tableLives(run: Run, look: string = LOOK): Figure {
  const lives = livesOf(run);
  const end = Math.max(1, run.kernel.step);
  const { outcome, platform, strategy } = run;
  const late = lives.filter(({ writable, readOnly }) => writable !== undefined && (readOnly ?? end) > writable).length;
  const bare = lives.filter(({ linked = 0, writable = end, readOnly = end }) =>
    linked > 0 && linked < writable && linked < readOnly
  );
  const unmapped = bare.length === 0 ? "" : `${count(bare.length)} were not mapped when they were put to use. `;
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + lives.length * BAND + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "11px" },
      x: { type: "linear", domain: [0, end], inset: AIR },
      y: { type: "band", domain: lives.map(({ pfn }) => pageName(pfn)), padding: 0 },
      marks: [
        Plot.axisX({ label: "entries written so far →", labelAnchor: "center", labelOffset: 32 }),
        Plot.axisY({ label: "page (pfn) ↓", labelAnchor: "top", labelOffset: 78, labelArrow: "none", tickSize: 0 }),
        Plot.ruleY(lives, { y: ({ pfn }: Life) => pageName(pfn), stroke: paint("line"), dy: BAND / 2 }),
        ...marksOf(lives, end, outcome.ok ? undefined : outcome.stop.step),
        ...legend(legendOf(lives, outcome.ok), 0, MARGIN.marginBottom - 12),
      ],
    },
    caption:
      `Pages that become page tables, a line each by pfn, during a boot with ${strategy.id} on ${platform.id}. ${look}`,
    description:
      `${count(lives.length)} pages, one line each, over ${count(end)} writes. ${
        count(late)
      } were mapped writable before they were ` +
      `made read-only. ${unmapped}${
        outcome.ok ? "The boot went through." : `The boot stopped at write ${count(outcome.stop.step)}.`
      }`,
    table: {
      header: [
        "page",
        "writable from write",
        "asked for writable at write",
        "read-only from write",
        "table from write",
      ],
      rows: lives.map(({ pfn, writable, asked, readOnly, linked }) => [
        pageName(pfn),
        ...[writable, asked, readOnly, linked].map((step) => step === undefined || step === 0 ? stepName(step) : step),
      ]),
    },
  };
}
