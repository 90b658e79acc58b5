/**
 * For each mistaken rule, the number of recorded answers that it gets wrong.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import type { Figure } from "./figure.ts";
import { paint } from "./palette.ts";
import { count } from "./count.ts";

/** A mistaken rule, and its number of wrong answers. */
export interface Disagreement {
  /** The rule in a few words. */
  readonly rule: string;
  /** Answers that it gets wrong. */
  readonly wrong: number;
}

const WIDTH = 720;
const BAND = 24;
const MARGIN = { marginLeft: 250, marginTop: 8, marginRight: 64, marginBottom: 40 } as const;

/**
 * The mistakes as bars.
 *
 * @param rules The mistaken rules, in the order of the lines.
 * @param total Number of recorded answers.
 * @returns The figure; its table has a line for each rule, with its share of the answers in per cent.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { disagreements } from "@pagetable-init/chapters";
 *
 * const { table } = disagreements([{ rule: "WP is ignored", wrong: 5 }], 200);
 * assertEquals(table.rows, [["WP is ignored", 5, "2.5"]]);
 * ```
 */
export function disagreements(rules: readonly Disagreement[], total: number): Figure {
  const place = { y: (it: Disagreement) => it.rule, x: (it: Disagreement) => it.wrong } as const;
  return {
    options: {
      width: WIDTH,
      height: MARGIN.marginTop + rules.length * BAND + MARGIN.marginBottom,
      ...MARGIN,
      style: { fontSize: "12px" },
      x: { label: "accesses answered wrongly →", ticks: 5, tickFormat: (wrong: number) => count(wrong) },
      y: { type: "band", domain: rules.map(({ rule }) => rule), padding: 0.25, label: null, tickSize: 0 },
      marks: [
        Plot.gridX({ stroke: paint("line"), strokeOpacity: 1 }),
        Plot.barX(rules, { ...place, fill: paint("error") }),
        Plot.text(rules, { ...place, text: (it) => count(it.wrong), textAnchor: "start", dx: 5, fill: paint("ink") }),
        Plot.ruleX([0], { stroke: paint("muted") }),
      ],
    },
    caption: `Of ${count(total)} recorded accesses, those that a walker with one mistaken rule answers wrongly.`,
    description: `A bar for each mistaken rule: ${
      rules.map(({ rule, wrong }) => `${rule}, ${count(wrong)}`).join("; ")
    }. All of ${count(total)} accesses.`,
    table: {
      header: ["rule", "wrong", "per cent"],
      rows: rules.map(({ rule, wrong }) => [rule, wrong, (100 * wrong / total).toFixed(1)]),
    },
  };
}
