/**
 * What a hunt does unless it is told otherwise.
 *
 * @module
 */

/** Machines. */
export const DEFAULT_RUNS = 2_000;
/** Most memory of a machine. */
export const DEFAULT_MEMORY = "64M";
