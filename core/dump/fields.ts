/**
 * Fields of a JSON object from an untrusted file. Every read of a field checks its value.
 *
 * @module
 */

import { isObject, show } from "../check.ts";
import { type Linear, parseAddress } from "../mmu/mod.ts";

/** A JSON object, with the path to it for messages. Every method throws a `RangeError` of one line. */
export class Fields {
  readonly #values: object;
  readonly #path: string;

  /**
   * @param values The parsed object.
   * @param path What to put before the names of its fields.
   */
  constructor(values: object, path = "") {
    this.#values = values;
    this.#path = path;
  }

  /** Parses a text that must be a JSON object. Messages call it by `what`. */
  static parse(json: string, what = "a state header"): Fields {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      throw new RangeError(`Expected ${what} in JSON but found something else, or half of one`);
    }
    if (!isObject(value)) throw new RangeError(`Expected ${what}, a JSON object, but found ${show(value)}`);
    return new Fields(value);
  }

  /** Whether a field is there. */
  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  /** Whether a field has a value. A missing field and null both mean that the value is not known. */
  isKnown(name: string): boolean {
    return this.has(name) && this.#value(name) !== null;
  }

  /** A text that passes a test. Messages describe the test by `expected`. */
  text(name: string, expected: string, test: (text: string) => boolean): string {
    const value = this.#value(name);
    if (typeof value !== "string" || !test(value)) throw this.#refuse(name, expected, value);
    return value;
  }

  /** True or false. */
  flag(name: string): boolean {
    const value = this.#value(name);
    if (typeof value !== "boolean") throw this.#refuse(name, "true or false", value);
    return value;
  }

  /** Whether a field is an object, and no list. */
  hasObject(name: string): boolean {
    const value = this.#value(name);
    return isObject(value) && !Array.isArray(value);
  }

  /** An integer from `low` to `high`. */
  integer(name: string, low: number, high: number): number {
    const value = this.#value(name);
    if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high) {
      throw this.#refuse(name, low === high ? `${low}` : `an integer from ${low} to ${high}`, value);
    }
    return value;
  }

  /** A number in hexadecimal text, below `limit`. */
  hex(name: string, limit: number): number {
    const value = this.#value(name);
    const number = hexNumber(value);
    if (!(number < limit)) throw this.#refuse(name, `hexadecimal text below 0x${limit.toString(16)}`, value);
    return number;
  }

  /** A linear address in hexadecimal text. */
  linear(name: string): Linear {
    return parseAddress(this.text(name, "a hexadecimal address", (text) => /^0x[0-9a-f]{1,16}$/i.test(text)));
  }

  /** A list of `least` to `most` values. */
  list(name: string, min: number, max: number): readonly unknown[] {
    const value = this.#value(name);
    if (!Array.isArray(value)) throw this.#refuse(name, "a list", value);
    if (value.length < min || value.length > max) {
      throw this.#refuse(name, `a list of ${min} to ${max} values`, value.length);
    }
    return value;
  }

  /** The fields of an object inside this one. */
  object(name: string): Fields {
    const value = this.#value(name);
    if (!isObject(value)) throw this.#refuse(name, "an object", value);
    return new Fields(value, `${this.#path}${name}.`);
  }

  /** The fields of each object in a list of `low` to `high`. */
  objects(name: string, low: number, high: number): Fields[] {
    return this.list(name, low, high).map((value, at) => {
      if (!isObject(value)) throw this.#refuse(`${name}[${at}]`, "an object", value);
      return new Fields(value, `${this.#path}${name}[${at}].`);
    });
  }

  /** Whether a field is there and null. */
  isNull(name: string): boolean {
    return this.#value(name) === null;
  }

  /** The names of all fields. */
  names(): string[] {
    return Object.keys(this.#values);
  }

  #value(name: string): unknown {
    return this.has(name) ? Reflect.get(this.#values, name) : undefined;
  }

  #refuse(name: string, expected: string, value: unknown): RangeError {
    return new RangeError(`Expected ${this.#path}${name} to be ${expected} but found ${show(value)}`);
  }
}

/**
 * A number in hexadecimal text.
 *
 * @param value Anything.
 * @returns The number; NaN for what is not `0x` and 1 to 13 digits.
 */
export function hexNumber(value: unknown): number {
  return typeof value === "string" && /^0x[0-9a-f]{1,13}$/i.test(value) ? Number(value) : NaN;
}
