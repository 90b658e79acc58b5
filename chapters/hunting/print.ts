/**
 * A machine as the call that boots it.
 *
 * @module
 */

import type { Strategy } from "../../core/strategies/mod.ts";
import { findPlatform } from "../../core/platforms.ts";
import { type MachineCase, settings } from "./machine.ts";

const MEGABYTE = 2 ** 20;

/**
 * The call that boots a machine.
 *
 * @param machine The machine.
 * @param strategy The strategy's id, or the name of the file that it comes from.
 * @returns TypeScript that can be pasted behind the imports that it needs.
 */
export function bootCall(machine: MachineCase, strategy: Pick<Strategy, "id">): string {
  const fields = Object.entries({ platform: platformText(machine), strategy: strategyText(machine, strategy) })
    .map(([name, text]) => `${name}: ${text}`);
  const others = Object.entries(settings(machine)).map(([name, value]) => `${name}: ${valueText(name, value)}`);
  return `boot({ ${[...fields, ...others].join(", ")} })`;
}

function platformText({ platform, pse, pge, nx }: MachineCase): string {
  const { cpu } = findPlatform(platform);
  const less = Object.entries({ pse, pge, nx }).filter(([name, has]) => Reflect.get(cpu, name) !== has);
  if (less.length === 0) return JSON.stringify(platform);
  const found = `findPlatform(${JSON.stringify(platform)})`;
  return `{ ...${found}, cpu: { ...${found}.cpu, ${less.map(([name, has]) => `${name}: ${has}`).join(", ")} } }`;
}

function strategyText({ release }: MachineCase, { id }: Pick<Strategy, "id">): string {
  const named = JSON.stringify(id);
  return release === undefined
    ? named
    : `{ ...findStrategy(${named}), release: KERNEL_RELEASES[${JSON.stringify(release)}] }`;
}

function valueText(name: string, value: unknown): string {
  if (name === "memory" && typeof value === "number") {
    return value % MEGABYTE === 0 ? JSON.stringify(`${value / MEGABYTE}M`) : `${value / 4096} * 4096`;
  }
  if (typeof value === "number") return `0x${value.toString(16)}`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => valueText("", item)).join(", ")}]`;
  return `{ ${
    Object.entries(value).map(([field, it]) =>
      `${field}: ${field === "permanentFixmapSlots" || field === "lowPagesTaken" ? it : valueText("", it)}`
    ).join(", ")
  } }`;
}
