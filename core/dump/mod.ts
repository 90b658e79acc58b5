/**
 * Page tables of real machines, read and written.
 *
 * @module
 */

export { MAX_STATE_FRAMES, parseStateHeader, STATE_FORMAT, type StateHeader, type StateRegisters } from "./header.ts";
export { loadState, type State } from "./load.ts";
export { type SavedState, saveState, type StateName } from "./save.ts";
