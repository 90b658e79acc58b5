/**
 * The trace of a boot: every write to a page table, in order.
 *
 * @module
 */

export { Trace, type Write } from "./trace.ts";
export type { TraceWriter } from "./writer.ts";
