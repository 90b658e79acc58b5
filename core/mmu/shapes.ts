/**
 * The checks of this folder's records when a caller passes them.
 *
 * @module
 */

import { PhysicalMemory } from "./memory.ts";
import { cpuShape } from "./cpus.ts";
import { type Check, flag, instance, integer, list, number, oneOf, shape, text, word } from "../check.ts";

/** A linear address in two words. */
export const linearShape: Check = shape("a linear address, { hi, lo }", { hi: word, lo: word });

/** A level of a paging mode. */
export const levelShape: Check = shape("a level of a paging mode", {
  entry: text,
  shift: integer(0, 63),
  bits: integer(1, 10),
  leaf: oneOf("never", "always", "ps-if-cr4-pse", "ps", "ps-if-gigabyte-pages"),
});

/** A paging mode. */
export const modeShape: Check = shape("a paging mode (MODES)", {
  id: text,
  entryWords: integer(1, 2),
  linearBits: integer(32, 57),
  levels: list(levelShape),
  rootInRegisters: flag,
});

/** A machine, or anything with its paging registers. */
export const pagingShape: Check = shape("a machine, a run or a loaded state", {
  memory: instance(PhysicalMemory, "physical memory"),
  cpu: cpuShape,
  cr0: number,
  cr3: number,
  cr4: number,
  efer: number,
});
