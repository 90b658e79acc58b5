/**
 * Shrink a list of requests.
 *
 * A random guest has found something after hundreds of requests, most of which have
 * nothing to do with it. Return a list of some of them, in the same order, for which
 * `fails` still says true, and from which no single request can be left out any more.
 *
 * `fails` plays a list on a fresh hypervisor; it may be called as often as you like. It
 * is true for the list that you get.
 *
 * @module
 */

export function shrink<T>(
  requests: readonly T[],
  fails: (some: readonly T[]) => boolean,
): T[] {
  // Your lines: about eight.
  return fails(requests) ? [...requests] : [];
  // End of your lines.
}
