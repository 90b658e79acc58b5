/**
 * A solution.
 *
 * The list names what is harmless, and everything else is checked, bits of later CPUs
 * too. Alternatives: name what is harmful, as Xen 3.1 did (`P` and the frame). That is
 * shorter by one operation and was wrong twice: for `PS` (XSA-148, 2015) and for `RW`
 * (XSA-182, 2016). The repair of 2016 turned the list around, and Xen has named the
 * harmless bits since. It counts `US` among them: the guest's user mode is the guest's
 * own affair. Checking it costs little, since it hardly ever changes.
 *
 * The first line is not needed to be safe. It saves checks when a guest empties tables.
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
  const harmless = A | D | FREE;
  // the CPU looks at nothing else
  if ((before & P) === 0 && (after & P) === 0) return false;
  return ((before ^ after) & ~harmless) !== 0;
  // End of your lines.
}
