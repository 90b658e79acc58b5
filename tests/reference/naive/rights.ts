/**
 * What the entries on the way allow, taken together.
 *
 * @module
 */
import { executeDisableEnabled, field, isLong, type NaiveAccess, type NaiveState, on } from "./state.ts";

/** Section 4.6.2: what the key of a user-mode address denies. Only in long mode, only data accesses. */
export function keyDenies(
  s: NaiveState,
  access: NaiveAccess,
  leaf: bigint,
  userAddress: boolean,
): boolean {
  if (!isLong(s) || !on(s.cr4, 22) || !userAddress || access.kind === "fetch") return false;
  const key = Number(field(leaf, 62, 59));
  if (on(s.pkru, 2 * key)) return true;
  return on(s.pkru, 2 * key + 1) && access.kind === "write" && (access.user || on(s.cr0, 16));
}

/** Section 4.6.1: whether the rights of all entries together allow the access; protection keys apart. */
export function rightsAllow(
  s: NaiveState,
  access: NaiveAccess,
  path: readonly bigint[],
  userAddress: boolean,
): boolean {
  const writable = path.every((entry) => on(entry, 1));
  const executable = s.mode === "two-level" || !executeDisableEnabled(s) || path.every((entry) => !on(entry, 63));
  if (access.user) {
    return userAddress && (access.kind !== "write" || writable) && (access.kind !== "fetch" || executable);
  }
  if (access.kind === "fetch") return executable && !(userAddress && on(s.cr4, 20));
  if (userAddress && on(s.cr4, 21) && !s.ac) return false;
  return access.kind === "read" || writable || !on(s.cr0, 16);
}
