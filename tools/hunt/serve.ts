/**
 * The other end of a hunt: a process without permissions that boots what it is asked, line by line.
 *
 * @module
 */

import process from "node:process";
import { findStrategy, STRATEGIES, type Strategy } from "../../core/strategies/mod.ts";
import { type ChunkRequest, huntChunk, type RawFinding } from "../../chapters/hunting/chunk.ts";
import { explained, propertyOf, type Question } from "../../chapters/hunting/finding.ts";
import { againstProperty } from "../../chapters/hunting/against.ts";
import type { Space } from "../../chapters/hunting/machine.ts";
import { ownStrategy } from "./own.ts";
import { PROPERTIES, type Property } from "../../chapters/hunting/properties.ts";

/** A request to a process: a chunk, or a finding to be made simple. */
export type Request = {
  /** Ids of strategies, or paths of files that the process was started with. */
  readonly strategies: readonly string[];
  /** Ids of properties. */
  readonly properties: readonly string[];
  /** Strategy that others must equal. */
  readonly against: string | undefined;
} & ({ readonly chunk: ChunkRequest } | { readonly raw: RawFinding; readonly space: Space });

/** Milliseconds between two signs of life. */
const SIGN_OF_LIFE = 500;

/** Modules of strategy files, by path. */
export type OwnModules = { readonly [path: string]: { readonly [name: string]: unknown } };

/**
 * Answers requests from stdin on stdout, a line of JSON each.
 *
 * @param own Modules of strategy files.
 */
export async function serve(own: OwnModules): Promise<void> {
  const strategies = new Map<string, Strategy>(STRATEGIES.map((strategy) => [strategy.id, strategy]));
  for (const [path, module] of Object.entries(own)) strategies.set(path, { ...ownStrategy(module), id: path });
  const find = (id: string) => strategies.get(id) ?? findStrategy(id);
  const write = writer();
  write({ ready: true });
  for await (const line of lines(Deno.stdin.readable)) write(answer(JSON.parse(line), find, ticker(write)));
}

function answer(request: Request, find: (id: string) => Strategy, tick: () => void): unknown {
  const properties = request.properties.map((id) => propertyOf(id, PROPERTIES)).filter((it) => it !== undefined);
  const { against } = request;
  const all: readonly Property[] = against === undefined ? properties : [...properties, againstProperty(find(against))];
  if ("chunk" in request) {
    const { user, system } = process.cpuUsage();
    const result = huntChunk(request.chunk, request.strategies.map(find), all, tick);
    const after = process.cpuUsage();
    return { result, busy: (after.user + after.system - user - system) / 1e6 };
  }
  return { finding: explained(request.raw, questionOf(request.raw, request, find, all), request.space, tick) };
}

function questionOf(
  { strategy, property }: RawFinding,
  { strategies }: Request,
  find: (id: string) => Strategy,
  properties: readonly Property[],
): Question {
  if (strategies.includes(property)) return { strategy: find(strategy), other: find(property) };
  return { strategy: find(strategy), property: propertyOf(property, properties) };
}

/** Says now and then that the process is alive, so that one which hangs is told from one that works. */
function ticker(write: (value: unknown) => void): () => void {
  let [last, machines] = [performance.now(), 0];
  return () => {
    machines++;
    if (performance.now() - last < SIGN_OF_LIFE) return;
    last = performance.now();
    write({ machines });
    machines = 0;
  };
}

function writer(): (value: unknown) => void {
  const encoder = new TextEncoder();
  return (value) => {
    for (let bytes = encoder.encode(`${JSON.stringify(value)}\n`); bytes.length > 0;) {
      bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
    }
  };
}

/** The lines of a stream, without their ends. */
export async function* lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = `${rest}${text}`.split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest !== "") yield rest;
}
