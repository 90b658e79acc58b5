/**
 * Hunting: the smallest machine on which a property of a strategy fails.
 *
 * @module
 */

export { counterExample, type Hunted, type HuntOptions } from "./counter_example.ts";
export { HUNT_SEED } from "./seed.ts";
export type { MachineCase } from "./machine.ts";
export { type Booted, PROPERTIES, type Property } from "./properties.ts";
