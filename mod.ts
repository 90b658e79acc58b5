/**
 * The pagetable_init Debate: an executable textbook about who may write a kernel's first page tables.
 *
 * Four verbs: `boot` a strategy on a platform, `access` memory on the booted machine, `explain` a walk, `audit` the page tables. `matrix`
 * boots and audits all strategies on all platforms. This module exports the verbs, the tables of facts, and the types that both need.
 * Everything else is on subpaths, one a purpose.
 *
 * ```ts
 * import { access, audit, boot, explain } from "@pagetable-init/textbook";
 * import { assertEquals } from "@std/assert";
 *
 * const run = boot({ platform: "native-486", strategy: "keep-template", memory: "64M" });
 * assertEquals(run.outcome.ok, true);
 * assertEquals(access(run, 0xc0100000, "write", { user: true }).ok, true); // user mode writes the kernel
 * assertEquals(explain(run, 0xc0100000).steps.length, 2); // no level takes the user's right away
 * assertEquals(audit(run).permissionErrors.userAccessible.pages, 3072);
 * ```
 *
 * @module
 */

export { type Audit, audit, type Audited, type AuditOptions, FINDINGS, type TablesAudit } from "./core/audit/mod.ts";
export { boot, type BootOptions, type Run } from "./core/boot.ts";
export { KERNEL_RELEASES, type KernelRelease, type Outcome } from "./core/kernel/mod.ts";
export { type Cell, matrix, type MatrixOptions, type Row } from "./core/matrix.ts";
export {
  access,
  type AccessKind,
  type AccessOptions,
  type Address,
  type AllowedAccess,
  type Cpu,
  CPUS,
  explain,
  type Explanation,
  type Fault,
  type Linear,
  Machine,
  type Mode,
  MODES,
  PhysicalMemory,
  type RefusedAccess,
  type Step,
  type Target,
} from "./core/mmu/mod.ts";
export { type Stop } from "./core/paravirt/mod.ts";
export { type Platform, type PlatformId, PLATFORMS } from "./core/platforms.ts";
export { STRATEGIES, type Strategy, type StrategyId } from "./core/strategies/mod.ts";
export { XEN_RELEASES, XEN_RULES, type XenRefusal, type XenRelease } from "./core/xen/mod.ts";
