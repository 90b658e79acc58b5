/**
 * What a boot costs behind each back-end.
 *
 * @module
 */

import { table } from "../../../chapters/shown/table.ts";
import { boot } from "../../../core/boot.ts";
import type { MovingFigure, State } from "./control.ts";
import { numberOf, one } from "./control.ts";
import { memory, strategy, whyVoid } from "./controls.ts";

const BACK_ENDS = ["native-486", "native-p6", "vmi", "lguest", "xen-2level", "xen-pae"] as const;

function draw(state: State): ReturnType<MovingFigure["draw"]> {
  const rule = one(state, "strategy");
  const rows = BACK_ENDS.map((platform) => {
    if (whyVoid(rule, platform) !== undefined) {
      return { machine: platform, "entries written": "-", "calls to the host": "-", "stores caught": "-", end: "void" };
    }
    const size = `${numberOf(state, "memory")}M`;
    const { cost, outcome } = boot({ platform, strategy: rule, memory: size, trace: false });
    return {
      machine: platform,
      "entries written": cost.entryWrites,
      "calls to the host": cost.hypercalls,
      "stores caught": cost.emulatedStores,
      end: outcome.ok ? "finished" : outcome.stop.kind,
    };
  });
  return [table(rows)];
}

/** The bill of chapter 5. */
export const COST: MovingFigure = {
  id: "cost",
  title: "More memory, another rule: what does a boot cost behind each back-end?",
  below: "05_paravirt_operations/back_ends",
  controls: [memory(128, 32), strategy("filter-set-pte")],
  draw,
};
