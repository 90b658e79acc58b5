/**
 * Boots with other machines, sizes and rules: what is mapped in the end.
 *
 * @module
 */

import type { FigureCell } from "../../../chapters/figures/cell.ts";
import { cellOfRun } from "../../../chapters/figures/cell_of_run.ts";
import { coverageMap } from "../../../chapters/figures/coverage_map.ts";
import { permissionErrors } from "../../../chapters/figures/permission_errors.ts";
import { boot } from "../../../core/boot.ts";
import type { Drawn, MovingFigure, State } from "./control.ts";
import { one, someOf } from "./control.ts";
import {
  bootmem,
  bootOptions,
  earlyIoremap,
  isXen32,
  kernelEnd,
  memory,
  platforms,
  strategies,
  whyVoid,
} from "./controls.ts";

/** A cell for each rule that can run there, and a line for each that cannot. */
function cellsOf(state: State): { readonly cells: FigureCell[]; readonly lines: string[] } {
  const options = bootOptions(state);
  const cells: FigureCell[] = [];
  const lines: string[] = [];
  for (const id of someOf(state, "strategy")) {
    const why = whyVoid(id, one(state, "platform"));
    if (why !== undefined) {
      lines.push(`${id}: ${why}`);
      continue;
    }
    const run = boot({ ...options, strategy: id });
    cells.push(cellOfRun(run));
    if (!run.outcome.ok) lines.push(`${id}: ${run.outcome.stop.message}`, ...run.log.slice(-2).map((it) => `  ${it}`));
  }
  return { cells, lines };
}

function drawing(figure: (platform: string, cells: readonly FigureCell[]) => Drawn): MovingFigure["draw"] {
  return (state) => {
    const { cells, lines } = cellsOf(state);
    const none = lines.length === 0 ? ["Choose a rule."] : [];
    return [
      ...(cells.length === 0 ? none : [figure(one(state, "platform"), cells)]),
      ...(lines.length === 0 ? [] : [lines.join("\n")]),
    ];
  };
}

const coverage = drawing((platform, cells) => coverageMap(platform, cells));
const errors = drawing((_, cells) => permissionErrors(cells));

/** The figure of the page of its own. */
export const VERDICT: MovingFigure = {
  id: "coverage",
  title: "Choose a machine and some rules: what do their boots map?",
  below: undefined,
  controls: [
    platforms(() => true, "xen-pae"),
    memory(256),
    kernelEnd(),
    strategies("write-always", "keep-template", "filter-set-pte"),
  ],
  draw: coverage,
};

/** The figures of the chapters. */
export const COVERAGES: readonly MovingFigure[] = [
  {
    id: "native",
    title: "More memory, another CPU: what does a bare machine map?",
    below: "07_write_always/bare_metal",
    controls: [
      platforms((id) => id.startsWith("native"), "native-p6"),
      memory(512),
      kernelEnd(),
      strategies("write-always", "keep-template"),
    ],
    draw: coverage,
  },
  {
    id: "template",
    title: "A larger template, a larger kernel: when does keeping it do?",
    below: "08_keep_template/coverage",
    controls: [
      platforms(isXen32, "xen-pae"),
      memory(128),
      kernelEnd(),
      { kind: "range", name: "template", label: "template", min: 0, max: 64, step: 4, value: 0, unit: "MiB at least" },
      strategies("keep-template", "write-always"),
    ],
    draw: coverage,
  },
  {
    id: "early",
    title: "Take tables from elsewhere: who still knows which pages are tables?",
    below: "11_filter_set_pte/two_level",
    controls: [
      platforms(isXen32, "xen-pae"),
      memory(128),
      bootmem("highest-first"),
      earlyIoremap(),
      strategies("filter-set-pte", "map-from-mapped"),
    ],
    draw: errors,
  },
  {
    id: "callback",
    title: "Another order of bootmem: what does the callback not know?",
    below: "09_ask_callback/too_early",
    controls: [
      platforms(isXen32, "xen-pae"),
      kernelEnd(),
      bootmem("highest-first"),
      earlyIoremap(),
      strategies("ask-callback", "stash-in-struct-page"),
    ],
    draw: coverage,
  },
];
