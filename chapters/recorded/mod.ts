/**
 * What real machines and other emulators answered, as recorded in `tests/fixtures`, for the chapters that compare with it.
 *
 * @module
 */

export * from "./accesses.ts";
export * from "./random_guest.ts";
export * from "./settled.ts";
export * from "./states.ts";
