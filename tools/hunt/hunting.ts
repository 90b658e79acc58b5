/**
 * The hunt that a command line asks for.
 *
 * @module
 */

import { bootCall } from "../../chapters/hunting/print.ts";
import { PROPERTIES } from "../../chapters/hunting/properties.ts";
import { HUNT_SEED } from "../../chapters/hunting/seed.ts";
import { readBounded } from "../../chapters/recorded/files/read_bounded.ts";
import { parseMemory } from "../../core/memory_size.ts";
import { PLATFORMS } from "../../core/platforms.ts";
import { STRATEGIES } from "../../core/strategies/mod.ts";
import { type Arguments, integerOf, Misuse, oneOf, pathOf, type Streams } from "../command.ts";
import { onSignalEnd } from "../command/ending.ts";
import { DEFAULT_MEMORY, DEFAULT_RUNS } from "./defaults.ts";
import { type HuntRequest, type HuntResult, isFile, NOTHING, search, type Shard, simplify } from "./hunt.ts";
import { merged, partLine } from "./parts.ts";
import { reportJson, reportOf, reportText } from "./report.ts";

const MAX_RUNS = 2 ** 40;
const MAX_SEED = 2 ** 31 - 1;
const MAX_WORKERS = 256;
/** Bytes of a strategy file. */
const MAX_STRATEGY_BYTES = 2 ** 20;
/** Milliseconds between two lines of progress. */
const PROGRESS = 200;

const STRATEGY_IDS = STRATEGIES.map(({ id }) => id);
const PLATFORM_IDS = PLATFORMS.map(({ id }) => id);
const PROPERTY_IDS = PROPERTIES.map(({ id }) => id);

/** The request in the arguments. */
function requestOf({ values, options }: Arguments, streams: Streams): HuntRequest {
  const pairs = options.has("pairs");
  const strategies = (values.strategy ?? []).map((it) => isFile(it) ? pathOf(it, streams) : oneOf(STRATEGY_IDS, it));
  const against = values.against?.at(-1);
  if (pairs && (against !== undefined || values.property !== undefined)) {
    throw new Misuse("expected --pairs, or --property and --against, but found both");
  }
  const other = against === undefined ? undefined : oneOf(STRATEGY_IDS, against);
  const asked = (values.property ?? []).map((id) => oneOf(PROPERTY_IDS, id));
  const all = asked.length === 0 && other === undefined ? PROPERTY_IDS : asked;
  const properties = pairs ? [] : [...new Set([...all, ...(other === undefined ? [] : [`same-as-${other}`])])];
  return {
    seed: integerOf({ values, options, words: [] }, "seed", MAX_SEED) ?? HUNT_SEED,
    runs: integerOf({ values, options, words: [] }, "runs", MAX_RUNS) ?? DEFAULT_RUNS,
    space: {
      platforms: (values.platform ?? PLATFORM_IDS).map((id) => oneOf(PLATFORM_IDS, id)),
      maxMemory: parseMemory(values["max-memory"]?.at(-1) ?? DEFAULT_MEMORY) / 4096,
      of2007: options.has("of-2007"),
    },
    strategies: strategies.length === 0 ? STRATEGY_IDS : [...new Set(strategies)],
    properties,
    against: other,
    pairs,
  };
}

function shardOf({ values }: Arguments): Shard | undefined {
  const text = values.shard?.at(-1);
  if (text === undefined) return undefined;
  const [, k, n] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  const shard = { k: Number(k), n: Number(n) };
  if (shard.k >= 1 && shard.k <= shard.n) return shard;
  throw new Misuse(`expected --shard K/N with K from 1 to N but found ${text.slice(0, 40)}`);
}

/** Searches with progress. Whatever a signal ends keeps what was found. */
async function searched(
  request: HuntRequest,
  shard: Shard,
  workers: number,
  streams: Streams,
  json: boolean,
): Promise<HuntResult> {
  const started = performance.now();
  let [machines, told, result, cpu] = [0, started, NOTHING, 0];
  const rate = () => Math.round(machines / ((performance.now() - started) / 1000));
  const forget = onSignalEnd(() => saveWhatWasFound(request, result, json));
  const progress = (more: number) => {
    machines += more;
    if (!streams.watched || performance.now() - told < PROGRESS) return;
    told = performance.now();
    streams.err(`\r${machines} machines, ${rate()} a second, ${result.findings.length} findings`);
  };
  try {
    result = await search(request, shard, workers, {
      progress,
      partial: (found) => result = found,
      busy: (cpuSeconds) => cpu += cpuSeconds,
    });
  } finally {
    forget();
  }
  machines = result.machines;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const ofCore = cpu === 0 ? "" : `, ${Math.round(machines / cpu)} a second of a core`;
  streams.err(
    `${streams.watched ? "\r" : ""}${machines} machines, ${result.boots} boots in ${seconds} s: ` +
      `${rate()} machines a second${ofCore}\n`,
  );
  return result;
}

/** The hunt was ended: its findings are printed as they are, not made simple. */
function saveWhatWasFound(request: HuntRequest, result: HuntResult, json: boolean): void {
  const findings = result.findings.map((raw) => ({
    ...raw,
    boot: bootCall(raw.machine, { id: raw.strategy }),
    why: "not made simple: the hunt was ended",
  }));
  const report = reportOf(request, result, findings, []);
  const text = new TextEncoder().encode(json ? reportJson(report) : reportText(report));
  for (let bytes = text; bytes.length > 0;) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}

async function conclude(request: HuntRequest, result: HuntResult, workers: number, json: boolean): Promise<string> {
  const { findings, stopped } = await simplify(request, result, workers);
  const report = reportOf(request, result, findings, stopped);
  return json ? reportJson(report) : reportText(report);
}

/**
 * Does what the arguments of `deno task hunt` ask for.
 *
 * @param args The arguments.
 * @param streams Where it goes.
 * @returns The exit code.
 */
export async function hunting(args: Arguments, streams: Streams): Promise<number> {
  const json = args.options.has("json");
  const workers = Math.max(1, integerOf(args, "workers", MAX_WORKERS) ?? navigator.hardwareConcurrency);
  const file = args.values.merge?.at(-1);
  if (file !== undefined) {
    const { request, result } = merged(new TextDecoder().decode(await readBounded(pathOf(file, streams))));
    streams.out(await conclude(request, result, workers, json));
    return 0;
  }
  const request = requestOf(args, streams);
  for (const path of request.strategies.filter(isFile)) await readBounded(path, MAX_STRATEGY_BYTES);
  const shard = shardOf(args);
  const result = await searched(request, shard ?? { k: 1, n: 1 }, workers, streams, json);
  streams.out(
    shard === undefined ? await conclude(request, result, workers, json) : partLine(request, shard, result),
  );
  return 0;
}
