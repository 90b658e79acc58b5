/**
 * When pages become page tables, and when they stop being writable.
 *
 * @module
 */

import { tableLives } from "../../../chapters/figures/table_lives.ts";
import { boot, voidReason } from "../../../core/boot.ts";
import { findPlatform } from "../../../core/platforms.ts";
import { findStrategy } from "../../../core/strategies/list.ts";
import { bootOptions } from "./coverage.ts";
import type { MovingFigure, State } from "./control.ts";
import { one } from "./control.ts";
import { bootmem, kernelEnd, memory, platforms, strategy } from "./controls.ts";

function draw(state: State): ReturnType<MovingFigure["draw"]> {
  const rule = one(state, "strategy");
  const why = voidReason(findStrategy(rule), findPlatform(one(state, "platform")));
  if (why !== undefined) return [why];
  const run = boot({ ...bootOptions(state), strategy: rule, trace: true });
  const end = run.outcome.ok ? [] : [run.outcome.stop.message];
  return [tableLives(run), ...end];
}

/** The lives of chapter 13. */
export const LIVES: MovingFigure = {
  id: "lives",
  title: "Another rule, another order: when is each page a table, and when writable?",
  below: "13_what_came_after/hole",
  controls: [
    platforms((id) => id.startsWith("xen") && id !== "xen-4level", "xen-pae"),
    strategy("filter-set-pte"),
    memory(64, 32),
    kernelEnd(),
    bootmem(),
    {
      kind: "switches",
      name: "remap",
      label: "the kernel has",
      options: { early: "early_ioremap" },
      value: [],
    },
  ],
  draw,
};
