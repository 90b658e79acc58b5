/**
 * Planted bugs in `core/kernel`, and the tests that must notice them.
 *
 * @module
 */
import { LAYOUT_MUTANTS } from "./kernel_layout.ts";
import { START_MUTANTS } from "./kernel_start.ts";
import { BUILDING_MUTANTS } from "./kernel_tables.ts";
import type { MutantTable } from "./mutant.ts";
import { BOOT_SUITES } from "./suites.ts";

/** The table of `core/kernel`. */
export const KERNEL_MUTANTS: MutantTable = {
  id: "kernel",
  suites: BOOT_SUITES,
  mutants: [...START_MUTANTS, ...LAYOUT_MUTANTS, ...BUILDING_MUTANTS],
};
