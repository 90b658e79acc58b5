/**
 * Moments of a recording by name: `@1234`, `@end`, `@set_pte`, `@set_pte+3`, `@write-to 0xc0100000`.
 *
 * @module
 */

import { checkArguments, instance, text as someText } from "../check.ts";
import { nearestOf } from "../ids.ts";
import { type Address, parseAddress } from "../mmu/mod.ts";
import { blame } from "./blame.ts";
import { Recording } from "./recording.ts";

const WRITE_TO = "write-to";

/**
 * The step that a text names.
 *
 * @param recording The recording.
 * @param text `end`: after the last write. A number: after that write. A symbol: after the first write that it made, with `+3` after the third that it made
 * behind that one. `write-to ADDRESS`: after the last write that changed the walk of this linear address.
 * @returns The step.
 * @throws {RangeError} If there is no such step, symbol or write.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadRecording, stepOf } from "@pagetable-init/textbook/recording";
 *
 * const lines = [
 *   { kind: "page-table writes of a real kernel", kernel: "2.6.20", memory_mb: 16, mode: "two-level", cr0: "0x80010001", cr3: "0x1000", cr4: "0x0", efer: "0x0", roots: ["0x1000"], tables: { "0x1": 2, "0x2": 1 } },
 *   { n: 10, who: "head.S", pc: "0x100010", frame: 1, index: 768, value: "0x2067" },
 *   { n: 11, who: "set_pte", pc: "0xc0100020", frame: 2, index: 0, value: "0x67", count: 3, step: "0x1000" },
 * ];
 * const recording = await loadRecording(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")));
 * assertEquals([stepOf(recording, "end"), stepOf(recording, "set_pte"), stepOf(recording, "set_pte+1")], [4, 2, 3]);
 * ```
 */
export function stepOf(recording: Recording, text: string): number {
  checkArguments({ recording: instance(Recording, "a recording"), text: someText }, [recording, text]);
  const word = text.trim();
  if (word === "end") return recording.length;
  if (/^\d+$/.test(word)) return existing(recording, Number(word));
  if (word.startsWith(WRITE_TO)) {
    return lastWriteTo(recording, parseAddress(word.slice(WRITE_TO.length).replace(/^[\s=:]+/, "")));
  }
  const [, name = "", further = "0"] = /^(.+?)(?:\+(\d{1,9}))?$/s.exec(word) ?? [];
  return writeBy(recording, name, Number(further));
}

function existing({ length }: Recording, step: number): number {
  if (step <= length) return step;
  throw new RangeError(`Expected a step of 0 to ${length} but found ${step}`);
}

function lastWriteTo(recording: Recording, address: Address): number {
  const writes = blame(recording, address).filter(({ step }) => step > 0);
  const last = writes.findLast(({ linked }) => linked) ?? writes.at(-1);
  if (last !== undefined) return last.step;
  throw new RangeError("Expected a write that changed the walk of this address but found none");
}

function writeBy({ trace }: Recording, name: string, further: number): number {
  const names = new Set<string>();
  let seen = -1;
  for (const { op, step } of trace) {
    names.add(op);
    if (op === name && ++seen === further) return step;
  }
  if (seen >= 0) {
    throw new RangeError(`Expected at most ${name}+${seen}, as it wrote ${seen + 1} times, but found +${further}`);
  }
  const nearest = nearestOf(name, [...names]);
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  throw new RangeError(
    `Expected a step, end, write-to ADDRESS or the name of one who wrote but found "${name.slice(0, 60)}"${hint}`,
  );
}
