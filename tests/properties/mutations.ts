/**
 * Ways to spoil a file: bytes, text, fields of JSON. Each takes the random numbers that decide, and changes a copy.
 *
 * @module
 */
import type { Random } from "../../chapters/guests/random.ts";

/** A JSON object whose fields may be anything. */
export type Json = Record<string, unknown>;

/** Values that no reader expects everywhere. */
const HOSTILE: readonly unknown[] = [
  ...[null, true, -1, 0, 1, 0.5, 1e308, 2 ** 32, 2 ** 53, -0],
  ...["", "0", "0x", "0x0", "-0x1", "0xffffffffffffffff", "0x10000000000000", "0xfffffffffffff", "1e9", "NaN"],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "../../secret",
    "/dev/zero",
    "a\0b",
    "\n",
    "x".repeat(100_000),
    "\u{1f4a5}",
  ],
  ...[[], {}, [[]], ["0x1"], [null], { length: 3 }, { __proto__: null }],
];

/** A copy of bytes, spoiled in one to four places, or in length. */
export function spoilBytes(random: Random, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let spoiled = new Uint8Array(bytes);
  for (let times = random.between(1, 4); times > 0; times--) {
    const at = random.below(Math.max(spoiled.length, 1));
    const odds = random.below(100);
    if (odds < 40) spoiled[at] = (spoiled[at] ?? 0) ^ (1 << random.below(8));
    else if (odds < 65) spoiled[at] = random.below(256);
    else if (odds < 90) spoilWord(random, spoiled, at);
    else if (odds < 94) spoiled = spoiled.slice(0, at);
    else if (odds < 97) spoiled = joined(spoiled, spoiled.subarray(at, at + random.below(200)));
    else spoiled = joined(spoiled.subarray(0, at), spoiled.subarray(at + 1 + random.below(200)));
  }
  return spoiled;
}

/** Puts an unlucky 32-bit word on a word boundary. */
function spoilWord(random: Random, bytes: Uint8Array<ArrayBuffer>, near: number): void {
  const at = near & ~3;
  if (at + 4 > bytes.length) return;
  const word = random.pick([0, 1, 0xffff_ffff, 0x8000_0000, 0x7fff_ffff, 1 << random.below(32), random.word()]);
  new DataView(bytes.buffer).setUint32(at, word >>> 0, true);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A copy of a text, spoiled as its bytes are. It may not be UTF-8 any more, which a decoder replaces. */
export function spoilText(random: Random, text: string): string {
  return new TextDecoder().decode(spoilBytes(random, new TextEncoder().encode(text)));
}

/** A copy of an object with one field, perhaps of an object or list inside it, gone, hostile, or another field's. */
export function spoilField(random: Random, object: Json): Json {
  const names = Object.keys(object);
  const name = random.pick([...names, "unknown"]);
  const value = object[name];
  const inside = typeof value === "object" && value !== null && random.chance(0.6);
  if (inside && Array.isArray(value)) return { ...object, [name]: spoilList(random, value) };
  if (inside) return { ...object, [name]: spoilField(random, value as Json) };
  if (random.chance(0.15)) return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
  if (random.chance(0.3) && typeof value === "string") return { ...object, [name]: spoilText(random, value) };
  return { ...object, [name]: random.chance(0.15) ? object[random.pick(names)] : random.pick(HOSTILE) };
}

function spoilList(random: Random, list: readonly unknown[]): unknown[] {
  const at = random.below(Math.max(list.length, 1));
  switch (random.below(6)) {
    case 0:
      return list.filter((_, i) => i !== at);
    case 1:
      return list.toReversed();
    case 2:
      return [...list, ...list];
    case 3:
      return list.with(at, random.pick(HOSTILE));
    case 4:
      return list.with(at, `0x${random.word().toString(16)}`);
    default:
      return Array(random.pick([0, 1, 1000, 70_000])).fill(list[at]);
  }
}
