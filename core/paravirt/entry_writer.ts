/**
 * The plain store of an entry, as an operation.
 *
 * @module
 */

import type { Bus, EntryWriter, StoreOrder } from "./ops.ts";

/**
 * An operation that stores an entry through a bus. All boots share this one function, so that V8 keeps its code from one boot to the next.
 *
 * @param bus The kernel's memory.
 * @param order The order of the entry's two words.
 */
export const entryWriter = (bus: Bus, order: StoreOrder): EntryWriter => (entry, hi, lo) =>
  bus.storeEntry(entry, hi, lo, order);
