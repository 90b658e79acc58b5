/**
 * Planted bugs in `core/xen` and in what the kernel does on it, and the tests that must notice them.
 *
 * @module
 */
import type { MutantTable } from "./mutant.ts";
import { GUEST_MUTANTS } from "./xen_guest.ts";
import { REQUEST_MUTANTS } from "./xen_requests.ts";
import { RULE_MUTANTS } from "./xen_rules.ts";
import { TYPE_MUTANTS } from "./xen_types.ts";

/** The table of `core/xen`. */
export const XEN_MUTANTS: MutantTable = {
  id: "xen",
  suites: [
    ["tests/core/xen", "tests/core/boot/xen_test.ts"],
    ["tests/properties/xen_invariants_test.ts"],
    ["tests/reference/xen_recorded_test.ts"],
    ["tests/reference/settle_test.ts"],
  ],
  mutants: [...TYPE_MUTANTS, ...RULE_MUTANTS, ...REQUEST_MUTANTS, ...GUEST_MUTANTS],
};
