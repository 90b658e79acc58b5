/**
 * The fields of a linear address: an index for each level, and the offset in the page.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { type Address, formatAddress, indexAt, type Linear, type Mode, toLinear } from "../../core/mmu/mod.ts";
import type { Figure } from "./figure.ts";
import { paint, type PaintName } from "./palette.ts";

const WIDTH = 1000;
const HEIGHT = 132;
const COLORS: readonly PaintName[] = ["large", "small"];

/** Bits `high` to `low` of the address. */
interface Field {
  readonly name: string;
  readonly high: number;
  readonly low: number;
  readonly value: number;
  readonly color: PaintName;
}

function fieldsOf(mode: Mode, { hi, lo }: Linear, pageShift: number): Field[] {
  const levels = mode.levels.filter(({ shift }) => shift >= pageShift);
  const indices = levels.map((level, at): Field => ({
    name: `index of the ${level.entry}`,
    high: level.shift + level.bits - 1,
    low: level.shift,
    value: indexAt(level, hi, lo),
    color: COLORS[at % COLORS.length] ?? "large",
  }));
  const value = lo % 2 ** pageShift;
  return [...indices, { name: "offset in the page", high: pageShift - 1, low: 0, value, color: "muted" }];
}

/** The digits of a field, each with the number of its bit. */
function digitsOf({ high, low, value }: Field): { readonly bit: number; readonly digit: string }[] {
  const digits = value.toString(2).padStart(high - low + 1, "0");
  return [...digits].map((digit, at) => ({ bit: high - at, digit }));
}

/** The name, as far as it fits below a field of two bits. */
function labelOf({ name, high, low }: Field): string {
  return high - low < 3 ? name.replace("index of the ", "") : name;
}

function inWords({ value }: Field): string {
  return value < 10 ? `${value}` : `${value} (0x${value.toString(16)})`;
}

function marksOf(fields: readonly Field[], bits: number): Plot.Markish[] {
  const left = (bit: number) => bits - 1 - bit;
  const middle = ({ high, low }: Field) => left((high + low) / 2) + 0.5;
  const edges = fields.flatMap(({ high, low }) => high === low ? [high] : [high, low]);
  const label = { fill: paint("ink"), fontSize: 12 } as const;
  return [
    Plot.rect(fields, {
      x1: ({ high }: Field) => left(high),
      x2: ({ low }: Field) => left(low) + 1,
      y1: 0,
      y2: 1,
      inset: 1,
      fill: ({ color }: Field) => paint(color),
      fillOpacity: 0.16,
      stroke: ({ color }: Field) => paint(color),
      strokeWidth: 1.5,
    }),
    Plot.text(fields.flatMap(digitsOf), {
      x: ({ bit }: { bit: number }) => left(bit) + 0.5,
      y: 0.5,
      text: "digit",
      fontFamily: "monospace",
      fontSize: 15,
      fill: paint("ink"),
    }),
    Plot.text(edges, { x: (bit: number) => left(bit) + 0.5, y: 1, dy: -10, text: String, fill: paint("muted") }),
    Plot.text(fields, { x: middle, y: 0, dy: 16, text: labelOf, ...label }),
    Plot.text(fields, { x: middle, y: 0, dy: 34, text: inWords, fontWeight: "bold", ...label }),
  ];
}

/**
 * The fields of an address.
 *
 * @param mode The paging mode.
 * @param address Linear address.
 * @param pageShift Log2 of the size of the page that it lies in: 12, or more for a large page.
 * @returns The figure; its table has a line for each field.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MODES } from "@pagetable-init/textbook";
 * import { addressFields } from "@pagetable-init/chapters";
 *
 * const { table } = addressFields(MODES["two-level"], 0xc0100abc);
 * assertEquals(table.rows.map((row) => row[2]), [768, 256, 0xabc]);
 * ```
 */
export function addressFields(mode: Mode, address: Address, pageShift: number = 12): Figure {
  const linear = toLinear(address);
  const fields = fieldsOf(mode, linear, pageShift);
  const parts = fields.map((field) => `bits ${field.high} to ${field.low} are the ${field.name}, ${inWords(field)}`);
  return {
    options: {
      width: WIDTH,
      height: HEIGHT,
      marginLeft: 8,
      marginRight: 8,
      marginTop: 26,
      marginBottom: 50,
      x: { axis: null, domain: [0, mode.linearBits] },
      y: { axis: null, domain: [0, 1] },
      marks: marksOf(fields, mode.linearBits),
    },
    caption: `The address ${formatAddress(linear)} as ${mode.id.replace("pae", "PAE")} paging reads it.`,
    description: `The ${mode.linearBits} bits of the address ${formatAddress(linear)} in a row. From the left, ${
      parts.join("; ")
    }.`,
    table: {
      header: ["field", "bits", "value", "hexadecimal"],
      rows: fields.map(({ name, high, low, value }) => [name, `${high}..${low}`, value, `0x${value.toString(16)}`]),
    },
  };
}
