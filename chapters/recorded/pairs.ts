/**
 * What tells two rules apart: the recorded results of two hunts, one on machines of 2007 and one on all.
 *
 * They were recorded by `deno task -q hunt --pairs --of-2007 --max-memory 32M --runs 3000 --json`, and the same without `--of-2007`.
 *
 * @module
 */

import ofAnyTime from "./pairs_any.json" with { type: "json" };
import of2007 from "./pairs_2007.json" with { type: "json" };

/** Two rules, and the simplest machine on which they differ. */
export interface RecordedPair {
  /** Id of a strategy. */
  readonly a: string;
  /** Id of another strategy. */
  readonly b: string;
  /** The call that boots the first of them on the simplest machine of 2007; null if none was found. */
  readonly of2007: string | null;
  /** The same on a machine of any time. */
  readonly any: string | null;
  /** How the boots of the two end there. */
  readonly why: string;
}

/** Every pair, in the order of the strategies. */
export const PAIRS: readonly RecordedPair[] = Object.freeze(
  of2007.pairs.map(({ a, b, boot, why }): RecordedPair => {
    const later = ofAnyTime.pairs.find((pair) => pair.a === a && pair.b === b);
    return Object.freeze({
      a,
      b,
      of2007: boot,
      any: later?.boot ?? null,
      why: boot === null ? later?.why ?? why : why,
    });
  }),
);

/** Machines on which every pair was tried. */
export const PAIRS_TRIED: { readonly of2007: number; readonly any: number } = Object.freeze({
  of2007: of2007.machines,
  any: ofAnyTime.machines,
});

/**
 * The platform of a recorded call, and whether the machine is a plain one: nothing but features of the CPU and memory are chosen.
 *
 * @param boot The call.
 * @returns Id of the platform, and whether other options are chosen.
 */
export function machineOf(boot: string): { readonly platform: string; readonly plain: boolean } {
  const [, platform = ""] = /platform: (?:\{ \.\.\.findPlatform\()?"([^"]+)"/.exec(boot) ?? [];
  return { platform, plain: / memory: [^,]+ \}\)$/.test(boot) };
}
