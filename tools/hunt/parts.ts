/**
 * Results of shards as JSON lines, which are merged by writing them one after the other.
 *
 * @module
 */

import { Misuse } from "../command.ts";
import type { RawFinding } from "../../chapters/hunting/chunk.ts";
import { type HuntRequest, type HuntResult, join, NOTHING, type Shard } from "./hunt.ts";

/** A shard's request and result, in one line. */
interface Part {
  readonly request: HuntRequest;
  readonly shard: Shard;
  readonly result: HuntResult;
}

/** The line of a shard. */
export function partLine(request: HuntRequest, shard: Shard, result: HuntResult): string {
  const findings = [...result.findings].sort((a, b) => compare(keyOf(a), keyOf(b)));
  return `${JSON.stringify({ request, shard, result: { ...result, findings } } satisfies Part)}\n`;
}

/**
 * Puts the shards of a hunt together.
 *
 * @param text Lines of shards, in any order. A shard that was run twice counts once.
 * @returns What the whole hunt was asked and found.
 * @throws {Misuse} If a line is none of a shard, shards are of different hunts, or one is missing.
 */
export function merged(text: string): { readonly request: HuntRequest; readonly result: HuntResult } {
  const parts = text.split("\n").filter((line) => line.trim() !== "").map(partOf);
  const [first] = parts;
  if (first === undefined) throw new Misuse("expected the lines of shards but found nothing");
  const byShard = new Map<number, Part>();
  for (const part of parts) {
    if (JSON.stringify([part.request, part.shard.n]) !== JSON.stringify([first.request, first.shard.n])) {
      throw new Misuse("expected shards of one hunt but found some with another seed, space, rule or number of shards");
    }
    byShard.set(part.shard.k, part);
  }
  const missing = Array.from({ length: first.shard.n }, (_, i) => i + 1).filter((k) => !byShard.has(k));
  if (missing.length > 0) {
    throw new Misuse(`expected all ${first.shard.n} shards but found none of ${missing.join(", ")}`);
  }
  const result = [...byShard.values()].reduce((sum, part) => join(sum, part.result), NOTHING);
  return { request: first.request, result };
}

function partOf(line: string, at: number): Part {
  try {
    const part: unknown = JSON.parse(line);
    if (isPart(part)) return part;
  } catch {
    // said below
  }
  throw new Misuse(`expected a line of \`hunt --shard\` but found something else in line ${at + 1}`);
}

/** Whether a value has what is used of a part. Lines come from this program; what is checked is that they are whole. */
function isPart(value: unknown): value is Part {
  const { request, shard, result } = (value ?? {}) as Partial<Part>;
  return Array.isArray(request?.strategies) && Array.isArray(request.properties) && Number.isInteger(shard?.k) &&
    Number.isInteger(shard?.n) && Array.isArray(result?.findings) && Array.isArray(result.stopped);
}

function keyOf({ strategy, property }: RawFinding): string {
  return `${strategy} ${property}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
