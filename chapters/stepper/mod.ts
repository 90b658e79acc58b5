/**
 * The stepper: a boot is recorded once, then shown at any of its writes.
 *
 * @module
 */

export * from "./boot_step.ts";
export * from "./record_boot.ts";
export * from "./record_guest.ts";
export * from "./recording.ts";
export { type PackedRows } from "./rows.ts";
export { type PageColor, type StateWords } from "./page_states.ts";
export { STEPPER_SCRIPT, stepperProgram } from "./script.ts";
export * from "./stepper.ts";
export { STEPPER_CSS } from "./style.ts";
