/**
 * A chunk of machines: the unit of work of workers, shards and clusters. What a chunk finds depends on nothing but its request.
 *
 * @module
 */

import { sample } from "fast-check";
import type { Strategy } from "../../core/strategies/mod.ts";
import { attempt, type Trial, verdictOf } from "./judge.ts";
import { isSimpler, type MachineCase, machines, type Space } from "./machine.ts";
import { type Property, THROWS } from "./properties.ts";

/** Machines of a chunk. */
export const CHUNK = 200;

/** What a chunk is asked. */
export interface ChunkRequest {
  /** Seed of the whole hunt. */
  readonly seed: number;
  /** Number of the chunk, from 0. */
  readonly chunk: number;
  /** Machines in it, at most `CHUNK`. */
  readonly runs: number;
  readonly space: Space;
  /** Whether pairs of strategies are told apart, rather than properties refuted. */
  readonly pairs: boolean;
}

/** A machine on which something fails, before it is made simple. */
export interface RawFinding {
  /** Id of the strategy; of a pair the two ids. */
  readonly strategy: string;
  /** Id of the property; of a pair the other strategy. */
  readonly property: string;
  readonly machine: MachineCase;
  /** By which fast-check makes the machine again: `--seed S --path P`. */
  readonly path: string;
}

/** What a chunk found: for each strategy and property the simplest machine, in numbers what it did. */
export interface ChunkResult {
  readonly chunk: number;
  /** Machines that were made. */
  readonly machines: number;
  /** Boots. */
  readonly boots: number;
  /** Machines that could not be, by strategy. */
  readonly impossible: number;
  readonly findings: readonly RawFinding[];
}

/** The seed of a chunk: neighbouring numbers give unrelated machines. */
export function chunkSeed({ seed, chunk }: Pick<ChunkRequest, "seed" | "chunk">): number {
  return (Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) + Math.imul(chunk + 1, 0xc2b2_ae35)) | 0;
}

/**
 * Boots every strategy on the machines of a chunk.
 *
 * @param request Which machines.
 * @param strategies The strategies.
 * @param properties The properties.
 * @param tick Called after each machine.
 * @returns What was found.
 */
export function huntChunk(
  request: ChunkRequest,
  strategies: readonly Strategy[],
  properties: readonly Property[],
  tick: () => void = () => {},
): ChunkResult {
  const found = new Map<string, RawFinding>();
  const note = (finding: RawFinding) => {
    const key = `${finding.strategy} ${finding.property}`;
    const known = found.get(key);
    if (known === undefined || isSimpler(finding.machine, known.machine)) found.set(key, finding);
  };
  let [boots, impossible] = [0, 0];
  const made = sample(machines(request.space), { seed: chunkSeed(request), numRuns: request.runs });
  for (const [at, machine] of made.entries()) {
    const path = `${request.chunk}:${at}`;
    const trials = strategies.map((strategy) => [strategy.id, attempt(machine, strategy)] as const);
    boots += trials.filter(([, { kind }]) => kind !== "impossible").length;
    impossible += trials.filter(([, { kind }]) => kind === "impossible").length;
    const failures = request.pairs
      ? differences(trials)
      : trials.flatMap(([id, trial]) => refuted(id, trial, properties));
    for (const [strategy, property] of failures) note({ strategy, property, machine, path });
    tick();
  }
  return { chunk: request.chunk, machines: made.length, boots, impossible, findings: [...found.values()] };
}

type Failure = readonly [strategy: string, property: string];
type Tried = readonly [id: string, trial: Trial];

function refuted(id: string, trial: Trial, properties: readonly Property[]): Failure[] {
  if (trial.kind === "impossible") return [];
  if (trial.kind === "thrown") return [[id, THROWS]];
  return properties.filter(({ refute }) => refute(trial.booted) !== undefined).map((property) => [id, property.id]);
}

function differences(trials: readonly Tried[]): Failure[] {
  const verdicts = trials.filter(([, { kind }]) => kind !== "impossible").map(([id, trial]) => [id, verdictOf(trial)]);
  return verdicts.flatMap(([a = "", said], at) =>
    verdicts.slice(at + 1).filter(([, other]) => other !== said).map(([b = ""]): Failure => [a, b])
  );
}
