/**
 * The audit: intent, coverage and permission errors of a booted kernel, and findings in the tables of any machine.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { audit } from "@pagetable-init/textbook/audit";
 *
 * const run = boot({ platform: "native-486", strategy: "keep-template", memory: "64M" });
 * const { coverage, permissionErrors } = audit(run);
 * assertEquals([coverage.mapped, permissionErrors.userAccessible.pages], [16384, 3072]);
 * ```
 *
 * @module
 */

export { type Audit, audit, type Audited, type AuditOptions } from "./audit.ts";
export { type Coverage, type CoverageRange } from "./coverage.ts";
export { type ErrorRange } from "./error_ranges.ts";
export {
  type Finding,
  type FindingId,
  type FindingKind,
  type FindingRange,
  FINDINGS,
  type Findings,
  MAX_FINDING_RANGES,
  type OddEntry,
  type Severity,
} from "./findings.ts";
export { type Guest } from "./guest.ts";
export { type KernelHalf } from "./kernel_half.ts";
export { type IntendedRange, intendedRanges } from "./intent.ts";
export { type MapRow, MAX_ROWS } from "./map_rows.ts";
export { PERMISSION_ERRORS, type PermissionError, type PermissionErrors } from "./permission_errors.ts";
export { type AbsentEntries, type AbsentKind } from "./absent.ts";
export { type Isolation } from "./isolation.ts";
export { type Region } from "./regions.ts";
export { type TablesOwner } from "./system.ts";
export { type LeafSize, type TablesAudit } from "./tables_audit.ts";
