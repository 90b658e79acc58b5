/**
 * What was recorded, for the chapters that compare with it: what real machines and other emulators answered (`tests/fixtures`), and what a
 * benchmark measured.
 *
 * @module
 */

export * from "./accesses/recorded.ts";
export * from "./bench.ts";
export * from "./boots/recorded.ts";
export * from "./recordings/recorded.ts";
export * from "./settle/settled.ts";
export * from "./states.ts";
