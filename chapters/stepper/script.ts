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

/** JavaScript that starts all steppers of a page; no module, no names outside. */
export const STEPPER_SCRIPT: string = `(() => {\n"use strict";\n${
  FUNCTIONS.map(String).join("\n")
}\nstartSteppers();\n})();`;
