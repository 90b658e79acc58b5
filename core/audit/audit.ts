/**
 * The fourth verb: the coverage of the map, and its wrong permissions.
 *
 * @module
 */

import { callable, type Check, optional, options as optionsOf } from "../check.ts";
import { type Address, machineOf, type Paging, type Target, toLinear } from "../mmu/mod.ts";
import { guestRanges } from "../tables/page_ranges.ts";
import { type Tables, tablesOf } from "../tables/tables.ts";
import { type Coverage, type CoverageRange, coverageRanges, lowmemPieces, measureCoverage } from "./coverage.ts";
import type { Guest } from "./guest.ts";
import { type IntendedRange, intendedRanges, intentShape } from "./intent.ts";
import { findPermissionErrors, type PermissionErrors } from "./permission_errors.ts";
import { auditTables, type TablesAudit } from "./tables_audit.ts";

/**
 * A machine with a kernel on it, so that the intent of its tables is known.
 *
 * @category Types
 */
export interface Audited {
  /** The kernel, as the audit sees it. */
  readonly guest: Guest;
}

/**
 * The audit of a kernel's tables: how much of lowmem they map, and where rights are wrong.
 *
 * @category Types
 */
export interface Audit {
  /** Pages of lowmem that are mapped, to the right or a wrong frame, and the cost of the map. */
  readonly coverage: Coverage;
  /** The same as ranges, by pfn. */
  readonly coverageRanges: readonly CoverageRange[];
  /** The permission errors, by class. */
  readonly permissionErrors: PermissionErrors;
}

/**
 * The options of an audit.
 *
 * @category Types
 */
export interface AuditOptions {
  /** Intent of lowmem, for a machine with a kernel on it; `intendedRanges` unless said otherwise. */
  readonly intent?: (guest: Guest) => readonly IntendedRange[];
  /** First linear address of the kernel, for a target without a known kernel; found from the map unless said otherwise. */
  readonly kernelHalf?: Address;
}

const OPTIONS: Check = optionsOf("audit", {
  intent: optional(callable),
  kernelHalf: optional((value) => void toLinear(value as Address)),
});

/**
 * Audits page tables. Reads memory only: no A bit, no TLB entry, no CR2 changes.
 *
 * For a kernel that was booted here the result is an `Audit`: its tables are compared with the intent. For other machines, such as a
 * loaded state, only the tables are known; the result is a `TablesAudit`: the map and its findings.
 *
 * @param target A machine, a run or a loaded state. A boot that was stopped can be audited too.
 * @param options `intent` for the former, `kernelHalf` for the latter.
 * @returns Coverage and permission errors, or map and findings.
 * @throws {RangeError} If the tables refer to each other in loops, or paging is off.
 * @throws {TypeError} If the target has no machine, or an option is unknown or of the wrong type.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boot, CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 * import { audit } from "@pagetable-init/textbook/audit";
 *
 * const { coverage, permissionErrors } = audit(boot({ platform: "native-p6", strategy: "write-always", memory: "64M" }));
 * assertEquals([coverage.mapped, coverage.largePages, coverage.tlbEntries], [0x4000, 0x4000, 16]);
 * assertEquals(permissionErrors.userAccessible.pages, 0);
 *
 * const machine = new Machine(CPUS.p6, new PhysicalMemory(1 << 24));
 * machine.memory.write(0x1, 768, 0x00e7); // a 4M page at 0xc0000000 that holds the root table and is open to user mode
 * machine.writeCr4(0x10);
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8001_0011);
 * const { findings } = audit(machine);
 * assertEquals(findings.find(({ id }) => id === "kernel-user-accessible")?.pages, 1024);
 * ```
 * @category Verbs
 */
export function audit(target: Audited | { readonly machine: Audited }, options?: AuditOptions): Audit;
/**
 * Audits tables of which no kernel is known: the map, and what is wrong with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { audit, CPUS, Machine, PhysicalMemory } from "@pagetable-init/textbook";
 *
 * const machine = new Machine(CPUS.p6, new PhysicalMemory(1 << 24));
 * machine.memory.write(0x1, 768, 0x00e7); // a 4M page at 0xc0000000, open to user mode
 * machine.writeCr4(0x10);
 * machine.writeCr3(0x1000);
 * machine.writeCr0(0x8001_0011);
 * assertEquals(audit(machine).leaves, 1);
 * ```
 */
export function audit(target: Tables | Target<Paging>, options?: AuditOptions): TablesAudit;
export function audit(
  target: Audited | { readonly machine: Audited } | Tables | Target<Paging>,
  options: AuditOptions = {},
): Audit | TablesAudit {
  OPTIONS(options, "options");
  const { intent = intendedRanges, kernelHalf } = options;
  const machine = machineOf<Audited | Tables | Paging>(target);
  if ("guest" in machine) return auditGuest(machine.guest, intent);
  const half = kernelHalf === undefined ? undefined : toLinear(kernelHalf);
  if ("root" in machine) return auditTables(machine, half, true);
  return auditTables(tablesOf(machine), half, machine.unknown?.includes("cpu") !== true);
}

function auditGuest(guest: Guest, intent: NonNullable<AuditOptions["intent"]>): Audit {
  const ranges = guestRanges(guest, guest.m2p);
  const pieces = lowmemPieces(guest, ranges);
  const intended = intent(guest);
  intentShape(intended, "the intent");
  return {
    coverage: measureCoverage(guest, pieces),
    coverageRanges: coverageRanges(pieces),
    permissionErrors: findPermissionErrors(guest, ranges, pieces, intended),
  };
}
