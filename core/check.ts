/**
 * Checks of what callers pass, as tables with one check an option. A value of the wrong type is a `TypeError`, one out of range a `RangeError`.
 *
 * @module
 */

import { nearestOf } from "./ids.ts";

/** Checks one value. The message names it by `name`: "Expected NAME to be … but found …". */
export type Check = (value: unknown, name: string) => void;

/** The checks of an object's fields, by name. */
export type Fields = { readonly [name: string]: Check };

function refusal(Kind: typeof TypeError | typeof RangeError, name: string, words: string, value: unknown): Error {
  return new Kind(`Expected ${name} to be ${words} but found ${show(value)}`);
}

/** A check made of a test of type and, for values of that type, a test of range. A bundler drops the checks below that a page does not use. */
// @__NO_SIDE_EFFECTS__
function check<T>(words: string, ofKind: (value: unknown) => value is T, inRange: (value: T) => boolean): Check {
  return (value, name) => {
    if (!ofKind(value)) throw refusal(TypeError, name, words, value);
    if (!inRange(value)) throw refusal(RangeError, name, words, value);
  };
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";
const isFunction = (value: unknown): value is () => void => typeof value === "function";
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const always = (): boolean => true;

/** Whether something is an object whose fields can be looked at. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * A whole number.
 *
 * @param min The smallest.
 * @param max The largest.
 * @param unit What it must be a multiple of.
 */
// @__NO_SIDE_EFFECTS__
export function integer(min: number, max: number, unit = 1): Check {
  return check(
    `${unit === 1 ? "an integer" : `a multiple of ${unit}`} from ${amount(min)} to ${amount(max)}`,
    isNumber,
    (value) => Number.isInteger(value) && value >= min && value <= max && value % unit === 0,
  );
}

/** True or false. */
export const flag: Check = check("true or false", isBoolean, always);
/** Any text but the empty one. */
export const text: Check = check("text", isText, (value) => value !== "");
/** Any text. */
export const anyText: Check = check("text", isText, always);
/** Any number, NaN included; the callee checks the range. */
export const number: Check = check("a number", isNumber, always);
/** A function. */
export const callable: Check = check("a function", isFunction, always);
/** A 32-bit word, signed or unsigned. */
export const word: Check = integer(-(2 ** 31), 2 ** 32 - 1);
/**
 * Whether a value is a 32-bit word, signed or unsigned. It is cheap enough for hot paths.
 *
 * @param value Anything.
 */
export function isWord(value: unknown): boolean {
  return typeof value === "number" && ((value | 0) === value || value >>> 0 === value);
}

/**
 * Checks a word. It is cheap enough for hot paths.
 *
 * @param value What should be a 32-bit word, signed or unsigned.
 * @param name Its name in the message.
 */
export function checkWord(value: number, name: string): void {
  if (!isWord(value)) word(value, name);
}

/**
 * Checks a frame number, of the guest or of the machine. It is cheap enough for hot paths.
 *
 * @param value What should be a frame number.
 * @param name Its name in the message.
 */
export function checkFrame(value: number, name: string): void {
  if (typeof value !== "number" || (value & MAX_SMALL) !== value) frameNumber(value, name);
}

/** The largest frame number that needs no slow check: 31 bits. */
const MAX_SMALL = 0x7fff_ffff;

/** A whole number that a `number` holds exactly. */
export const wholeNumber: Check = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
/** A frame number, of the guest or of the machine. */
export const frameNumber: Check = integer(0, 2 ** 40 - 1);

/** One of several words. */
export function oneOf(...known: readonly string[]): Check {
  const words = `one of ${known.join(", ")}`;
  return (value, name) => {
    if (!isText(value)) throw refusal(TypeError, name, words, value);
    if (!known.includes(value)) {
      throw new TypeError(`Expected ${name} to be ${words} but found ${hinted(value, known)}`);
    }
  };
}

/** An object of a class. */
export function instance(Class: abstract new (...args: never) => object, words: string): Check {
  return check(words, (value): value is object => value instanceof Class, always);
}

/** A list whose items pass a check; of any length unless it is given. */
export function list(item: Check, length?: number): Check {
  return (value, name) => {
    if (!Array.isArray(value)) throw refusal(TypeError, name, "a list", value);
    if (length !== undefined && value.length !== length) {
      throw new RangeError(`Expected ${name} to be a list of ${length} but found one of ${value.length}`);
    }
    for (let i = 0; i < value.length; i++) item(value[i], `${name}[${i}]`);
  };
}

/** Anything that `for` … `of` goes through, such as a list or a generator. */
export const iterable: Check = check(
  "iterable",
  (value): value is object => isObject(value) && isFunction(Reflect.get(value, Symbol.iterator)),
  always,
);

/** A check that `undefined` passes as well: such an option counts as not given. */
export function optional(inner: Check): Check {
  return (value, name) => {
    if (value !== undefined) inner(value, name);
  };
}

/** An object with at least these fields, such as a caller's own platform. A frozen object is checked once and then remembered. */
export function shape(words: string, fields: Fields): Check {
  const passed = new WeakSet<object>();
  const inner = Object.entries(fields);
  return (value, name) => {
    if (!isObject(value) || Array.isArray(value)) throw refusal(TypeError, name, words, value);
    if (passed.has(value)) return;
    for (const [field, check] of inner) check(Reflect.get(value, field), `${name}.${field}`);
    if (Object.isFrozen(value)) passed.add(value);
  };
}

/** A range of pages, which may be empty: `first`, `end`, and further fields. */
export function pageRange(words: string, fields: Fields = {}): Check {
  const rangeShape = shape(words, { first: frameNumber, end: frameNumber, ...fields });
  return (value, name) => {
    rangeShape(value, name);
    const { first, end } = value as { readonly first: number; readonly end: number };
    if (end >= first) return;
    throw new RangeError(`Expected ${name} not to end before it begins but found pages ${first} to ${end}`);
  };
}

/** An object literal, of this realm or another: not a promise, a date or a map, of which no option would be read. */
function isPlain(value: unknown): value is object {
  if (!isObject(value) || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** An options object: these fields and no others. Messages call a field by its name alone. */
export function options(whose: string, fields: Fields): Check {
  return (value, name) => {
    if (!isPlain(value)) throw refusal(TypeError, name, `the options of ${whose}`, value);
    const known = Object.keys(fields);
    const stranger = Object.keys(value).find((key) => !known.includes(key));
    if (stranger !== undefined) {
      throw new TypeError(
        `Expected an option of ${whose} but found ${hinted(stranger, known)} Known: ${known.join(", ")}`,
      );
    }
    for (const field of known) fields[field]?.(Reflect.get(value, field), field);
  };
}

/**
 * Checks the arguments of a function.
 *
 * @param fields A check for each parameter, by its name, in order.
 * @param values The arguments.
 */
export function checkArguments(fields: Fields, values: ArrayLike<unknown>): void {
  let i = 0;
  for (const name in fields) fields[name]?.(values[i++], name);
}

function hinted(value: string, known: readonly string[]): string {
  const nearest = nearestOf(value, known);
  return `${show(value)}${nearest === undefined ? "." : `; did you mean ${nearest}?`}`;
}

/** A bound, as people write it: of 33 bits and more by its power of two. */
function amount(value: number): string {
  if (value < -(2 ** 32)) return `-(${amount(-value)})`;
  const exponent = Math.round(Math.log2(value));
  const off = 2 ** exponent - value;
  return value <= 2 ** 32 || off > 1 ? `${value}` : off === 0 ? `2^${exponent}` : `2^${exponent} - 1`;
}

/**
 * A caller's value, shortened to fit one line of a message.
 *
 * @param value Anything.
 * @returns At most 60 characters; `nothing` for undefined.
 */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (isObject(value)) return Array.isArray(value) ? "a list" : "an object";
  const shown = typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : String(value);
  const suffixed = typeof value === "bigint" ? `${shown}n` : shown;
  return suffixed.length > 60 ? `${suffixed.slice(0, 57)}...` : suffixed;
}
