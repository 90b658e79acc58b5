/**
 * How many pages have which permission error: one row for each strategy on one platform, one column for each class that there is.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Row } from "../../core/matrix.ts";
import { ERROR_CLASSES, type ErrorClassWords, errorsOf } from "./error_classes.ts";
import type { Figure } from "./figure.ts";
import { paint } from "./palette.ts";
import { count, countPages, verdictOf } from "./verdict.ts";

const WIDTH = 1000;
const BAND = 26;
const SCALE = "4K pages, logarithmic →";
const MARGIN = { marginLeft: 176, marginTop: 42, marginRight: 16, marginBottom: 44 } as const;

interface Bar {
  readonly strategy: string;
  readonly label: string;
  readonly pages: number;
}

/** The classes that some row has; all of them if none does, so that a figure says what it looked for. */
function classesOf(rows: readonly Row[]): readonly ErrorClassWords[] {
  const found = ERROR_CLASSES.filter(({ key }) => rows.some((row) => row.permissionErrors[key] > 0));
  return found.length === 0 ? ERROR_CLASSES : found;
}

function barsOf(row: Row, classes: readonly ErrorClassWords[]): Bar[] {
  if (row.void !== undefined) return [];
  return classes.map(({ key, label }) => ({ strategy: row.strategy, label, pages: row.permissionErrors[key] }));
}

/** A name on the axis, marked if its pages are those of a boot that did not finish, or of none. */
function nameOf(row: Row): string {
  const verdict = verdictOf(row);
  return verdict === "void" ? `– ${row.strategy}` : verdict === "stopped" ? `✕ ${row.strategy}` : row.strategy;
}

function describe(platform: string, rows: readonly Row[]): string {
  const sentences = rows.map((row) => {
    if (row.void !== undefined) return `${row.strategy}: void.`;
    const errors = errorsOf(row).map(({ words, pages }) => `${words.label} (${countPages(pages)})`).join(", ");
    return `${row.strategy}${row.booted ? "" : " (when it stopped)"}: ${errors === "" ? "none" : errors}.`;
  });
  return `Pages with permission errors on ${platform}. ${sentences.join(" ")}`;
}

function captionOf(platform: string, classes: readonly ErrorClassWords[]): string {
  const absent = ERROR_CLASSES.filter((words) => !classes.includes(words)).map(({ label }) => label);
  const rest = absent.length === 0 ? "" : ` No strategy has any of the other classes: ${absent.join(", ")}.`;
  return `Permission errors on ${platform}, in 4K pages${classes.length > 1 ? ", worst class first" : ""}.${rest}`;
}

/** Bars on a logarithmic scale with their numbers: one page and all of memory are both to be seen. */
function marksOf(bars: readonly Bar[]): Plot.Markish[] {
  const place = { fx: (bar: Bar) => bar.label, y: (bar: Bar) => bar.strategy } as const;
  const wrong = bars.filter((bar) => bar.pages > 0);
  const right = bars.filter((bar) => bar.pages === 0);
  return [
    Plot.ruleX([0], { stroke: paint("muted") }),
    Plot.barX(wrong, { ...place, x: (bar: Bar) => bar.pages, fill: paint("error"), insetTop: 15, insetBottom: 3 }),
    Plot.text(wrong, {
      ...place,
      x: 0,
      text: (bar: Bar) => count(bar.pages),
      textAnchor: "start",
      dx: 4,
      dy: -6,
      fill: paint("ink"),
    }),
    Plot.text(right, { ...place, x: 0, text: () => "0", textAnchor: "start", dx: 4, fill: paint("muted") }),
  ];
}

/**
 * The permission-error chart of one platform.
 *
 * @param platform Id of the platform, for the caption.
 * @param rows The rows of that platform, one for each strategy, in the order of the lines.
 * @returns The figure; its table has a line for each strategy and a column for each class that some strategy has, in 4K pages.
 * The caption names the others.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "../../core/matrix.ts";
 * import { permissionErrors } from "./mod.ts";
 *
 * const [cell] = matrix({ platforms: ["native-p6"], strategies: ["write-always"], memory: "16M" });
 * const { table } = permissionErrors("native-p6", cell === undefined ? [] : [cell.row]);
 * assertEquals(table.rows, [["write-always", 0, 0, 0, 0, 0, 0, 0]]);
 * ```
 */
export function permissionErrors(platform: string, rows: readonly Row[]): Figure {
  const classes = classesOf(rows);
  const names = new Map(rows.map((row) => [row.strategy, nameOf(row)]));
  const max = Math.max(1, ...rows.map((row) => row.coverage.lowmemPages));
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + rows.length * BAND + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      fx: { domain: classes.map(({ label }) => label), label: null, padding: 0.1 },
      x: { type: "symlog", domain: [0, max] },
      y: { type: "band", domain: rows.map((row) => row.strategy), padding: 0, label: null, tickSize: 0 },
      marks: [
        Plot.axisFx({ anchor: "top", tickFormat: (label: string) => label.replace(" ", "\n") }),
        Plot.axisX({
          ticks: [1, 100, 10_000].filter((pages) => pages <= max),
          tickFormat: (pages: number) => pages < 1000 ? `${pages}` : "10k",
          label: SCALE,
        }),
        Plot.axisY({ label: null, tickSize: 0, tickFormat: (id: string) => names.get(id) ?? id }),
        Plot.gridY({ y: (id: string) => id, stroke: paint("line"), strokeOpacity: 1, dy: BAND / 2 }),
        ...marksOf(rows.flatMap((row) => barsOf(row, classes))),
      ],
    },
    caption: captionOf(platform, classes),
    description: describe(platform, rows),
    table: {
      header: ["strategy", ...classes.map(({ label }) => label)],
      rows: rows.map((row) => [nameOf(row), ...classes.map(({ key }) => row.permissionErrors[key])]),
    },
  };
}
