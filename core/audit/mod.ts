/**
 * What we measure: the intent of a machine, its tables as runs, coverage, permission errors.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { audit, leafRuns, tablesOf } from "@pagetable-init/textbook/audit";
 *
 * const { machine } = boot({ platform: "native-486", strategy: "keep-template", memory: "64M" });
 * const { coverage, permissionErrors } = audit(machine);
 * assertEquals([coverage.mapped, permissionErrors.userAccessible.pages], [16384, 3072]);
 * assertEquals(leafRuns(tablesOf(machine)).length, 2); // what head.S left, and what was written
 * ```
 *
 * @module
 */

export { type Audit, audit, type Audited } from "./audit.ts";
export { type Coverage, type CoverageRun } from "./coverage.ts";
export { type ErrorRun } from "./error_runs.ts";
export { type Guest } from "./guest.ts";
export { type IntendedRun, intendedRuns } from "./intent.ts";
export { countLeaves, MAX_LEAVES, printLeaves } from "./leaves.ts";
export { PERMISSION_ERRORS, type PermissionError, type PermissionErrors } from "./permission_errors.ts";
export { type LeafRun, MAX_RUNS } from "./run_list.ts";
export { leafRuns } from "./runs.ts";
export { MAX_TABLES } from "./scan.ts";
export { type MapRow, type Survey, survey, type Worries } from "./survey.ts";
export { type Tables, tablesOf, type TableUse, tableUses } from "./tables.ts";
