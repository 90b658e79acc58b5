/**
 * The header of a recording.
 *
 * @module
 */

import { Fields } from "../dump/fields.ts";
import type { RecordingHeader } from "./log.ts";

const MAX_RAM = 2 ** 52;

/**
 * Reads the header of a recording.
 *
 * @param json Its text.
 * @returns The header.
 * @throws {RangeError} With a message of one line, if the text is not JSON, or a field is missing, malformed or out of range.
 */
export function parseRecordingHeader(json: string): RecordingHeader {
  const fields = Fields.parse(json, "the header of a recording");
  const ramBytes = fields.integer("ramBytes", 4096, MAX_RAM);
  if (ramBytes % 4096 !== 0) throw new RangeError(`Expected ramBytes to be a multiple of 4096 but found ${ramBytes}`);
  return { description: fields.text("description", "text", () => true), ramBytes };
}
