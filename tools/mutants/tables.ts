/**
 * All tables of planted bugs. Another part of the project adds its own here.
 *
 * @module
 */
import { MMU_MUTANTS } from "./mmu.ts";
import type { MutantTable } from "./mutant.ts";
import { XEN_MUTANTS } from "./xen.ts";

/** The tables, by part of the project. */
export const MUTANT_TABLES: readonly MutantTable[] = [MMU_MUTANTS, XEN_MUTANTS];
