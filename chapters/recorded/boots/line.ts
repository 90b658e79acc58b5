/**
 * Files of JSON objects, one a line.
 *
 * @module
 */

import { UnreadableFile } from "../files/read_bounded.ts";

/**
 * The lines of a file, one JSON object each.
 *
 * @param path The file's name, for messages.
 * @param bytes Its contents, unpacked.
 * @returns The lines; at least one.
 * @throws {UnreadableFile} If it is not text, or a line is no object.
 */
export function linesOf(path: string, bytes: Uint8Array): [Line, ...Line[]] {
  const [first = "", ...rest] = textOf(path, bytes).split("\n").filter((line) => line !== "");
  return [new Line(path, 1, first), ...rest.map((text, at) => new Line(path, at + 2, text))];
}

function textOf(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile(path, "not text");
  }
}

/** Reads the fields of one JSON object, and says what is wrong with them. Every method throws `UnreadableFile`. */
export class Line {
  readonly #path: string;
  readonly #number: number;
  readonly #fields: { readonly [name: string]: unknown };

  /**
   * @param path The file's name, for messages.
   * @param number The line's number.
   * @param value The object, or its text.
   */
  constructor(path: string, number: number, value: unknown) {
    this.#path = path;
    this.#number = number;
    this.#fields = this.#object(typeof value === "string" ? this.#parsed(value) : value);
  }

  /** Whether there is such a field. */
  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  /** A text of at most 200 letters. */
  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value !== "string" || value.length > 200) throw this.wrong(name, "text");
    return value;
  }

  /** A hexadecimal number of at most 64 bits, as text. */
  hexText(name: string): string {
    const value = this.text(name);
    if (!/^0x[0-9a-f]{1,16}$/.test(value)) throw this.wrong(name, "a hexadecimal number");
    return value;
  }

  /** The same as a number. */
  hex(name: string): number {
    return Number(this.hexText(name));
  }

  /** A whole number. */
  integer(name: string, min: number, max: number): number {
    const value = this.#fields[name];
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      throw this.wrong(name, `${min} to ${max}`);
    }
    return value;
  }

  /** In which order two halves were stored. */
  order(): "hi,lo" | "lo,hi" {
    const value = this.text("order");
    if (value !== "hi,lo" && value !== "lo,hi") throw this.wrong("order", "hi,lo or lo,hi");
    return value;
  }

  /** The fields of an inner object, each as a line that has only that field. */
  *fields(name: string): Generator<readonly [string, Line]> {
    if (!this.has(name)) return;
    for (const [key, value] of Object.entries(this.#object(this.#fields[name]))) {
      yield [key, new Line(this.#path, this.#number, { [key]: value })];
    }
  }

  /** The objects of a list; none if there is no such field. */
  list(name: string): Line[] {
    const value = this.#fields[name] ?? [];
    if (!Array.isArray(value)) throw this.wrong(name, "a list");
    return value.map((item) => new Line(this.#path, this.#number, item));
  }

  /** What is said of a field that is something else. */
  wrong(name: string, expected: string): UnreadableFile {
    const found = (JSON.stringify(this.#fields[name]) ?? "nothing").slice(0, 60);
    return new UnreadableFile(
      this.#path,
      `line ${this.#number}: expected ${name} to be ${expected} but found ${found}`,
    );
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new UnreadableFile(this.#path, `line ${this.#number} is not JSON`);
    }
  }

  #object(value: unknown): { readonly [name: string]: unknown } {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    throw new UnreadableFile(this.#path, `line ${this.#number} is no object`);
  }
}
