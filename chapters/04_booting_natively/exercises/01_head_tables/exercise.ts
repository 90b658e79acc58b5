/**
 * Count head.S's tables.
 *
 * head.S puts its page tables right behind the kernel, one page each, beginning at page
 * `kernelEnd`. Each maps 1,024 pages, from page 0 on. It stops as soon as the map covers
 * the kernel, the tables themselves, and `beyond` more pages. How many tables does it
 * build?
 *
 * head.S has no formula: after each table it asks whether the map is large enough.
 *
 * @module
 */

const PAGES_PER_TABLE = 1024;

export function headTables(kernelEnd: number, beyond: number): number {
  // Your lines: about three.
  return Math.ceil((kernelEnd + beyond) / PAGES_PER_TABLE);
  // End of your lines.
}
