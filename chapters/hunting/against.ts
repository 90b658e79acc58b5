/**
 * A strategy as the measure of others.
 *
 * @module
 */

import type { Strategy } from "../../core/strategies/mod.ts";
import { attempt, verdictOf } from "./judge.ts";
import type { Property } from "./properties.ts";

/**
 * The property that a boot ends as another strategy's does on the same machine.
 *
 * @param other The other strategy.
 * @returns The property `same-as-ID`.
 */
export function againstProperty(other: Strategy): Property {
  return {
    id: `same-as-${other.id}`,
    claims: `the verdict is that of ${other.id}`,
    refute: (booted) => {
      const ours = verdictOf({ kind: "booted", booted });
      const trial = attempt(booted.machine, other);
      if (trial.kind === "impossible") return undefined;
      const theirs = verdictOf(trial);
      return ours === theirs ? undefined : `${ours}; ${other.id} ${theirs}`;
    },
  };
}
