/**
 * Recordings of real guests: every store to a page table, and the machine after each of them.
 *
 * @module
 */

export { type Blame, blame, type BlameOptions } from "./blame.ts";
export { loadRecording } from "./load.ts";
export {
  type Mark,
  type RecordedEvent,
  type RecordedRegister,
  type RecordingHeader,
  STORE_KINDS,
  type Writer,
} from "./log.ts";
export { stepOf } from "./moments.ts";
export {
  formatWriter,
  type Happened,
  type Moment,
  type RecordedTrace,
  type RecordedWrite,
  Recording,
} from "./recording.ts";
