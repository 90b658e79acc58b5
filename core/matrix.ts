/**
 * All strategies on all platforms.
 *
 * @module
 */

import { type Audit, audit } from "./audit/mod.ts";
import { boot, type Run, voidReason } from "./boot.ts";
import { parseMemory } from "./memory_size.ts";
import type { Stop, StopKind } from "./paravirt/mod.ts";
import { findPlatform, type Platform, PLATFORMS } from "./platforms.ts";
import { findStrategy, STRATEGIES, type Strategy } from "./strategies/mod.ts";

/** What stopped a boot, as `debate --json` prints it. */
export interface RowStop {
  /** What stopped it. */
  readonly kind: StopKind;
  /** One line for people. */
  readonly message: string;
  /** Number of the write that did not happen, or of the last one that did. */
  readonly step: number;
}

/** One row of the matrix, as `debate --json` prints it. */
export interface Row {
  /** Id of the strategy. */
  readonly strategy: string;
  /** Id of the platform. */
  readonly platform: string;
  /** Bytes of memory. */
  readonly memoryBytes: number;
  /** Why there is nothing to compute. */
  readonly void?: string;
  /** Whether the boot went through. */
  readonly booted: boolean;
  /** What stopped it. */
  readonly stop?: RowStop;
  /** What is mapped. */
  readonly coverage: Audit["coverage"];
  /** Which permissions are wrong, in 4K pages. */
  readonly permissionErrors: { readonly [name in keyof Audit["permissionErrors"]]: number };
  /** What it cost. */
  readonly cost: Run["cost"];
}

/** One cell of the matrix. */
export interface Cell {
  /** Its row. */
  readonly row: Row;
  /** The strategy. */
  readonly strategy: Strategy;
  /** The platform. */
  readonly platform: Platform;
  /** The audit at the end of the boot; undefined for a void cell. */
  readonly audit: Audit | undefined;
  /** What the hypervisor said. */
  readonly log: readonly string[];
}

/** Which part of the matrix. */
export interface MatrixOptions {
  /** Ids of strategies; all unless said otherwise. */
  readonly strategies?: readonly string[];
  /** Ids of platforms; all unless said otherwise. */
  readonly platforms?: readonly string[];
  /** Memory size; 64M unless said otherwise. */
  readonly memory?: string | number;
}

/**
 * Computes the matrix, cell by cell, platform by platform.
 *
 * @param options Which part of it.
 * @returns A generator: cells come as they are computed, and nothing of a cell is kept.
 * @throws {RangeError} If an id or a size is not known, before anything is computed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrix } from "@pagetable-init/textbook";
 *
 * const [cell] = matrix({ strategies: ["filter-set-pte"], platforms: ["xen-pae"] });
 * assertEquals(cell?.row.booted, true);
 * ```
 */
export function matrix(options: MatrixOptions = {}): Generator<Cell, void, void> {
  const strategies = options.strategies?.map(findStrategy) ?? STRATEGIES;
  const platforms = options.platforms?.map(findPlatform) ?? PLATFORMS;
  return cells(strategies, platforms, parseMemory(options.memory ?? "64M"));
}

function* cells(
  strategies: readonly Strategy[],
  platforms: readonly Platform[],
  memoryBytes: number,
): Generator<Cell, void, void> {
  for (const platform of platforms) {
    for (const strategy of strategies) yield cellOf(strategy, platform, memoryBytes);
  }
}

function cellOf(strategy: Strategy, platform: Platform, memoryBytes: number): Cell {
  const reason = voidReason(strategy, platform);
  const ids = { strategy: strategy.id, platform: platform.id, memoryBytes };
  if (reason !== undefined) {
    return { row: { ...ids, void: reason, ...EMPTY }, strategy, platform, audit: undefined, log: [] };
  }
  const run = boot({ platform: platform.id, strategy, memory: memoryBytes, trace: false });
  const audited = audit(run.machine);
  const { outcome, cost, log } = run;
  const row: Row = {
    ...ids,
    booted: outcome.ok,
    ...(outcome.ok ? {} : { stop: rowStop(outcome.stop) }),
    coverage: audited.coverage,
    permissionErrors: counts(audited),
    cost,
  };
  return { row, strategy, platform, audit: audited, log };
}

/**
 * A stop as a row of the matrix has it.
 *
 * @param stop What stopped a boot.
 * @returns What can be printed as JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot, rowStop } from "@pagetable-init/textbook";
 *
 * const { outcome } = boot({ platform: "xen-pae", strategy: "write-always" });
 * assertEquals(!outcome.ok && rowStop(outcome.stop).kind, "refused-by-xen");
 * ```
 */
export function rowStop({ kind, message, step }: Stop): RowStop {
  return { kind, message, step };
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
