/**
 * Controls that several figures have.
 *
 * @module
 */

import { PLATFORMS } from "../../../core/platforms.ts";
import { STRATEGIES } from "../../../core/strategies/list.ts";
import type { Choice, Range, Switches } from "./control.ts";

/** A choice among platforms, the first of them chosen unless said otherwise. */
export function platforms(wanted: (id: string) => boolean, value?: string): Choice {
  const options = Object.fromEntries(
    PLATFORMS.filter(({ id }) => wanted(id)).map(({ id, title }) => [id, `${id}: ${title}`]),
  );
  return { kind: "choice", name: "platform", label: "machine", options, value: value ?? Object.keys(options)[0] ?? "" };
}

/** A choice of one strategy. */
export function strategy(value: string): Choice {
  return {
    kind: "choice",
    name: "strategy",
    label: "rule",
    options: Object.fromEntries(STRATEGIES.map(({ id }) => [id, id])),
    value,
  };
}

/** Strategies to switch on and off. */
export function strategies(...value: string[]): Switches {
  return {
    kind: "switches",
    name: "strategy",
    label: "rules",
    options: Object.fromEntries(STRATEGIES.map(({ id }) => [id, id])),
    value,
  };
}

/** Memory of the machine. */
export function memory(max: number, value: number = 64): Range {
  return { kind: "range", name: "memory", label: "memory", min: 16, max, step: 4, value, unit: "MiB" };
}

/** Where the kernel ends. */
export function kernelEnd(): Range {
  return { kind: "range", name: "kernel", label: "end of the kernel", min: 2, max: 12, step: 1, value: 5, unit: "MiB" };
}

/** Which page bootmem takes first. */
export function bootmem(value: string = "lowest-first"): Choice {
  return {
    kind: "choice",
    name: "bootmem",
    label: "bootmem takes",
    options: { "lowest-first": "the lowest page first", "highest-first": "the highest page first" },
    value,
  };
}
