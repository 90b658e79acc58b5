/**
 * `deno task bench`: the ratios of the emulator's speed to C's, and what machines take of memory.
 *
 * @module
 */

import { type Comparison, COMPARISONS } from "../tests/bench/jobs.ts";
import { CReference } from "./bench/c_reference.ts";
import { compare, type Result } from "./bench/compare.ts";
import type { Measured } from "./bench/memory_process.ts";
import { measureMemory } from "./bench/memory.ts";
import { type BenchOptions, HELP, MEMORY, parseOptions } from "./bench/options.ts";
import { memoryTable, ratioTable } from "./bench/report.ts";
import { Different } from "./bench/rounds.ts";
import { Misuse } from "./command.ts";

/** What was measured, and on what. */
interface Report {
  readonly results: readonly Result[];
  readonly memory: readonly Measured[];
  readonly made: { readonly machine: string; readonly runtime: string; readonly rounds: number };
}

const encoder = new TextEncoder();
const out = (text: string): void => void Deno.stdout.writeSync(encoder.encode(text));
const err = (text: string): void => void Deno.stderr.writeSync(encoder.encode(text));

async function ratios(comparisons: readonly Comparison[], rounds: number): Promise<Result[]> {
  const needed = comparisons.some(({ against }) => against.kind === "c");
  const started = needed ? await CReference.start() : undefined;
  if (typeof started === "string") err(`bench: ${started}: no ratios to C\n`);
  const c = typeof started === "string" ? undefined : started;
  const results: Result[] = [];
  try {
    for (const comparison of comparisons) {
      const result = await compare(comparison, rounds, c);
      if (result === undefined) continue;
      results.push(result);
      if (Deno.stderr.isTerminal()) err(`\r\x1b[K${results.length} of ${comparisons.length}`);
    }
  } finally {
    await c?.close();
    if (Deno.stderr.isTerminal()) err("\r\x1b[K");
  }
  return results;
}

async function memory(): Promise<readonly Measured[]> {
  const measured = await measureMemory();
  if (typeof measured !== "string") return measured;
  err(`bench: memory is not measured: ${measured}\n`);
  return [];
}

async function measure({ names, rounds }: BenchOptions): Promise<Report> {
  const { os, arch } = Deno.build;
  return {
    results: await ratios(COMPARISONS.filter(({ name }) => names.includes(name)), rounds),
    memory: names.includes(MEMORY) ? await memory() : [],
    made: {
      machine: `${os} on ${arch}, ${navigator.hardwareConcurrency} processors`,
      runtime: `Deno ${Deno.version.deno}, V8 ${Deno.version.v8.split(".", 2).join(".")}`,
      rounds,
    },
  };
}

function print({ results, memory, made }: Report): void {
  if (results.length > 0) {
    out(
      `${
        ratioTable(results)
      }\nSmaller is better; medians of ${made.rounds} rounds. ${made.machine}, ${made.runtime}.\n`,
    );
  }
  if (memory.length > 0) out(`\n${memoryTable(memory)}`);
}

async function bench(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args, COMPARISONS.map(({ name }) => name));
    if (options.help) {
      out(HELP);
      return 0;
    }
    const report = await measure(options);
    if (options.json) out(`${JSON.stringify(report)}\n`);
    else print(report);
    return 0;
  } catch (error) {
    if (!(error instanceof Misuse || error instanceof Different)) throw error;
    err(`bench: ${error.message.replace(/\p{C}+/gu, " ")}\n`);
    return error instanceof Different ? 1 : 2;
  }
}

if (import.meta.main) Deno.exitCode = await bench(Deno.args);
