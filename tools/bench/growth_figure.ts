/**
 * The growth that `docs/bench.json` records, as a picture for `docs/performance.md`, on light and on dark paper.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { type Figure, renderSvg } from "../../chapters/figures/mod.ts";
import { paint } from "../../chapters/figures/palette.ts";
import { ROOT } from "../command/root.ts";
import type { Growth } from "./growth.ts";

/** The papers of the picture, and the file for each. */
export const GROWTH_PICTURES: { readonly light: URL; readonly dark: URL } = Object.freeze({
  light: new URL("docs/growth_light.svg", ROOT),
  dark: new URL("docs/growth_dark.svg", ROOT),
});

const COLUMNS = 3;
const [WIDTH, HEIGHT] = [720, 170];
/** The shortest time that is drawn: what takes less is the clock. */
const SHORTEST = 1e-4;
const TITLE = { fill: paint("ink"), fontSize: 11 } as const;

/** A point, and the field of the grid that it stands in. */
interface Point extends Growth {
  readonly column: number;
  readonly row: number;
}

/**
 * Time against size, a field for each kind of work. A broken line has the slope of what takes twice as long with twice as much.
 *
 * @param growth What was measured.
 * @returns The figure.
 */
export function growthFigure(growth: readonly Growth[]): Figure {
  const names = [...new Set(growth.map(({ name }) => name))];
  const points: Point[] = growth.map((it) => {
    const at = names.indexOf(it.name);
    return { ...it, column: at % COLUMNS, row: Math.floor(at / COLUMNS) };
  });
  const of = (name: string) => points.filter((point) => point.name === name);
  const facet = { fx: "column", fy: "row" } as const;
  const linear = names.flatMap((name) => {
    const [first, last] = [of(name).at(0), of(name).at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ ...last, size: first.size, seconds: last.seconds * first.size / last.size }, last];
  });
  const longest = Math.max(...growth.map(({ seconds }) => seconds)) * 1.5;
  const titles = names.flatMap((name) => of(name).slice(-1));
  return {
    options: {
      width: WIDTH,
      height: HEIGHT * Math.ceil(names.length / COLUMNS),
      marginLeft: 64,
      marginTop: 22,
      marginBottom: 24,
      style: { fontSize: "12px" },
      x: { type: "log", label: null, ticks: 4, tickFormat: "~s" },
      y: {
        type: "log",
        label: null,
        domain: [SHORTEST, longest],
        ticks: 4,
        tickFormat: (seconds: number) => `${seconds} s`,
      },
      fx: { axis: null, padding: 0.12 },
      fy: { axis: null, padding: 0.28 },
      marks: [
        Plot.frame({ stroke: paint("line") }),
        Plot.line(linear, {
          ...facet,
          x: "size",
          y: "seconds",
          z: "name",
          stroke: paint("muted"),
          strokeDasharray: "3 3",
          clip: true,
        }),
        Plot.line(points, { ...facet, x: "size", y: "seconds", z: "name", stroke: paint("clean"), strokeWidth: 2 }),
        Plot.dot(points, { ...facet, x: "size", y: "seconds", fill: paint("clean"), r: 3 }),
        Plot.text(titles, { ...facet, text: "name", ...TITLE, frameAnchor: "top-left", dy: -15 }),
        Plot.text(titles, {
          ...facet,
          text: ({ of }) => `${of} →`,
          ...TITLE,
          frameAnchor: "bottom-right",
          dx: -5,
          dy: -5,
        }),
      ],
    },
    caption: "Time against size, for each kind of work; the broken line is linear growth from the largest size down.",
    description: names.map((name) => {
      const [first, last] = [of(name).at(0), of(name).at(-1)];
      return `${name}: ${first?.size} ${first?.of} ${first?.seconds} s, ${last?.size} ${last?.of} ${last?.seconds} s`;
    }).join("; "),
    table: {
      header: ["work", "size", "of", "seconds", "MiB"],
      rows: growth.map(({ name, size, of, seconds, mebibytes }) => [name, size, of, seconds, mebibytes]),
    },
  };
}

/**
 * The picture for one paper.
 *
 * @param growth What was measured.
 * @param paper Light or dark.
 * @returns The text of an SVG file.
 */
export function growthPicture(growth: readonly Growth[], paper: keyof typeof GROWTH_PICTURES): string {
  return `${renderSvg(growthFigure(growth), { id: "growth", scheme: paper })}\n`;
}
