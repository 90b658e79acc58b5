/**
 * The fourth verb: what is mapped, and which permissions are wrong.
 *
 * @module
 */

import { type Coverage, type CoverageRun, coverageRuns, lowmemPieces, measureCoverage } from "./coverage.ts";
import type { Guest } from "./guest.ts";
import { findPermissionErrors, type PermissionErrors } from "./permission_errors.ts";
import { leafRuns } from "./runs.ts";

/** A machine with a kernel on it. */
export interface Audited {
  /** The kernel, as the audit sees it. */
  readonly guest: Guest;
}

/** The findings about one kernel's tables. */
export interface Audit {
  /** How much of lowmem is mapped, in numbers. */
  readonly coverage: Coverage;
  /** The same as runs, by pfn. */
  readonly coverageRuns: readonly CoverageRun[];
  /** The permission errors, by class. */
  readonly permissionErrors: PermissionErrors;
}

/**
 * Compares the tables of a machine with what they should be. Reads memory only: no A bit, no TLB entry, no CR2 changes.
 *
 * @param machine A machine with a kernel on it, at whatever moment: a boot that was stopped can be audited too.
 * @returns Coverage and permission errors.
 * @throws {RangeError} If the tables refer to each other in loops.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { audit, boot } from "@pagetable-init/textbook";
 *
 * const { machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * const { coverage, permissionErrors } = audit(machine);
 * assertEquals([coverage.mapped, coverage.largePages, coverage.tlbEntries], [0x4000, 0x4000, 16]);
 * assertEquals(permissionErrors.userAccessible.pages, 0);
 * ```
 */
export function audit({ guest }: Audited): Audit {
  const runs = leafRuns(guest, guest.m2p);
  const pieces = lowmemPieces(guest, runs);
  return {
    coverage: measureCoverage(guest, pieces),
    coverageRuns: coverageRuns(pieces),
    permissionErrors: findPermissionErrors(guest, runs, pieces),
  };
}
