/**
 * The writes of boots in order, each with the page that it maps, makes a table or makes read-only.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Run } from "../../core/boot.ts";
import { NX, P, RW } from "../../core/mmu/mod.ts";
import type { Write } from "../../core/trace/mod.ts";
import type { Figure } from "./figure.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { paint, type PaintName } from "./palette.ts";
import { SYMBOLS } from "./symbols.ts";

/** A boot and its name in the figure. */
export interface NamedRun {
  readonly name: string;
  readonly run: Pick<Run, "trace" | "outcome" | "kernel">;
}

/** Consecutive writes of one kind to consecutive pages. */
interface Stretch {
  readonly name: string;
  readonly kind: Kind;
  readonly step: number;
  readonly pfn: number;
  readonly writes: number;
}

type Kind = "leaf" | "table linked" | "made read-only" | "refused";

const WIDTH = 900;
const BAND = 170;
const MARGIN = { marginLeft: 76, marginTop: 12, marginRight: 150, marginBottom: 64 } as const;
const MAX_TABLE_ROWS = 40;
const LOOK = "The slope is the loop over memory.";
const ABOVE = -9; // a page is made read-only and linked at once: two symbols for one place

const LOOKS: Readonly<Record<Kind, LegendEntry>> = {
  leaf: { symbol: "dash", color: "large", filled: false, label: "maps the page" },
  "table linked": { symbol: "post", color: "small", filled: true, label: "makes it a table" },
  "made read-only": { symbol: "warning", color: "ink", filled: true, label: "makes it read-only" },
  refused: { symbol: "cross", color: "stopped", filled: false, label: "refused" },
};

function kindOf({ op, asked }: Write, refused: boolean): Kind | undefined {
  if (refused) return "refused";
  if ((asked.lo & P) === 0) return undefined;
  if (op === "update_va_mapping") return (asked.lo & RW) === 0 ? "made read-only" : undefined;
  return op === "set_pte" || (asked.lo & 0x80) !== 0 ? "leaf" : "table linked";
}

/** pfn that an entry points to; -1 for a frame that is not the guest's. */
function pageOf({ asked: { lo, hi } }: Write, { kernel }: NamedRun["run"]): number {
  return kernel.ops.toPfn((hi & ~NX) * 0x10_0000 + (lo >>> 12));
}

function stretchesOf({ name, run }: NamedRun): Stretch[] {
  const stretches: Stretch[] = [];
  for (const write of run.trace) {
    const isLast = write.step === run.trace.length;
    const kind = kindOf(write, isLast && !run.outcome.ok && run.outcome.stop.kind !== "until");
    const pfn = pageOf(write, run);
    if (kind === undefined || pfn < 0) continue;
    const last = stretches.at(-1);
    const continues = last?.kind === kind && last.step + last.writes === write.step && last.pfn + last.writes === pfn;
    if (last !== undefined && continues) stretches[stretches.length - 1] = { ...last, writes: last.writes + 1 };
    else stretches.push({ name, kind, step: write.step, pfn, writes: 1 });
  }
  return stretches;
}

/** The two ends of a stretch: a loop over pages is a straight line. */
function pointsOf(
  { name, step, pfn, writes }: Stretch,
): { readonly name: string; readonly step: number; readonly pfn: number }[] {
  return [{ name, step, pfn }, { name, step: step + writes - 1, pfn: pfn + writes - 1 }];
}

function dots(stretches: readonly Stretch[], kind: Kind): Plot.Markish {
  const { symbol, color, filled } = LOOKS[kind];
  const ink = (name: PaintName) => filled ? { fill: paint(name) } : { stroke: paint(name), strokeWidth: 2.4 };
  return Plot.dot(stretches.filter((it) => it.kind === kind), {
    fy: "name",
    x: "step",
    y: "pfn",
    symbol: SYMBOLS[symbol],
    r: kind === "refused" ? 7 : 4,
    dy: kind === "made read-only" ? ABOVE : 0,
    ...ink(color),
  });
}

function marksOf(stretches: readonly Stretch[]): Plot.Markish[] {
  const leaves = stretches.filter(({ kind }) => kind === "leaf");
  const lines = leaves.filter(({ writes }) => writes > 1);
  return [
    ...lines.map((it) =>
      Plot.line(pointsOf(it), { fy: "name", x: "step", y: "pfn", stroke: paint("large"), strokeWidth: 2.4 })
    ),
    dots(leaves.filter(({ writes }) => writes === 1), "leaf"),
    dots(stretches, "table linked"),
    dots(stretches, "made read-only"),
    dots(stretches, "refused"),
    Plot.text(stretches.filter(({ kind }) => kind === "refused"), {
      fy: "name",
      x: "step",
      y: "pfn",
      text: ({ step, pfn }: Stretch) => `write ${step}, for page 0x${pfn.toString(16)}, is refused`,
      textAnchor: "start",
      lineAnchor: "bottom",
      dx: 12,
      dy: -8,
      fill: paint("ink"),
    }),
  ];
}

function describe(runs: readonly NamedRun[], stretches: readonly Stretch[]): string {
  return runs.map(({ name, run }) => {
    const own = stretches.filter((it) => it.name === name);
    const count = (kind: Kind) => own.filter((it) => it.kind === kind).reduce((sum, { writes }) => sum + writes, 0);
    const refused = own.find(({ kind }) => kind === "refused");
    const end = refused === undefined
      ? "to the end"
      : `until write ${refused.step}, for page 0x${refused.pfn.toString(16)}, is refused`;
    return `${name}: ${run.trace.length} writes ${end}; ${count("leaf")} map pages, ${
      count("table linked")
    } link tables, ${count("made read-only")} make pages read-only.`;
  }).join(" ");
}

/**
 * The writes of a few boots.
 *
 * @param runs The boots, one panel each, with a trace.
 * @param look What the caption tells the reader to look at; if not given, what the slope is.
 * @returns The figure; its table has a line for each stretch of writes to consecutive pages.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { writeTimeline } from "@pagetable-init/chapters";
 *
 * const run = boot({ platform: "xen-pae", strategy: "write-always", memory: "64M" });
 * assertEquals(writeTimeline([{ name: "xen-pae", run }]).table.rows.at(-1), ["xen-pae", 6, "refused", "0x1", 1]);
 * ```
 */
export function writeTimeline(runs: readonly NamedRun[], look: string = LOOK): Figure {
  const stretches = runs.flatMap(stretchesOf);
  const rows = stretches.map((
    { name, step, kind, pfn, writes },
  ) => [name, step, kind, `0x${pfn.toString(16)}`, writes]);
  const rest = rows.length - MAX_TABLE_ROWS + 1;
  const looks = (Object.keys(LOOKS) as Kind[]).filter((it) => stretches.some(({ kind }) => kind === it));
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + runs.length * BAND + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      ...scalesOf(stretches),
      fy: { domain: runs.map(({ name }) => name), label: null, padding: 0.12 },
      marks: [
        Plot.frame({ stroke: paint("line") }),
        ...marksOf(stretches),
        ...legend(looks.map((kind) => LOOKS[kind]), 0, MARGIN.marginBottom - 14, runs.at(-1)?.name),
      ],
    },
    caption:
      `The writes of each boot in their order, and the page that each leads to. A triangle is drawn a little above its page. ${look}`,
    description: describe(runs, stretches),
    table: {
      header: ["boot", "from write", "what", "from page", "writes"],
      rows: rest > 1 ? [...rows.slice(0, MAX_TABLE_ROWS - 1), ["…", "", `${rest} more`, "", ""]] : rows,
    },
  };
}

/** Linear scales with some air around the first and the last page: signs need it. */
function scalesOf(stretches: readonly Stretch[]): Pick<Plot.PlotOptions, "x" | "y"> {
  const lastStep = Math.max(10, ...stretches.map(({ step, writes }) => step + writes));
  const lastPage = Math.max(16, ...stretches.map(({ pfn, writes }) => pfn + writes));
  const unit = 2 ** Math.max(0, Math.floor(Math.log2(lastPage / 3)));
  return {
    x: { domain: [0, lastStep], inset: 12, label: "number of the write →", labelAnchor: "center", labelOffset: 34 },
    y: {
      label: "page (pfn)",
      grid: true,
      domain: [0, lastPage],
      inset: 16,
      ticks: Array.from({ length: Math.floor(lastPage / unit) + 1 }, (_, at) => at * unit),
      tickFormat: (pfn: number) => `0x${pfn.toString(16)}`,
    },
  };
}
