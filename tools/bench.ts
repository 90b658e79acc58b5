/**
 * `deno task bench`: the ratios of the emulator's speed to C's and to other programs', memory, growth, and what people wait for.
 *
 * @module
 */

import { type Comparison, COMPARISONS } from "./bench/jobs/jobs.ts";
import { CReference } from "./bench/c_reference.ts";
import { compare, type Result } from "./bench/compare.ts";
import { type Felt, measureFelt } from "./bench/felt.ts";
import { type Growth, measureGrowth } from "./bench/growth.ts";
import { measureMemory } from "./bench/memory.ts";
import type { Measured } from "./bench/memory_process.ts";
import { measurePeers } from "./bench/peers.ts";
import { onOneProcessor } from "./bench/one_processor.ts";
import type { Peer } from "./bench/peer.ts";
import { busyNote, feltTable, growthTable, memoryTable, peerTable, ratioTable } from "./bench/report.ts";
import { Different } from "./bench/rounds.ts";
import { type Arguments, type Command, integerOf, main, Misuse, type Streams } from "./command.ts";

const ROUNDS = 9;
const MAX_ROUNDS = 99;
/** The name under which `--only` knows the section on memory. */
const MEMORY = "memory";

/** The measurements, and the machine that they were made on. */
interface Report {
  readonly results: readonly Result[];
  readonly memory: readonly Measured[];
  /** With `--felt`. */
  readonly felt?: readonly Felt[];
  /** With `--growth`. */
  readonly growth?: readonly Growth[];
  /** With `--peers`. */
  readonly peers?: readonly Peer[];
  readonly made: { readonly machine: string; readonly runtime: string; readonly rounds: number };
}

/** The command. */
export const benchCommand: Command = {
  name: "bench",
  words: 0,
  options: ["json", "felt", "growth", "peers", "all"],
  values: ["rounds", "only"],
  help: `Measures what this machine costs: ratios to the same work in C, to other work here, or to seconds.
A round is C, ours, C; a ratio is the median of the rounds. Both sides must find the same. Without gcc there are no ratios to C.
Rounds that do not agree are made again; if they never do, the machine is busy, and the line says so.

usage: deno task bench [--json] [--rounds N] [--only NAME]...
       deno task bench [--felt] [--growth] [--peers] [--all] [--json]

  --json       print the same as JSON: { results, memory, made }, and felt, growth and peers if asked for
  --rounds N   rounds, 1 to ${MAX_ROUNDS} (default: ${ROUNDS}); what takes seconds is done three times at most
  --felt       only what people wait for: whole commands, verdicts on exercises, first Runs of chapters, boots, pages in Chromium
  --growth     only time and memory against size: boots, traces, steps, audits, recordings, many machines
  --peers      only loads beside Unicorn, v86 and Bochs, and maps beside QEMU's monitor and volatility3, of the same tables;
               says what to install where one is missing
  --all        everything above: what docs/bench.json records
  --only NAME  only what has NAME in its name, or "memory"; may be repeated
  --help       print this

Exit codes: 0 measured, whatever the ratios; 1 the two sides do not find the same; 2 a wrong option.

example: deno task bench --rounds 15 --only walk --only hit
`,
  async run(args, streams) {
    const names = namesOf(args);
    const rounds = integerOf(args, "rounds", MAX_ROUNDS) ?? ROUNDS;
    if (rounds === 0) throw new Misuse("expected --rounds from 1 but found 0");
    try {
      const report = await measure(sectionsOf(args, names), rounds, streams);
      streams.out(args.options.has("json") ? `${JSON.stringify(report)}\n` : textOf(report));
      return 0;
    } catch (error) {
      if (!(error instanceof Different)) throw error;
      streams.err(`bench: ${error.message}\n`);
      return 1;
    }
  },
};

/** Sections that are measured only if they are asked for. */
const ASKED = ["felt", "growth", "peers"] as const;

/** The sections that are asked for; the ratios and the memory with these names if none is. */
function sectionsOf({ options }: Arguments, names: readonly string[]): readonly string[] {
  if (options.has("all")) return [...names, ...ASKED];
  const asked = ASKED.filter((it) => options.has(it));
  return asked.length > 0 ? asked : names;
}

/** The measurements that are wanted, in the order of the report. */
function namesOf({ values: { only = [] } }: Arguments): string[] {
  const all = [...COMPARISONS.map(({ name }) => name), MEMORY];
  const unknown = only.find((part) => part === "" || !all.some((name) => name.includes(part)));
  if (unknown !== undefined) {
    throw new Misuse(`expected a part of one of these names: ${all.join("; ")}; but found ${unknown.slice(0, 100)}`);
  }
  return only.length === 0 ? all : all.filter((name) => only.some((part) => name.includes(part)));
}

async function measure(names: readonly string[], rounds: number, streams: Streams): Promise<Report> {
  const { os, arch } = Deno.build;
  return {
    results: await allRatios(COMPARISONS.filter(({ name }) => names.includes(name)), rounds, streams),
    memory: names.includes(MEMORY) ? await section(MEMORY, measureMemory, streams) : [],
    ...(names.includes("felt") ? { felt: await section("felt", () => measureFelt(streams.err), streams) } : {}),
    ...(names.includes("peers") ? { peers: await section("peers", () => measurePeers(streams.err), streams) } : {}),
    ...(names.includes("growth") ? { growth: await section("growth", measureGrowth, streams) } : {}),
    made: {
      machine: `${os} on ${arch}, ${navigator.hardwareConcurrency} processors`,
      runtime: `Deno ${Deno.version.deno}, V8 ${Deno.version.v8.split(".", 2).join(".")}`,
      rounds,
    },
  };
}

/** Two kinds of work take turns on one processor. Work that is held to a time has all of them, as a reader's has. */
async function allRatios(comparisons: readonly Comparison[], rounds: number, streams: Streams): Promise<Result[]> {
  const isTime = ({ against }: Comparison) => against.kind === "seconds";
  const besideWork = comparisons.filter((it) => !isTime(it));
  return [
    ...await onOneProcessor(() => ratios(besideWork, rounds, streams)),
    ...await ratios(comparisons.filter(isTime), rounds, streams),
  ];
}

async function ratios(comparisons: readonly Comparison[], rounds: number, { err }: Streams): Promise<Result[]> {
  const started = comparisons.some(({ against }) => against.kind === "c") ? await CReference.start() : undefined;
  if (typeof started === "string") err(`bench: ${started}: no ratios to C\n`);
  const c = typeof started === "string" ? undefined : started;
  const watched = Deno.stderr.isTerminal();
  const results: Result[] = [];
  try {
    for (const [at, comparison] of comparisons.entries()) {
      if (watched) err(`\r\x1b[K${at + 1} of ${comparisons.length}: ${comparison.name}`);
      const result = await compare(comparison, rounds, c);
      if (result !== undefined) results.push(result);
    }
  } finally {
    if (watched) err("\r\x1b[K");
    await c?.close();
  }
  return results;
}

/** A section that processes of their own measure; empty, with a note, where they cannot be started. */
async function section<T>(
  name: string,
  measure: () => Promise<readonly T[] | string>,
  { err }: Streams,
): Promise<readonly T[]> {
  const measured = await measure().catch((error) => {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return error.message;
    throw error;
  });
  if (typeof measured !== "string") return measured;
  err(`bench: ${name} is not measured: ${measured.trim()}\n`);
  return [];
}

function textOf({ results, memory, felt = [], growth = [], peers = [], made }: Report): string {
  const ratios = results.length === 0 ? "" : `${ratioTable(results)}
Smaller is better; medians of ${made.rounds} rounds. ${made.machine}, ${made.runtime}.
${busyNote(results)}`;
  return [
    ratios,
    memory.length === 0 ? "" : memoryTable(memory),
    felt.length === 0 ? "" : feltTable(felt),
    growth.length === 0 ? "" : growthTable(growth),
    peers.length === 0 ? "" : peerTable(peers),
  ].filter((part) => part !== "").join("\n");
}

if (import.meta.main) await main(benchCommand);
