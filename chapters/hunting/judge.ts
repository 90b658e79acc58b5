/**
 * One machine, one strategy: what the boot says of the properties.
 *
 * @module
 */

import { boot } from "../../core/boot.ts";
import { voidReason } from "../../core/setup.ts";
import type { Strategy } from "../../core/strategies/mod.ts";
import { Hypervisor, type HypervisorOptions } from "../../core/xen/mod.ts";
import { type MachineCase, optionsOf, platformOf } from "./machine.ts";
import { type Booted, bootedOf } from "./properties.ts";

/** What comes of a boot: something to judge, a machine that cannot be, or an exception that no boot may end in. */
export type Trial =
  | { readonly kind: "booted"; readonly booted: Booted }
  | { readonly kind: "impossible"; readonly why: string }
  | { readonly kind: "thrown"; readonly why: string };

/** Writes after which a boot that does not end is given up: many times what the largest machine needs. */
const MAX_WRITES = 4_000_000;

/**
 * Boots a strategy on a machine.
 *
 * @param machine The machine.
 * @param strategy The strategy.
 * @returns What came of it. A machine whose options `boot` refuses is impossible; everything else that is thrown is a finding.
 */
export function attempt(machine: MachineCase, strategy: Strategy): Trial {
  const options = optionsOf(machine, strategy);
  const used = typeof options.strategy === "string" ? strategy : options.strategy;
  const reason = voidReason(used, platformOf(machine));
  if (reason !== undefined) return { kind: "impossible", why: reason };
  let xen: Hypervisor | undefined;
  const hypervisor = (made: HypervisorOptions) => xen = new Hypervisor(made);
  try {
    const run = boot({ ...options, trace: false, until: MAX_WRITES, hypervisor });
    return { kind: "booted", booted: bootedOf(machine, run, xen) };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { kind: error instanceof RangeError && isRefusal(error) ? "impossible" : "thrown", why };
  }
}

/** Whether `boot` refuses its options: a template that does not fit the machine, say. */
function isRefusal({ message }: RangeError): boolean {
  return /^Expected [^]* but found /.test(message);
}

/** The verdict on a boot in one line: what tells two strategies apart on the same machine. */
export function verdictOf(trial: Trial): string {
  if (trial.kind !== "booted") return `${trial.kind}: ${trial.why}`;
  const { run: { outcome }, audit } = trial.booted;
  if (!outcome.ok) return `stops: ${outcome.stop.kind}`;
  const { mapped, wrongFrame, unmapped, largePages } = audit.coverage;
  const errors = Object.entries(audit.permissionErrors).filter(([, { pages }]) => pages > 0)
    .map(([name, { pages }]) => `${name} ${pages}`);
  const lost = [wrongFrame > 0 ? `wrong frame ${wrongFrame}` : "", unmapped > 0 ? `unmapped ${unmapped}` : ""];
  const said = [...lost, ...errors].filter((it) => it !== "");
  return `boots; ${mapped} pages mapped, ${largePages} by large ones; ${
    said.length === 0 ? "no error" : said.join(", ")
  }`;
}
