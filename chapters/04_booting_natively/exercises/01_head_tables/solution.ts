/**
 * A solution.
 *
 * Alternatives: the number is the smallest n with n * 1024 >= kernelEnd + n + beyond, so
 * `Math.ceil((kernelEnd + beyond) / 1023)`: each table covers itself and 1,023 pages
 * more. head.S has its loop in a few instructions and no division, and the loop shows why
 * it ends.
 *
 * @module
 */

const PAGES_PER_TABLE = 1024;

export function headTables(kernelEnd: number, beyond: number): number {
  // Your lines: about three.
  let tables = 0;
  while (tables * PAGES_PER_TABLE < kernelEnd + tables + beyond) tables++;
  return tables;
  // End of your lines.
}
