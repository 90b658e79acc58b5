/**
 * Controls that several figures have, and the boot that they ask for.
 *
 * @module
 */

import { type BootOptions, voidReason } from "../../../core/boot.ts";
import { findPlatform, PLATFORMS } from "../../../core/platforms.ts";
import { findStrategy, STRATEGIES } from "../../../core/strategies/list.ts";
import type { Choice, Range, State, Switches } from "./control.ts";
import { numberOf, one, someOf } from "./control.ts";

/** Xen's platforms with 32-bit guests. */
export const isXen32 = (id: string): boolean => id.startsWith("xen") && id !== "xen-4level";

/** A choice among platforms. */
export function platforms(wanted: (id: string) => boolean, value: string): Choice {
  const options = Object.fromEntries(
    PLATFORMS.filter(({ id }) => wanted(id)).map(({ id, title }) => [id, `${id}: ${title}`]),
  );
  return { kind: "choice", name: "platform", label: "machine", options, value };
}

const RULES: Readonly<Record<string, string>> = Object.fromEntries(STRATEGIES.map(({ id }) => [id, id]));

/** A choice of one strategy. */
export function strategy(value: string): Choice {
  return { kind: "choice", name: "strategy", label: "rule", options: RULES, value };
}

/** Strategies to switch on and off. */
export function strategies(...value: string[]): Switches {
  return { kind: "switches", name: "strategy", label: "rules", options: RULES, value };
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

/** Whether the kernel has `early_ioremap`. */
export function earlyIoremap(): Switches {
  return {
    kind: "switches",
    name: "remap",
    label: "the kernel has",
    options: { early: "early_ioremap" },
    value: [],
  };
}

const MIB = 2 ** 20;

/** Options of a boot as the reader has them; a control that a figure lacks leaves its option out. */
export function bootOptions(state: State): Omit<BootOptions, "strategy"> {
  const has = (name: string) => state[name] !== undefined;
  return {
    platform: one(state, "platform"),
    ...(has("memory") ? { memory: `${numberOf(state, "memory")}M` } : {}),
    ...(has("kernel") ? { kernelEnd: numberOf(state, "kernel") * MIB } : {}),
    ...(has("template") ? { templateBytes: numberOf(state, "template") * MIB } : {}),
    ...(has("bootmem") ? { bootmem: one(state, "bootmem") as "lowest-first" } : {}),
    ...(has("remap") ? { earlyIoremap: someOf(state, "remap").includes("early") } : {}),
    trace: false,
  };
}

/** Why a rule has no boot on a platform; undefined if it has one. */
export function whyVoid(rule: string, platform: string): string | undefined {
  return voidReason(findStrategy(rule), findPlatform(platform));
}
