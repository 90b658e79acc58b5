/**
 * Another root of the same memory: the tables of another process, or the other root of page-table isolation.
 *
 * @module
 */

import type { ReadState } from "../../chapters/recorded/files/state.ts";
import { isMissing } from "../../core/mmu/assumed.ts";
import { pdpteWords } from "../../core/mmu/register_rules.ts";
import { cr3Of } from "./registers.ts";

/**
 * A state with another root.
 *
 * @param state The state. Its machine gets the root.
 * @param value CR3.
 * @returns The state.
 * @throws {RangeError} If the state has no table there.
 */
export function withRoot<S extends ReadState>(state: S, value: bigint): S {
  const cr3 = cr3Of(value);
  const { machine, header } = state;
  const frame = Math.floor(cr3 / 4096);
  if (frame >= machine.memory.frames || isMissing(machine, frame)) {
    throw new RangeError(
      `Expected a table at CR3 0x${
        cr3.toString(16)
      } but found none in this state, which has the tables below its own root: use a core or a dump`,
    );
  }
  const { registers, ...rest } = machine.snapshot();
  const pdptes = machine.mode?.rootInRegisters ? { pdptes: pdpteWords(machine.memory, cr3) } : {};
  machine.restore({ ...rest, registers: { ...registers, cr3, ...pdptes } });
  return { ...state, machine, header: { ...header, registers: { ...header.registers, cr3 } } };
}
