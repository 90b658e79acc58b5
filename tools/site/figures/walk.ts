/**
 * The walk: turn over the bits of an address, and see which entries are read.
 *
 * @module
 */

import { addressFields } from "../../../chapters/figures/address_fields.ts";
import { walkTable } from "../../../chapters/shown/walk_table.ts";
import { boot, type Run } from "../../../core/boot.ts";
import { type AccessKind, explain } from "../../../core/mmu/mod.ts";
import type { MovingFigure, State } from "./control.ts";
import { one, someOf, wordOf } from "./control.ts";
import { platforms } from "./controls.ts";

const booted = new Map<string, Run>();

/** A machine that has booted, kept for the next address. */
function machineOf(platform: string): Run["machine"] {
  let run = booted.get(platform);
  if (run === undefined) booted.set(platform, run = boot({ platform, strategy: "filter-set-pte", trace: false }));
  return run.machine;
}

function draw(state: State): ReturnType<MovingFigure["draw"]> {
  const machine = machineOf(one(state, "platform"));
  const address = wordOf(state, "address");
  const kind = one(state, "kind") as AccessKind;
  const found = explain(machine, address, kind, { user: someOf(state, "user").includes("user") });
  const leaf = found.steps.at(-1);
  const shift = found.outcome.ok && leaf !== undefined ? leaf.level.shift : 12;
  const { mode } = machine;
  return [...(mode === undefined ? [] : [addressFields(mode, address, shift)]), walkTable(found)];
}

/** The walk of chapter 1. */
export const WALK: MovingFigure = {
  id: "walk",
  title: "Turn over a bit: which entries does the CPU read?",
  below: "01_one_page_table/address_fields",
  controls: [
    { kind: "bits", name: "address", label: "address", width: 32, value: "c0100abc", names: {} },
    platforms((id) => !["xen-4level", "lguest", "vmi"].includes(id), "native-486"),
    {
      kind: "choice",
      name: "kind",
      label: "access",
      options: { read: "read", write: "write", fetch: "fetch of an instruction" },
      value: "read",
    },
    { kind: "switches", name: "user", label: "by", options: { user: "user mode" }, value: [] },
  ],
  draw,
};
