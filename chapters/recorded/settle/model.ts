/**
 * Makes the live Xen's operations on the emulated hypervisor, on the same machine.
 *
 * @module
 */

import { type Guest, machineGuest } from "./guest.ts";
import { isRefused, type RecordedOp, type XenAnswer, type XenOp } from "./op.ts";
import { bareGuest, type RecordedGuest } from "../hypercalls/guest.ts";
import { parseRecording, type RecordedLine } from "../hypercalls/operation.ts";
import { answerTo, differenceOf } from "../hypercalls/play.ts";
import type { Exported } from "./export.ts";

/** A difference between recorded answers and those of the model. */
export interface Difference {
  /** Number of the operation, from 1. */
  readonly number: number;
  /** Field, our value, Xen's. */
  readonly what: string;
}

/**
 * Repeats recorded operations on the emulated hypervisor, as dom0, and compares the answers.
 *
 * @param exported The machine.
 * @param lines The operations, with the answers of the live Xen.
 * @returns The first difference, or undefined.
 * @throws {RangeError} If the model refuses an operation that builds the machine.
 */
export function firstDifference({ machine }: Exported, lines: readonly RecordedOp[]): Difference | undefined {
  const guest = modelOf(machineGuest(machine));
  for (const line of parsed(lines)) {
    const what = differenceOf(line.answer, answerTo(guest, line), false);
    if (what !== undefined) return { number: line.number, what };
  }
  return undefined;
}

/** The number of the first operation that was refused, from 1; 0 if none was. */
export function firstRefused(lines: readonly XenAnswer[]): number {
  return lines.findIndex(isRefused) + 1;
}

function modelOf({ pages, setup }: Guest): RecordedGuest {
  const guest = bareGuest(pages);
  for (const line of parsed(setup.map((op) => ({ ...op, rc: 0 })))) {
    const { rc } = answerTo(guest, line);
    if (rc !== 0) throw new RangeError(`Expected a machine that can be made but found ${rc} in step ${line.number}`);
  }
  return guest;
}

function parsed(lines: readonly (XenOp & XenAnswer)[]): RecordedLine[] {
  const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
  return parseRecording("the operations of a boot", new TextEncoder().encode(text));
}
