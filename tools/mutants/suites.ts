/**
 * The tests that notice what goes wrong while a kernel boots, the quickest first. No printed page is among them.
 *
 * @module
 */

import type { MutantTable } from "./mutant.ts";

/** Tests of a boot. */
export const BOOT_SUITES: MutantTable["suites"] = [
  ["tests/matrix/directed_test.ts", "tests/core/paravirt", "tests/core/hosts"],
  ["tests/core/kernel", "tests/core/strategies"],
  ["tests/core/boot"],
  ["tests/matrix/matrix_test.ts"],
  ["tests/hunt/known_answers_test.ts"],
];
