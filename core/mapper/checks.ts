/**
 * The checks of the mapper's arguments.
 *
 * @module
 */

import { callable, type Check, type Fields, frameNumber, optional, options, shape, show, word } from "../check.ts";
import { aMachine } from "../mmu/machine.ts";

/** Sizes of a page in bytes. */
const PAGE_BYTES: readonly unknown[] = [2 ** 12, 2 ** 21, 2 ** 22, 2 ** 30];

const pageBytes: Check = (value, name) => {
  if (PAGE_BYTES.includes(value)) return;
  throw new RangeError(`Expected ${name} to be one of ${PAGE_BYTES.join(", ")} but found ${show(value)}`);
};

/** An address is checked where it is read (`toLinear`). */
const address: Check = () => {};
const allocator: Check = shape("an allocator of frames", { allocate: callable, release: callable });
const entry: Check = shape("an entry", { lo: word, hi: word });
const page: Check = options("mapPage", { frame: frameNumber, flags: word, pageBytes: optional(pageBytes) });
const size: Check = optional(options("protect", { pageBytes: optional(pageBytes) }));
const unmap: Check = optional(
  options("unmapPage", { pageBytes: optional(pageBytes), allocator: optional(allocator) }),
);

/** Arguments of `readEntry`, without the bounds of the place. */
export const READ: Fields = { machine: aMachine };
/** Arguments of `writeEntry`; the place is checked by itself. */
export const WRITE: Fields = { machine: aMachine, frame: frameNumber, index: word, entry };
/** Arguments of `mapPage`. */
export const MAP: Fields = { machine: aMachine, address, page, allocator };
/** Arguments of `unmapPage`. */
export const UNMAP: Fields = { machine: aMachine, address, options: unmap };
/** Arguments of `protect`. */
export const PROTECT: Fields = { machine: aMachine, address, flags: word, options: size };
