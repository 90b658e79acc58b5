/**
 * From a raw finding to one that is reported: the simplest machine, and why it fails.
 *
 * @module
 */

import type { Strategy } from "../../core/strategies/mod.ts";
import type { RawFinding } from "./chunk.ts";
import { attempt, verdictOf } from "./judge.ts";
import { type MachineCase, platformsOf, type Space } from "./machine.ts";
import { minimize } from "./minimize.ts";
import { bootCall } from "./print.ts";
import { type Property, THROWS } from "./properties.ts";

/** A counter-example that is minimal in the stated order. */
export interface Finding extends RawFinding {
  /** The call that boots it. */
  readonly boot: string;
  /** The refusing rule, the first wrong page, or how two strategies differ. */
  readonly why: string;
}

/** What a finding is about: a strategy and a property, or two strategies. */
export type Question =
  | { readonly strategy: Strategy; readonly property: Property | undefined }
  | { readonly strategy: Strategy; readonly other: Strategy };

/**
 * Makes the machine of a finding as simple as can be.
 *
 * @param raw The finding.
 * @param question What it is about. A property that is undefined stands for "boot answers".
 * @param space Which machines are searched.
 * @param tick Called for each machine that is tried.
 * @returns The finding as it is reported.
 */
export function explained(
  raw: RawFinding,
  question: Question,
  space: Space,
  tick: () => void = () => {},
): Finding {
  const why = (machine: MachineCase) => {
    tick();
    return "other" in question ? apart(machine, question) : failure(machine, question);
  };
  const machine = minimize(raw.machine, platformsOf(space), (candidate) => why(candidate) !== undefined);
  return { ...raw, machine, boot: bootCall(machine, question.strategy), why: why(machine) ?? "" };
}

function failure(
  machine: MachineCase,
  { strategy, property }: Extract<Question, { property: unknown }>,
): string | undefined {
  const trial = attempt(machine, strategy);
  if (trial.kind === "thrown") return property === undefined ? trial.why : undefined;
  return trial.kind === "booted" ? property?.refute(trial.booted) : undefined;
}

/** How two strategies differ on a machine; undefined if they do not. */
function apart(machine: MachineCase, { strategy, other }: Extract<Question, { other: unknown }>): string | undefined {
  const [one, two] = [attempt(machine, strategy), attempt(machine, other)];
  if (one.kind === "impossible" || two.kind === "impossible") return undefined;
  const [a, b] = [verdictOf(one), verdictOf(two)];
  return a === b ? undefined : `${strategy.id} ${a}; ${other.id} ${b}`;
}

/** The property of a finding. */
export function propertyOf(id: string, properties: readonly Property[]): Property | undefined {
  return id === THROWS ? undefined : properties.find((property) => property.id === id);
}
