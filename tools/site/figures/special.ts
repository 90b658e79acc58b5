/**
 * A range of special pages, and the large pages that it costs.
 *
 * @module
 */

import { cellOfRun } from "../../../chapters/figures/cell_of_run.ts";
import { coverageMap } from "../../../chapters/figures/coverage_map.ts";
import { boot } from "../../../core/boot.ts";
import type { SpecialRange } from "../../../core/paravirt/mod.ts";
import type { MovingFigure, State } from "./control.ts";
import { numberOf, one } from "./control.ts";
import { platforms } from "./controls.ts";

function draw(state: State): ReturnType<MovingFigure["draw"]> {
  const first = numberOf(state, "first");
  const property = one(state, "property") as SpecialRange["property"];
  const special = [{ first, end: first + numberOf(state, "pages"), property }];
  const platform = one(state, "platform");
  const run = boot({ platform, strategy: "query-special", memory: "32M", special, trace: false });
  const name = `${numberOf(state, "pages")} pages from 0x${first.toString(16)} on`;
  return [coverageMap(platform, [cellOfRun(run, name)])];
}

/** The registry of chapter 10. */
export const SPECIAL: MovingFigure = {
  id: "special",
  title: "Move the special range: when does it cost a large page, when two, when none?",
  below: "10_query_special/three_lists",
  controls: [
    platforms((id) => id.startsWith("native"), "native-p6"),
    { kind: "range", name: "first", label: "first page", min: 0, max: 8000, step: 16, value: 1008, unit: "(pfn)" },
    { kind: "range", name: "pages", label: "length", min: 16, max: 2048, step: 16, value: 32, unit: "pages" },
    {
      kind: "choice",
      name: "property",
      label: "they are",
      options: { uncached: "uncached", "read-only": "read-only", "write-combining": "write-combining" },
      value: "uncached",
    },
  ],
  draw,
};
