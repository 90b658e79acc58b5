/**
 * Cells as columns of text.
 *
 * @module
 */

/** Options of columns. */
export interface ColumnOptions {
  /** Columns whose cells stand at the right, as numbers do; the others stand at the left. */
  readonly right?: readonly number[];
  /** Letters that a column has at least. */
  readonly widths?: readonly number[];
}

const GAP = "  ";
/** Escape sequences that set a colour on a terminal; they take no room. */
const COLOR = new RegExp(`${"\x1b"}\\[\\d+m`, "g");

/**
 * Sets cells in columns, two spaces apart. Colour takes no room.
 *
 * @param rows Cells, by row. A row may have fewer than others.
 * @param options Alignment and widths of the columns.
 * @returns A line for each row, without spaces at its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { columns } from "@pagetable-init/chapters";
 *
 * assertEquals(columns([["frames", "rights"], ["12", "rw-"]], { right: [0] }), ["frames  rights", "    12  rw-"]);
 * ```
 */
export function columns(
  rows: readonly (readonly string[])[],
  { right = [], widths = [] }: ColumnOptions = {},
): string[] {
  const room = [...widths];
  for (const cells of rows) cells.forEach((cell, at) => room[at] = Math.max(room[at] ?? 0, lengthOf(cell)));
  return rows.map((cells) => {
    const padded = cells.map((cell, at) => {
      const space = " ".repeat(Math.max(0, (room[at] ?? 0) - lengthOf(cell)));
      return right.includes(at) ? space + cell : cell + space;
    });
    return padded.join(GAP).trimEnd();
  });
}

function lengthOf(cell: string): number {
  return cell.replace(COLOR, "").length;
}
