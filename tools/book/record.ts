/**
 * The outputs of the blocks of a running chapter. The tangled program calls it.
 *
 * @module
 */

import { Drawing, type FigureTable, Lines, type MimeBundle, Shown, Table } from "../../chapters/mod.ts";

/** The output of a block, in a form that can be sent on. */
export type Output =
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  | { readonly kind: "table"; readonly table: FigureTable; readonly caption: string }
  | {
    readonly kind: "figure";
    readonly name: string;
    readonly svg: string;
    readonly caption: string;
    readonly description: string;
    readonly table: FigureTable;
  }
  /** Output that only a notebook can show; never on a page. */
  | { readonly kind: "outputs"; readonly outputs: readonly MimeBundle[] };

/** An output and its block. */
export interface Recorded {
  /** Number of the block in the chapter, from 0. */
  readonly block: number;
  readonly output: Output;
}

const WIDTH = 100;
let outputs: Recorded[] = [];
let block = 0;

/**
 * Called where a block begins.
 *
 * @param number Its number in the chapter, from 0.
 */
export function enter(number: number): void {
  block = number;
}

/**
 * Called with the expression that a block ends in.
 *
 * @param value Its value; undefined shows nothing.
 */
export function show(value: unknown): void {
  if (value !== undefined) outputs.push({ block, output: outputOf(value) });
}

/** All outputs since the last call. */
export function recorded(): readonly Recorded[] {
  const since = outputs;
  outputs = [];
  return since;
}

function outputOf(value: unknown): Output {
  if (value instanceof Table) {
    const { header, rows, caption } = value;
    return { kind: "table", table: { header, rows }, caption };
  }
  if (value instanceof Drawing) {
    const { name, svg, figure: { caption, description, table } } = value;
    return { kind: "figure", name, svg: `${svg}\n`, caption, description, table };
  }
  if (value instanceof Lines) return { kind: "lines", lines: value.lines };
  if (value instanceof Shown) return { kind: "outputs", outputs: value.outputs() };
  return { kind: "lines", lines: inspected(value).split("\n") };
}

function inspected(value: unknown): string {
  if (typeof value !== "string") return Deno.inspect(value, { colors: false, breakLength: WIDTH, depth: 6 });
  if (value.includes("\n")) {
    throw new TypeError("Expected lines([...]) or table([...]) but found a string of several lines");
  }
  return JSON.stringify(value);
}
