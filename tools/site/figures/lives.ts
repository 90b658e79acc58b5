/**
 * When pages become page tables, and when they stop being writable.
 *
 * @module
 */

import { tableLives } from "../../../chapters/figures/table_lives.ts";
import { boot } from "../../../core/boot.ts";
import type { MovingFigure, State } from "./control.ts";
import { one } from "./control.ts";
import {
  bootmem,
  bootOptions,
  earlyIoremap,
  isXen32,
  kernelEnd,
  memory,
  platforms,
  strategy,
  whyVoid,
} from "./controls.ts";

function draw(state: State): ReturnType<MovingFigure["draw"]> {
  const rule = one(state, "strategy");
  const why = whyVoid(rule, one(state, "platform"));
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
    platforms(isXen32, "xen-pae"),
    strategy("filter-set-pte"),
    memory(64, 32),
    kernelEnd(),
    bootmem(),
    earlyIoremap(),
  ],
  draw,
};
