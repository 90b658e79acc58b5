/**
 * Planted bugs in `core/mmu`, and the tests that must notice them.
 *
 * @module
 */
import { ENTRY_MUTANTS } from "./mmu_entries.ts";
import { MACHINE_MUTANTS } from "./mmu_machine.ts";
import { RIGHTS_MUTANTS } from "./mmu_rights.ts";
import type { MutantTable } from "./mutant.ts";

/** The table of `core/mmu`. */
export const MMU_MUTANTS: MutantTable = {
  id: "mmu",
  suites: [
    ["tests/core/mmu", "tests/matrix/directed_test.ts"],
    ["tests/matrix/matrix_test.ts"],
    ["tests/properties/walkers_agree_test.ts"],
  ],
  mutants: [...ENTRY_MUTANTS, ...RIGHTS_MUTANTS, ...MACHINE_MUTANTS],
};
