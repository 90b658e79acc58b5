/**
 * The recordings that chapters compare with: answers of real machines and other emulators (`tests/fixtures`), and results of two long hunts.
 *
 * @module
 */

export * from "./accesses/falsify.ts";
export * from "./accesses/recorded.ts";
export * from "./boots/recorded.ts";
export * from "./pairs.ts";
export * from "./recordings/recorded.ts";
export * from "./settle/settled.ts";
export * from "./states.ts";
