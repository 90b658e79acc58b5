/**
 * The program of the page as text.
 *
 * @module
 */

import * as client from "./client.ts";
import { unpackRows } from "./rows.ts";
import * as states from "./state_at.ts";
import * as words from "./words.ts";

const FUNCTIONS: readonly unknown[] = [
  unpackRows,
  ...Object.values(states),
  ...Object.values(words),
  ...Object.values(client),
];

/**
 * The program of a page that has steppers.
 *
 * @param functions More functions for it; they may use those of the steppers.
 * @param start Statements that the program runs after its functions.
 * @returns JavaScript; no module, no names outside.
 */
export function stepperProgram(functions: readonly unknown[], start: string): string {
  return `(() => {\n"use strict";\n${[...FUNCTIONS, ...functions].map(String).join("\n")}\n${start}\n})();`;
}

/** JavaScript that starts all steppers of a page. */
export const STEPPER_SCRIPT: string = stepperProgram([], "startSteppers();");
