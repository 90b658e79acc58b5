/**
 * The targets of the verbs.
 *
 * @module
 */

import { show } from "../check.ts";

/**
 * The target of a verb: a machine, or an object with a field `machine`, such as a run or a loaded state.
 *
 * @category Types
 */
export type Target<M extends object> = M | { readonly machine: M };

/**
 * The machine of a target.
 *
 * @param target A machine, a run or a loaded state.
 * @returns The machine.
 * @throws {TypeError} If the target is neither a machine nor an object with one.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { type Machine, machineOf } from "@pagetable-init/textbook/mmu";
 *
 * const run = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * assertEquals(machineOf<Machine>(run), machineOf<Machine>(run.machine));
 * assertThrows(() => machineOf<Machine>(JSON.parse("3")), TypeError, "Expected a machine, a run or a loaded state but found 3");
 * ```
 */
export function machineOf<M extends object>(target: Target<M>): M {
  const found: unknown = target;
  if (typeof found === "object" && found !== null) {
    if (!("machine" in found)) return target as M;
    const { machine } = found;
    if (typeof machine === "object" && machine !== null) return machine as M;
  }
  throw new TypeError(`Expected a machine, a run or a loaded state but found ${show(found)}`);
}
