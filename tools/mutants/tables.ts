/**
 * All tables of planted bugs. Another part of the project adds its own here.
 *
 * @module
 */
import { AUDIT_MUTANTS } from "./audit.ts";
import { BOOT_MUTANTS, MATRIX_MUTANTS, TRACE_MUTANTS } from "./boot.ts";
import { DUMP_MUTANTS } from "./dump.ts";
import { HOSTS_MUTANTS } from "./hosts.ts";
import { KERNEL_MUTANTS } from "./kernel.ts";
import { MMU_MUTANTS } from "./mmu.ts";
import type { MutantTable } from "./mutant.ts";
import { PARAVIRT_MUTANTS } from "./paravirt.ts";
import { STRATEGIES_MUTANTS } from "./strategies.ts";
import { XEN_MUTANTS } from "./xen.ts";

/** The tables, by part of the project. */
export const MUTANT_TABLES: readonly MutantTable[] = [
  MMU_MUTANTS,
  XEN_MUTANTS,
  KERNEL_MUTANTS,
  PARAVIRT_MUTANTS,
  HOSTS_MUTANTS,
  STRATEGIES_MUTANTS,
  AUDIT_MUTANTS,
  DUMP_MUTANTS,
  TRACE_MUTANTS,
  BOOT_MUTANTS,
  MATRIX_MUTANTS,
];
