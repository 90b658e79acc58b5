/**
 * Planted bugs in `core/paravirt`, and the tests that must notice them.
 *
 * @module
 */
import type { MutantTable } from "./mutant.ts";
import { NATIVE_MUTANTS } from "./paravirt_native.ts";
import { XEN_SIDE_MUTANTS } from "./paravirt_xen.ts";
import { BOOT_SUITES } from "./suites.ts";

/** The table of `core/paravirt`. */
export const PARAVIRT_MUTANTS: MutantTable = {
  id: "paravirt",
  suites: BOOT_SUITES,
  mutants: [...NATIVE_MUTANTS, ...XEN_SIDE_MUTANTS],
};
