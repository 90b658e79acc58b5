/**
 * A hunt in one process, without workers and shards: for a block of a chapter, an exercise, or a worker of a page.
 *
 * @module
 */

import {
  callable,
  type Check,
  flag,
  integer,
  list,
  oneOf,
  optional,
  options as optionsOf,
  shape,
  text,
} from "../../core/check.ts";
import { type PlatformId, PLATFORMS } from "../../core/platforms.ts";
import { anyStrategy, resolveStrategy } from "../../core/strategies/list.ts";
import type { Strategy } from "../../core/strategies/mod.ts";
import { CHUNK, huntChunk } from "./chunk.ts";
import { explained, propertyOf } from "./finding.ts";
import { isSimpler, MIN_MEMORY, type Space } from "./machine.ts";
import { HUNT_SEED } from "./seed.ts";
import { PROPERTIES, type Property } from "./properties.ts";

/** What is looked for, and where. */
export interface HuntOptions {
  /** The strategy, or its id. */
  readonly strategy: string | Strategy;
  /** The property, or its id (`deno task hunt --help` lists them). */
  readonly property: string | Property;
  /** Machines that are tried at most; 200 unless said otherwise. */
  readonly runs?: number;
  /** Other machines; the same seed gives the same machines everywhere. */
  readonly seed?: number;
  /** Platforms that machines are made from; all unless said otherwise. */
  readonly platforms?: readonly PlatformId[];
  /** Most pages of memory of a machine, from 4,096; 8,192 unless said otherwise. */
  readonly maxMemory?: number;
  /** Whether only what there was in 2007 is searched; false unless said otherwise. */
  readonly of2007?: boolean;
  /** Called after each machine. */
  readonly tick?: () => void;
}

/** What came of a hunt. */
export interface Hunted {
  /** Machines that were tried. */
  readonly machines: number;
  /** The call that boots the simplest machine found; undefined if every machine has the property. */
  readonly boot: string | undefined;
  /** The refusing rule, the first wrong page, or the exception; empty if every machine has the property. */
  readonly why: string;
}

const PLATFORM_IDS = PLATFORMS.map(({ id }) => id);
const KNOWN = oneOf(...PROPERTIES.map(({ id }) => id));
const OWN = shape("the id of a property, or a property of one's own", { id: text, refute: callable });
const aProperty: Check = (value, name) => (typeof value === "string" ? KNOWN : OWN)(value, name);

const checkOptions = optionsOf("counterExample", {
  strategy: anyStrategy,
  property: aProperty,
  runs: optional(integer(1, 1_000_000)),
  seed: optional(integer(0, 2 ** 31 - 1)),
  platforms: optional(list(oneOf(...PLATFORM_IDS))),
  maxMemory: optional(integer(MIN_MEMORY, 2 ** 18)),
  of2007: optional(flag),
  tick: optional(callable),
});

/**
 * Looks for the simplest machine on which a property of a strategy fails. The machines are those of `deno task hunt` with the same seed.
 *
 * @param options What is looked for, and where.
 * @returns What was found. An exception of a strategy counts as a failure, whatever was asked.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If a number is out of range, or no strategy has the id.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { counterExample } from "@pagetable-init/chapters";
 *
 * const { boot } = counterExample({ strategy: "keep-template", property: "no-user-access", platforms: ["native-486"], runs: 20 });
 * assertEquals(boot, `boot({ platform: "native-486", strategy: "keep-template", memory: "16M" })`);
 * ```
 */
export function counterExample(options: HuntOptions): Hunted {
  checkOptions(options, "the argument of counterExample");
  const { runs = CHUNK, seed = HUNT_SEED, platforms = PLATFORM_IDS, maxMemory = 2 * MIN_MEMORY, of2007 = false } =
    options;
  const strategy = resolveStrategy(options.strategy);
  const properties = typeof options.property === "string"
    ? PROPERTIES.filter(({ id }) => id === options.property)
    : [options.property];
  const space: Space = { platforms, maxMemory, of2007 };
  for (let chunk = 0; chunk * CHUNK < runs; chunk++) {
    const request = { seed, chunk, runs: Math.min(CHUNK, runs - chunk * CHUNK), space, pairs: false };
    const { findings } = huntChunk(request, [strategy], properties, options.tick);
    const found = findings.toSorted((a, b) => isSimpler(b.machine, a.machine) ? 1 : -1)[0];
    if (found === undefined) continue;
    const { boot, why } = explained(found, { strategy, property: propertyOf(found.property, properties) }, space);
    return { machines: chunk * CHUNK + request.runs, boot, why };
  }
  return { machines: runs, boot: undefined, why: "" };
}
