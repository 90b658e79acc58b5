/**
 * Recordings of real guests: every store to a page table, and the machine after each of them.
 *
 * ```ts
 * import { access } from "@pagetable-init/textbook";
 * import { loadRecording } from "@pagetable-init/textbook/recording";
 * import { assertEquals } from "@std/assert";
 *
 * const header = { kind: "page-table writes of a real kernel", kernel: "2.6.20", memory_mb: 16, mode: "two-level", cr0: "0x80010001", roots: ["0x1000"] };
 * const lines = [
 *   { ...header, tables: { "0x1": 2, "0x2": 1 } },
 *   { n: 10, who: "head.S", frame: 1, index: 768, value: "0x2067" },
 *   { n: 11, who: "head.S", event: "mov cr0", imm: null },
 *   { n: 12, who: "set_pte", frame: 2, index: 0, value: "0x5067" },
 * ];
 * const recording = await loadRecording(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")));
 * assertEquals(access(recording.at(1), 0xc0000000).ok, false); // the machine before the last write
 * assertEquals(access(recording.at(2), 0xc0000000).ok, true); // and after it
 * ```
 *
 * @module
 */

export { type Blame, blame, type BlameOptions } from "./blame.ts";
export { loadRecording } from "./load.ts";
export {
  type Log,
  type Mark,
  type PageFlush,
  type RecordedEvent,
  type RecordedRegister,
  type RecordingHeader,
  type RegisterLoad,
  type StoreKind,
  Stores,
  type TableLink,
  type Writer,
} from "./log.ts";
export { stepOf } from "./moments.ts";
export type { View } from "./watch.ts";
export {
  formatWriter,
  type Happened,
  type Moment,
  type RecordedTrace,
  type RecordedWrite,
  Recording,
} from "./recording.ts";
