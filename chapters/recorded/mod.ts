/**
 * What was recorded, for the chapters that compare with it: what real machines and other emulators answered (`tests/fixtures`), and what a
 * benchmark measured.
 *
 * @module
 */

export * from "./accesses.ts";
export * from "./bench.ts";
export * from "./random_guest.ts";
export * from "./settled.ts";
export * from "./states.ts";
