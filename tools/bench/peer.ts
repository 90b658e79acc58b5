/**
 * Programs in Python that drive what people would use instead: a request as JSON goes in, an answer as JSON comes out.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { start } from "../command/process.ts";
import { short } from "./rounds.ts";

/** A comparison with another program. */
export interface Peer {
  /** What is done. */
  readonly name: string;
  /** The other, with its version. */
  readonly peer: string;
  /** Nanoseconds of processor time here. */
  readonly here: number;
  /** Nanoseconds of processor time there. */
  readonly there: number;
  /** How many times as long the other takes; below 1 it is the faster. */
  readonly times: number;
  /** What `times` is to be at least; undefined where the other is known to lead. */
  readonly aim?: number;
}

/** Lines of the report, or why there are none and what to install. */
export type Peers = readonly Peer[] | string;

const PYTHONS = ["out/bench/venv/bin/python3", "python3"];

/**
 * A line of the report.
 *
 * @param line What was measured; times in nanoseconds.
 * @returns It with its ratio.
 */
export function peerOf(line: Omit<Peer, "times">): Peer {
  return { ...line, here: short(line.here), there: short(line.there), times: short(line.there / line.here) };
}

/**
 * Asks a program.
 *
 * @param program Its path.
 * @param request What it reads.
 * @returns What it prints; undefined if no Python here can run it.
 */
export async function askPython<T>(program: string, request: unknown): Promise<T | undefined> {
  for (const python of PYTHONS) {
    const answer = await ask<T>(python, program, JSON.stringify(request));
    if (answer !== undefined) return answer;
  }
  return undefined;
}

async function ask<T>(python: string, program: string, request: string): Promise<T | undefined> {
  try {
    const child = start(python, [program], { stdin: "piped", stdout: "piped", stderr: "piped" });
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(request)).then(() => writer.close()).catch(() => {});
    const [{ code }, out] = await Promise.all([
      child.status,
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    return code === 0 ? JSON.parse(out) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Does work some times.
 *
 * @param rounds How often.
 * @param work The work.
 * @returns The nanoseconds of processor time of the shortest round, and what the last one returned.
 */
export function shortest<T>(rounds: number, work: () => T): { readonly nanoseconds: number; readonly result: T } {
  const once = () => {
    const begun = cpuUsage();
    const result = work();
    const { user, system } = cpuUsage(begun);
    return { nanoseconds: (user + system) * 1_000, result };
  };
  let best = once();
  for (let round = 1; round < rounds; round++) {
    const next = once();
    best = { nanoseconds: Math.min(best.nanoseconds, next.nanoseconds), result: next.result };
  }
  return best;
}
