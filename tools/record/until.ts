/**
 * When a recording ends: `--until 20s`, `stores:1000000`, `symbol:start_kernel`, `serial:login:`.
 *
 * @module
 */

import { Misuse } from "../command.ts";
import type { Symbol } from "./symbols.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const MAX_TIME = 24 * 60 * 60_000;

/** When a recording ends, besides at the end of the guest. What comes first counts. */
export interface Until {
  /** Milliseconds from the start of QEMU. */
  readonly time: number;
  /** Stores of the whole guest. */
  readonly stores: number;
  /** Addresses of instructions that are not executed any more. */
  readonly symbols: readonly bigint[];
  /** Texts on the serial line. */
  readonly serial: readonly string[];
}

/**
 * Reads the ends that were asked for.
 *
 * @param texts What stands behind each `--until`.
 * @param symbols Symbols of the guest, for names of functions.
 * @returns When to end.
 * @throws {Misuse} If one makes no sense.
 */
export function parseUntil(texts: readonly string[], symbols: readonly Symbol[]): Until {
  const until = { time: Infinity, stores: Infinity, symbols: [] as bigint[], serial: [] as string[] };
  for (const text of texts) {
    const [, kind = "", value = ""] = /^(stores|symbol|serial):(.+)$/s.exec(text) ?? [];
    if (kind === "serial") until.serial.push(value);
    else if (kind === "stores") until.stores = Math.min(until.stores, numberIn(value, text));
    else if (kind === "symbol") until.symbols.push(addressOf(value, symbols));
    else until.time = Math.min(until.time, timeIn(text));
  }
  return until;
}

function nonsense(text: string): Misuse {
  return new Misuse(`expected --until as 20s, stores:N, symbol:NAME or serial:TEXT but found ${text.slice(0, 60)}`);
}

function numberIn(value: string, text: string): number {
  if (/^\d{1,15}$/.test(value) && Number(value) > 0) return Number(value);
  throw nonsense(text);
}

function timeIn(text: string): number {
  const [, digits, unit = ""] = /^(\d{1,8})(ms|s|m)$/.exec(text) ?? [];
  const time = Number(digits) * (UNITS[unit] ?? NaN);
  if (time > 0 && time <= MAX_TIME) return time;
  throw nonsense(text);
}

function addressOf(name: string, symbols: readonly Symbol[]): bigint {
  if (/^0x[0-9a-f]{1,16}$/i.test(name)) return BigInt(name);
  const found = symbols.find((symbol) => symbol.name === name);
  if (found !== undefined) return found.address;
  const reason = symbols.length === 0 ? "no --symbols" : "no such symbol";
  throw new Misuse(
    `expected the address of ${name.slice(0, 60)} in a file of --symbols, or 0x and the address, but found ${reason}`,
  );
}
