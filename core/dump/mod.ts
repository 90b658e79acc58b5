/**
 * Saved states: files with the page tables of real machines, loaded and saved.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { access, boot } from "@pagetable-init/textbook";
 * import { loadState, parseStateHeader, saveState } from "@pagetable-init/textbook/dump";
 *
 * const { machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "64M" });
 * const { header, frameData } = await saveState(machine, { name: "p6", description: "64M in pages of 4M" });
 * const state = await loadState(parseStateHeader(header), frameData);
 * assertEquals(access(state.machine, 0xc0123456), access(machine, 0xc0123456));
 * ```
 *
 * @module
 */

export {
  MAX_STATE_FRAMES,
  parseStateHeader,
  STATE_FORMAT,
  STATE_VERSION,
  type StateHeader,
  type StateRegisters,
} from "./header.ts";
export { loadState, type State } from "./load.ts";
export { type SavedState, saveState, type StateName } from "./save.ts";
