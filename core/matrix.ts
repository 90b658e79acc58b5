/**
 * The matrix: all strategies booted on all platforms, and audited.
 *
 * @module
 */

import { type Audit, audit, type AuditOptions } from "./audit/mod.ts";
import { boot, type Run, runShape } from "./boot.ts";
import { callable, type Check, integer, list, optional, options as optionsOf, shape, text } from "./check.ts";
import type { Id } from "./ids.ts";
import type { Stop, StopKind } from "./paravirt/mod.ts";
import { anyPlatform, type Platform, type PlatformId, PLATFORMS, resolvePlatform } from "./platforms.ts";
import { BOOT_DEFAULTS, memoryFor, memorySize, voidReason } from "./setup.ts";
import { anyStrategy, resolveStrategy, STRATEGIES } from "./strategies/list.ts";
import type { Strategy, StrategyId } from "./strategies/mod.ts";
import type { XenRule } from "./xen/mod.ts";

/** The stop of a boot, as `debate --json` prints it. */
export interface RowStop {
  /** Kind of the stop, as in `Stop`. */
  readonly kind: StopKind;
  /** One line for people. */
  readonly message: string;
  /** Number of the write that did not happen, or of the last one that did. */
  readonly step: number;
  /** The rule of Xen's (`XEN_RULES`) that refused; missing for stops of other kinds. */
  readonly rule?: XenRule;
}

/**
 * One row of the matrix, as `debate --json` prints it.
 *
 * @category Types
 */
export interface Row {
  /** Id of the strategy. */
  readonly strategy: string;
  /** Id of the platform. */
  readonly platform: string;
  /** Bytes of memory. */
  readonly memoryBytes: number;
  /** Why the strategy cannot run on the platform; missing for a cell that was booted. */
  readonly void?: string;
  /** Whether the boot reached finished page tables. */
  readonly booted: boolean;
  /** The stop; missing for a boot that reached its end. */
  readonly stop?: RowStop;
  /** How much of lowmem is mapped, in 4K pages. */
  readonly coverage: Audit["coverage"];
  /** Permission errors by class, in 4K pages. */
  readonly permissionErrors: { readonly [name in keyof Audit["permissionErrors"]]: number };
  /** Entries written, calls to the host, stores that the host emulated. */
  readonly cost: Run["cost"];
}

/**
 * One cell of the matrix: plain data, so that it can be posted to a worker or a page.
 *
 * @category Types
 */
export interface Cell {
  /** Its row. */
  readonly row: Row;
  /** The strategy, without its code. */
  readonly strategy: Pick<Strategy, "id" | "does" | "who">;
  /** The platform. */
  readonly platform: Platform;
  /** The audit at the end of the boot; undefined for a void cell. */
  readonly audit: Audit | undefined;
  /** Lines of the hypervisor's log; empty on bare metal. */
  readonly log: readonly string[];
}

/**
 * The part of the matrix to compute.
 *
 * @category Types
 */
export interface MatrixOptions {
  /** Strategies: ids, or the caller's own objects; all of `STRATEGIES` unless said otherwise. */
  readonly strategies?: readonly (Id<StrategyId> | Strategy)[];
  /** Platforms: ids, or the caller's own objects; all of `PLATFORMS` unless said otherwise. */
  readonly platforms?: readonly (Id<PlatformId> | Platform)[];
  /** Memory size: bytes, or text such as `64M`. 64M unless said otherwise. */
  readonly memory?: string | number;
  /** Intent of lowmem; `intendedRanges` unless said otherwise. */
  readonly intent?: AuditOptions["intent"];
}

/**
 * Computes the matrix, cell by cell, platform by platform.
 *
 * @param options Strategies, platforms, memory size and intent.
 * @returns A generator that computes each cell when it is asked for, and keeps none.
 * @throws {TypeError} If an option is unknown or of a wrong kind, before anything is computed.
 * @throws {RangeError} If an id is not known or a platform cannot have the memory, before anything is computed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "@pagetable-init/textbook";
 *
 * const [cell] = matrix({ strategies: ["filter-set-pte"], platforms: ["xen-pae"] });
 * assertEquals(cell?.row.booted, true);
 * ```
 * @category Verbs
 */
export function matrix(options: MatrixOptions = {}): Generator<Cell, void, void> {
  checkOptions(options, "the argument of matrix");
  const strategies = options.strategies?.map(resolveStrategy) ?? STRATEGIES;
  const platforms = options.platforms?.map(resolvePlatform) ?? PLATFORMS;
  const memory = options.memory ?? BOOT_DEFAULTS.memory;
  for (const platform of platforms) memoryFor(platform, memory);
  return cells(strategies, platforms, memory, intentOf(options));
}

const checkOptions = optionsOf("matrix", {
  strategies: optional(list(anyStrategy)),
  platforms: optional(list(anyPlatform)),
  memory: optional(memorySize),
  intent: optional(callable),
});

function* cells(
  strategies: readonly Strategy[],
  platforms: readonly Platform[],
  memory: string | number,
  intent: Pick<AuditOptions, "intent">,
): Generator<Cell, void, void> {
  for (const platform of platforms) {
    for (const strategy of strategies) {
      const reason = voidReason(strategy, platform);
      if (reason !== undefined) yield voidCell(strategy, platform, memoryFor(platform, memory), reason);
      else yield cellOf(boot({ platform, strategy, memory, trace: false }), intent);
    }
  }
}

function voidCell(strategy: Strategy, platform: Platform, memoryBytes: number, reason: string): Cell {
  const row = { strategy: strategy.id, platform: platform.id, memoryBytes, void: reason, ...EMPTY };
  return { row, strategy: namesOf(strategy), platform, audit: undefined, log: [] };
}

/**
 * A boot as a cell of the matrix.
 *
 * @param run The boot.
 * @param options `intent`: what lowmem should be, as for `audit`.
 * @returns The cell, as `matrix` yields it: the row and what it was computed from.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { cellOf } from "@pagetable-init/textbook/boot";
 *
 * const run = boot({ platform: "xen-pae", strategy: "filter-set-pte", bootmem: "highest-first", memory: "16M" });
 * assertEquals(cellOf(run).row.booted, false);
 * ```
 */
export function cellOf(run: Run, options: Pick<AuditOptions, "intent"> = {}): Cell {
  runShape(run, "run");
  const { platform, strategy, memoryBytes, outcome, cost, log } = run;
  const audited = audit(run.machine, options);
  const row: Row = {
    strategy: strategy.id,
    platform: platform.id,
    memoryBytes,
    booted: outcome.ok,
    ...(outcome.ok ? {} : { stop: rowStop(outcome.stop) }),
    coverage: audited.coverage,
    permissionErrors: counts(audited),
    cost,
  };
  return { row, strategy: namesOf(strategy), platform, audit: audited, log };
}

/**
 * A boot as a row of the matrix, as `debate --json` prints it.
 *
 * @param run The boot.
 * @param options `intent`: what lowmem should be, as for `audit`.
 * @returns The row.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { rowOf } from "@pagetable-init/textbook/boot";
 *
 * assertEquals(rowOf(boot({ platform: "native-486", strategy: "keep-template" })).permissionErrors.userAccessible, 3072);
 * ```
 */
export function rowOf(run: Run, options: Pick<AuditOptions, "intent"> = {}): Row {
  return cellOf(run, options).row;
}

function intentOf({ intent }: MatrixOptions): Pick<AuditOptions, "intent"> {
  return intent === undefined ? {} : { intent };
}

function namesOf({ id, does, who }: Strategy): Cell["strategy"] {
  return { id, does, who };
}

/**
 * A stop in the form of a row of the matrix: only fields that JSON can hold.
 *
 * @param stop The stop of a boot.
 * @returns Kind, message, step and, for a refusal by Xen, the rule.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { rowStop } from "@pagetable-init/textbook/boot";
 *
 * const { outcome } = boot({ platform: "xen-pae", strategy: "write-always" });
 * assertEquals(!outcome.ok && rowStop(outcome.stop).rule, "type-conflict");
 * ```
 */
export function rowStop(stop: Stop): RowStop {
  stopShape(stop, "stop");
  const { kind, message, step } = stop;
  return stop.kind === "refused-by-xen" ? { kind, message, step, rule: stop.refusal.rule } : { kind, message, step };
}

function counts({ permissionErrors }: Audit): Row["permissionErrors"] {
  const entries = Object.entries(permissionErrors).map(([name, { pages }]) => [name, pages]);
  return Object.fromEntries(entries) as Row["permissionErrors"];
}

const EMPTY: Pick<Row, "booted" | "coverage" | "permissionErrors" | "cost"> = Object.freeze({
  booted: false,
  coverage: Object.freeze({
    lowmemPages: 0,
    mapped: 0,
    wrongFrame: 0,
    unmapped: 0,
    largePages: 0,
    tlbEntries: 0,
    tablePages: 0,
  }),
  permissionErrors: Object.freeze({
    writablePageTable: 0,
    userAccessible: 0,
    executableData: 0,
    nonExecutableText: 0,
    notWritable: 0,
    missingGlobal: 0,
    notLarge: 0,
  }),
  cost: Object.freeze({ entryWrites: 0, hypercalls: 0, emulatedStores: 0 }),
});

const stopShape: Check = shape("what stopped a boot", {
  kind: text,
  message: text,
  step: integer(0, Number.MAX_SAFE_INTEGER),
});
