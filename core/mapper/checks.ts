/**
 * The checks of the mapper's arguments.
 *
 * @module
 */

import {
  callable,
  type Check,
  type Fields,
  frameNumber,
  instance,
  optional,
  options,
  shape,
  show,
  word,
} from "../check.ts";
import { Machine } from "../mmu/mod.ts";

/** Sizes of a page in bytes. */
const PAGE_BYTES: readonly unknown[] = [2 ** 12, 2 ** 21, 2 ** 22, 2 ** 30];

const pageBytes: Check = (value, name) => {
  if (PAGE_BYTES.includes(value)) return;
  throw new RangeError(`Expected ${name} to be one of ${PAGE_BYTES.join(", ")} but found ${show(value)}`);
};

/** An address is checked where it is read (`toLinear`). */
const address: Check = () => {};
const machine: Check = instance(Machine, "a machine");
const allocator: Check = shape("an allocator of frames", { allocate: callable, release: callable });
const entry: Check = shape("an entry", { lo: word, hi: word });
const page: Check = options("mapPage", { frame: frameNumber, flags: word, pageBytes: optional(pageBytes) });
const size: Check = optional(options("protect", { pageBytes: optional(pageBytes) }));
const unmap: Check = optional(
  options("unmapPage", { pageBytes: optional(pageBytes), allocator: optional(allocator) }),
);

/** Arguments of `readEntry`, without the bounds of the place. */
export const READ: Fields = { machine };
/** Arguments of `writeEntry`; the place is checked by itself. */
export const WRITE: Fields = { machine, frame: frameNumber, index: word, entry };
/** Arguments of `mapPage`. */
export const MAP: Fields = { machine, address, page, allocator };
/** Arguments of `unmapPage`. */
export const UNMAP: Fields = { machine, address, options: unmap };
/** Arguments of `protect`. */
export const PROTECT: Fields = { machine, address, flags: word, options: size };
