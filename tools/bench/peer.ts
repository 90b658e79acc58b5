/**
 * What people would use instead: programs that do the same work, an order a line.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { LineProcess } from "./line_process.ts";
import { ratioOf, short, type Side, untilQuiet, type Workload } from "./rounds.ts";

/** A comparison with another program. */
export interface Peer {
  /** What is done. */
  readonly name: string;
  /** The other, with its version. */
  readonly peer: string;
  /** Nanoseconds of processor time here, the median of the rounds. */
  readonly here: number;
  /** Nanoseconds of processor time there, likewise. */
  readonly there: number;
  /** How many times as long the other takes, the median of the rounds; below 1 it is the faster. */
  readonly times: number;
  /** How far the rounds lie apart: the middle half of their ratios, over the median. */
  readonly spread: number;
  /** What `times` is to be at least; undefined where the other is known to lead. */
  readonly aim?: number;
}

/** Lines of the report, or why there are none and what to install. */
export type Peers = readonly Peer[] | string;

/** The Python with the packages of `--peers`, or any. */
export const PYTHONS: readonly string[] = ["out/bench/venv/bin/python3", "python3"];
/** What our side does before anything counts. */
const WARM_UP = 4;
const ROUNDS = 9;
/** Rounds that do not agree are made so often. */
const TRIES = 3;

/**
 * Starts a program that answers JSON with JSON, and gives it its task.
 *
 * @param programs Programs that can run it, the best first.
 * @param args Their arguments.
 * @param task What it reads first.
 * @returns It, and what it answers to its task; undefined if none of the programs can run it.
 */
export async function startPeer<T>(
  programs: readonly string[],
  args: readonly string[],
  task: unknown,
): Promise<{ readonly asked: LineProcess; readonly answer: T } | undefined> {
  for (const program of programs) {
    try {
      const asked = new LineProcess(program, args, "null");
      const answer = await asked.ask(JSON.stringify(task));
      if (answer !== undefined) return { asked, answer: JSON.parse(answer) };
      await asked.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/**
 * Asks it once more.
 *
 * @param asked The program.
 * @param order What to do.
 * @returns Its answer.
 */
export async function order<T>(asked: LineProcess, order: unknown): Promise<T> {
  const answer = await asked.ask(JSON.stringify(order));
  if (answer === undefined) throw new Error(`a program that was asked ${JSON.stringify(order)} has ended`);
  return JSON.parse(answer);
}

/**
 * Our side.
 *
 * @param pass Does the work once and returns the sum of what it found.
 * @returns The side: processor time of its passes, and the sum of their sums modulo 2^32.
 */
export function ownSide(pass: () => number): Side {
  return {
    measure: (passes) => {
      const begun = cpuUsage();
      let checksum = 0;
      for (let i = 0; i < passes; i++) checksum = (checksum + pass()) >>> 0;
      const { user, system } = cpuUsage(begun);
      return Promise.resolve({ nanoseconds: (user + system) * 1_000, checksum });
    },
  };
}

/**
 * Measures a line of the report: rounds of the other, ours, the other.
 *
 * @param line What is done, by whom, and the aim.
 * @param ours Our side.
 * @param theirs The other's.
 * @param rounds How many.
 * @returns The line.
 * @throws {Different} If they make as many passes and their sums differ.
 */
export async function measurePeer(
  { name, peer, aim }: Pick<Peer, "name" | "peer" | "aim">,
  ours: Workload,
  theirs: Workload,
  rounds: number = ROUNDS,
): Promise<Peer> {
  for (let i = 0; i < WARM_UP; i++) await ours.side.measure(ours.passes);
  await theirs.side.measure(theirs.passes);
  const sameWork = ours.passes === theirs.passes;
  const { here, there, ratio, spread } = await untilQuiet(() => ratioOf(ours, theirs, { rounds, sameWork }), TRIES);
  const line = { name, peer, here: short(here), there: short(there), times: short(1 / ratio), spread: short(spread) };
  return aim === undefined ? line : { ...line, aim };
}
