/**
 * A boot at any of its writes.
 *
 * @module
 */

import { cellOfRun } from "../../../chapters/figures/cell_of_run.ts";
import { coverageMap } from "../../../chapters/figures/coverage_map.ts";
import { boot, type Run } from "../../../core/boot.ts";
import type { MovingFigure, State } from "./control.ts";
import { numberOf, one } from "./control.ts";
import { platforms, strategy, whyVoid } from "./controls.ts";

const PARTS = 200;
let kept: { readonly name: string; readonly run: Run } | undefined;

/** The whole boot, kept while only its step is moved. */
function bootOf(platform: string, strategy: string): Run {
  const name = `${platform} ${strategy}`;
  if (kept?.name !== name) kept = { name, run: boot({ platform, strategy, memory: "32M" }) };
  return kept.run;
}

function draw(state: State): ReturnType<MovingFigure["draw"]> {
  const [platform, rule] = [one(state, "platform"), one(state, "strategy")];
  const why = whyVoid(rule, platform);
  if (why !== undefined) return [`${rule} on ${platform}: ${why}`];
  const run = bootOf(platform, rule);
  const step = Math.round(run.cost.entryWrites * numberOf(state, "step") / PARTS);
  const write = step === 0 ? undefined : run.trace.at(step - 1);
  const words = write === undefined
    ? "Nothing is written yet: these are the tables that the kernel found."
    : `Write ${step} of ${run.cost.entryWrites}: ${write.op} at index ${write.index} of page 0x${
      write.pfn.toString(16)
    }, 0x${(write.old.lo >>> 0).toString(16)} becomes 0x${(write.stored.lo >>> 0).toString(16)}.`;
  return [words, coverageMap(platform, [cellOfRun(run.at(step), `${rule}, after ${step} writes`)])];
}

/** The boot of chapter 4. */
export const STEP: MovingFigure = {
  id: "step",
  title: "Stop the boot at a write: what is mapped by then?",
  below: "04_booting_natively/k8_tables",
  controls: [
    platforms(() => true, "native-486"),
    strategy("write-always"),
    {
      kind: "range",
      name: "step",
      label: "step",
      min: 0,
      max: PARTS,
      step: 1,
      value: 100,
      unit: `/ ${PARTS} of the writes`,
    },
  ],
  draw,
};
