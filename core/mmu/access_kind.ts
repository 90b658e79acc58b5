/**
 * Checks of the access kind and options that a caller passes.
 *
 * @module
 */

import { type Check, flag, oneOf, optional, options as optionsOf } from "../check.ts";
import type { Access, AccessKind } from "./faults.ts";
import { USER } from "./permissions.ts";

/**
 * The kinds of access, in the order of their numbers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ACCESS_KINDS, FETCH } from "@pagetable-init/textbook/mmu";
 *
 * assertEquals(ACCESS_KINDS[FETCH], "fetch");
 * ```
 */
export const ACCESS_KINDS: readonly AccessKind[] = Object.freeze(["read", "write", "fetch"] as const);

/**
 * Options of an access.
 *
 * @category Types
 */
export interface AccessOptions {
  /** Whether it is made from CPL 3; false unless said otherwise. */
  readonly user?: boolean;
}

const KIND: Check = oneOf(...ACCESS_KINDS);
const OPTIONS: Check = optionsOf("an access", { user: optional(flag) });

/** Default options: an access from the supervisor. */
export const NO_OPTIONS: AccessOptions = Object.freeze({});

/** The number of the access that a caller's kind and options select. Throws a TypeError for an unknown kind or option. */
export function numberOf(kind: AccessKind, options: AccessOptions): number {
  const number = ACCESS_KINDS.indexOf(kind);
  if (number < 0) KIND(kind, "kind");
  if (options === NO_OPTIONS) return number;
  OPTIONS(options, "options");
  return options.user === true ? number + USER : number;
}

/** The access that a caller's kind and options select. Throws like `numberOf`. */
export function accessOf(kind: AccessKind, options: AccessOptions): Access {
  return { kind, user: numberOf(kind, options) >= USER };
}
