/**
 * A hunt: chunks of machines for many processes, and what they found put together. The result depends on the request alone, whatever the number
 * of processes.
 *
 * @module
 */

import { writeWhole } from "../command/whole_file.ts";
import { Misuse } from "../command/arguments.ts";
import { isEnding } from "../command/ending.ts";
import { withScratch } from "../command/scratch.ts";
import { CHUNK, type ChunkRequest, type RawFinding } from "../../chapters/hunting/chunk.ts";
import type { Finding } from "../../chapters/hunting/finding.ts";
import { isSimpler, type Space } from "../../chapters/hunting/machine.ts";
import { entryText, HuntProcess, Lost } from "./process.ts";
import type { Request } from "./serve.ts";

/** Milliseconds that a signal may take from one process to the next. */
const SIGNAL_TIMEOUT = 300;

/** The request of a hunt. Parts of one hunt differ in the shard only. */
export interface HuntRequest {
  readonly seed: number;
  /** Machines of all shards together. */
  readonly runs: number;
  readonly space: Space;
  /** Ids of strategies, or paths of files. */
  readonly strategies: readonly string[];
  readonly properties: readonly string[];
  readonly against: string | undefined;
  readonly pairs: boolean;
}

/** Shard `k` of `n`, from 1. */
export interface Shard {
  readonly k: number;
  readonly n: number;
}

/** A strategy that could not be asked to the end. */
export interface Stopped {
  readonly strategy: string;
  readonly why: string;
}

/** The work and the findings of a hunt, or of a part of one. */
export interface HuntResult {
  readonly machines: number;
  readonly boots: number;
  readonly impossible: number;
  readonly findings: readonly RawFinding[];
  readonly stopped: readonly Stopped[];
}

/** Nothing yet. */
export const NOTHING: HuntResult = Object.freeze({ machines: 0, boots: 0, impossible: 0, findings: [], stopped: [] });

/** Whether a strategy is a file. */
export function isFile(strategy: string): boolean {
  return /[./\\]ts$|\.(ts|js|mjs|mts)$/.test(strategy) || strategy.includes("/");
}

/** The chunks of a shard. */
export function chunksOf({ seed, runs, space, pairs }: HuntRequest, { k, n }: Shard): ChunkRequest[] {
  const all = Array.from({ length: Math.ceil(runs / CHUNK) }, (_, chunk): ChunkRequest => ({
    seed,
    chunk,
    runs: Math.min(CHUNK, runs - chunk * CHUNK),
    space,
    pairs,
  }));
  return all.filter(({ chunk }) => chunk % n === k - 1);
}

/** Two results as one. Of each question the simplest machine stays; of two alike the one that was made first. */
export function join(a: HuntResult, b: HuntResult): HuntResult {
  const found = new Map<string, RawFinding>();
  for (const finding of [...a.findings, ...b.findings]) {
    const key = `${finding.strategy} ${finding.property}`;
    const known = found.get(key);
    if (known === undefined || precedes(finding, known)) found.set(key, finding);
  }
  return {
    machines: a.machines + b.machines,
    boots: a.boots + b.boots,
    impossible: a.impossible + b.impossible,
    findings: [...found.values()],
    stopped: [...a.stopped, ...b.stopped],
  };
}

function precedes(a: RawFinding, b: RawFinding): boolean {
  if (isSimpler(a.machine, b.machine)) return true;
  return !isSimpler(b.machine, a.machine) && placeOf(a) < placeOf(b);
}

function placeOf({ path }: RawFinding): number {
  const [chunk = 0, at = 0] = path.split(":").map(Number);
  return chunk * CHUNK + at;
}

/** The progress of a hunt. */
export interface Watcher {
  /** Machines that were booted since the last time. */
  readonly progress: (machines: number) => void;
  /** Everything so far. */
  readonly partial: (result: HuntResult) => void;
  /** Seconds of a processor that a process has spent. */
  readonly busy: (cpuSeconds: number) => void;
}

/**
 * Searches the machines of a shard.
 *
 * @param request What is searched.
 * @param shard Which part of it.
 * @param workers Processes at a time.
 * @param watcher Is told how it goes.
 * @returns What was found, not yet made simple.
 */
export async function search(
  request: HuntRequest,
  shard: Shard,
  workers: number,
  watcher: Watcher,
): Promise<HuntResult> {
  let result = NOTHING;
  const add = (more: HuntResult) => watcher.partial(result = join(result, more));
  for (const [at, strategies] of groupsOf(request).entries()) {
    const asked = { ...request, strategies };
    await withProcesses(strategies, workers, add, async (processes) => {
      const chunks = chunksOf(request, shard);
      const work = async (process: HuntProcess) => {
        for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
          const found = await process.search({ ...asked, chunk }, at === 0 ? watcher.progress : () => {});
          add({ ...found, machines: at === 0 ? found.machines : 0, stopped: [] });
        }
      };
      await Promise.all(processes.map(work));
      for (const { cpuSeconds } of processes) watcher.busy(cpuSeconds);
    });
  }
  return result;
}

/** Findings as they are reported. */
export interface Simplified {
  readonly findings: readonly Finding[];
  readonly stopped: readonly Stopped[];
}

/**
 * Makes the machines of findings as simple as can be.
 *
 * @param request What was searched.
 * @param result What was found.
 * @param workers Processes at a time.
 * @returns The findings, in the order of strategies and properties, and the files that could not be asked.
 */
export async function simplify(
  request: HuntRequest,
  { findings }: HuntResult,
  workers: number,
): Promise<Simplified> {
  const simple: Finding[] = [];
  const stopped: Stopped[] = [];
  for (const strategies of groupsOf(request)) {
    const raws = findings.filter(({ strategy }) => strategies.includes(strategy));
    if (raws.length === 0) continue;
    await withProcesses(
      strategies,
      Math.min(workers, raws.length),
      (lost) => stopped.push(...lost.stopped),
      async (processes) => {
        const work = async (process: HuntProcess) => {
          for (let raw = raws.shift(); raw !== undefined; raw = raws.shift()) {
            simple.push(await process.explain({ ...request, strategies, raw } satisfies Request));
          }
        };
        await Promise.all(processes.map(work));
      },
    );
  }
  return { findings: simple.sort((a, b) => orderOf(request, a) - orderOf(request, b)), stopped };
}

function orderOf({ strategies, properties }: HuntRequest, { strategy, property }: RawFinding): number {
  const second = strategies.includes(property) ? strategies.indexOf(property) : properties.indexOf(property) + 1;
  return strategies.indexOf(strategy) * 1000 + (second < 0 ? 999 : second);
}

/** Strategies that share a process: all of ours, and each file alone, unless pairs are told apart. */
function groupsOf({ strategies, pairs }: HuntRequest): (readonly string[])[] {
  if (pairs) return [strategies];
  const ours = strategies.filter((it) => !isFile(it));
  const groups = strategies.filter(isFile).map((file) => [file]);
  return ours.length === 0 ? groups : [ours, ...groups];
}

/** Ctrl-C reaches the processes too, perhaps before it reaches this one: who is being ended has nothing more to say. */
async function notEnding(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SIGNAL_TIMEOUT));
  if (isEnding()) await new Promise(() => {});
}

/** Works with processes. If one is lost, the files that it had are named, and their part of the hunt ends. */
async function withProcesses(
  strategies: readonly string[],
  count: number,
  add: (result: HuntResult) => void,
  work: (processes: readonly HuntProcess[]) => Promise<void>,
): Promise<void> {
  const files = strategies.filter(isFile);
  await withScratch(async (folder) => {
    const entry = `${folder}/entry.ts`;
    await writeWhole(entry, entryText(files));
    const processes = Array.from({ length: count }, () => new HuntProcess(entry));
    try {
      await Promise.all(processes.map((process) => process.ready()));
      await work(processes);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      await notEnding();
      if (files.length === 0) throw new Misuse(`a process of the hunt ${error.message}`, { cause: error });
      add({ ...NOTHING, stopped: files.map((strategy) => ({ strategy, why: error.message })) });
    } finally {
      await Promise.all(processes.map((process) => process.end()));
    }
  });
}
