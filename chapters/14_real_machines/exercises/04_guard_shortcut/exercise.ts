/**
 * Guard the shortcut.
 *
 * When a guest changes an entry of a table above the last level, Xen may skip the full
 * check if the change is harmless. Decide. `before` and `after` are the low words of an
 * entry of two-level paging, both valid by themselves; large pages exist on this CPU, and
 * Xen has otherwise no rule against `PS` here.
 *
 * The full check is always right, and slow. It may be skipped for `A`, `D` and the three
 * bits that are free for software, 9 to 11: these change all the time. For every other
 * bit it is due, also for one that a later CPU may define. Twice a list of harmful bits
 * turned out to be too short. (An entry that was absent and stays so is not asked about:
 * it counts for nothing, with the check or without.)
 *
 * @module
 */

export const P = 0x001;
export const RW = 0x002;
export const US = 0x004;
export const PWT = 0x008;
export const PCD = 0x010;
export const A = 0x020;
export const D = 0x040;
export const PS = 0x080;
export const G = 0x100;
export const FREE = 0xe00;

export function needsFullCheck(before: number, after: number): boolean {
  // Your lines: about three.
  return before !== before || after !== after;
  // End of your lines.
}
