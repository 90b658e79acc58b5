/**
 * Figures that answer to controls: what each control is, and how its value is read.
 *
 * @module
 */

import type { Figure } from "../../../chapters/figures/figure.ts";
import type { Table } from "../../../chapters/shown/table.ts";

interface Named {
  /** Name in the address and the form. */
  readonly name: string;
  /** Words for the reader. */
  readonly label: string;
}

/** One of some values. */
export interface Choice extends Named {
  readonly kind: "choice";
  /** Values with their words. */
  readonly options: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A whole number between two ends. */
export interface Range extends Named {
  readonly kind: "range";
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** What stands behind the number. */
  readonly unit: string;
}

/** Some of several values. */
export interface Switches extends Named {
  readonly kind: "switches";
  readonly options: Readonly<Record<string, string>>;
  readonly value: readonly string[];
}

/** The bits of a word, each to be turned over; a drag turns over several. */
export interface Bits extends Named {
  readonly kind: "bits";
  /** Number of bits, at most 32. */
  readonly width: number;
  /** As hex digits without `0x`. */
  readonly value: string;
  /** Names of bits, by number. */
  readonly names: Readonly<Record<number, string>>;
}

/** A control. */
export type Control = Choice | Range | Switches | Bits;

/** Values of the controls by name, as a form and an address have them. */
export type State = Readonly<Record<string, readonly string[]>>;

/** What a figure shows. */
export type Drawn = Figure | Table | string;

/** A figure with controls. */
export interface MovingFigure {
  /** Its name in addresses. */
  readonly id: string;
  /** The question that it lets the reader ask. */
  readonly title: string;
  /** The drawing at the end of whose section it stands, `01_one_page_table/address_fields`; undefined for a page of its own. */
  readonly below: string | undefined;
  readonly controls: readonly Control[];
  /**
   * Draws it.
   *
   * @throws {RangeError | TypeError} If a value is none that its control can have: an address can hold anything.
   */
  readonly draw: (state: State) => readonly Drawn[];
}

/** The state in which a figure begins. */
export function firstState(controls: readonly Control[]): State {
  return Object.fromEntries(controls.map((it) => [it.name, it.kind === "switches" ? it.value : [`${it.value}`]]));
}

/** The value of a control that has one. */
export function one(state: State, name: string): string {
  return state[name]?.[0] ?? "";
}

/** The number of a range. */
export function numberOf(state: State, name: string): number {
  const text = one(state, name);
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) {
    throw new RangeError(`Expected a number for ${name} but found ${JSON.stringify(text)}`);
  }
  return value;
}

/** The word of some bits, unsigned. */
export function wordOf(state: State, name: string): number {
  const text = one(state, name);
  if (!/^(0x)?[0-9a-f]{1,8}$/i.test(text)) {
    throw new RangeError(`Expected up to eight hex digits for ${name} but found ${JSON.stringify(text)}`);
  }
  return parseInt(text, 16);
}

/** The values of switches. */
export function someOf(state: State, name: string): readonly string[] {
  return state[name] ?? [];
}
