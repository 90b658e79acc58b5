/**
 * Every write to a page table, in order.
 *
 * @module
 */

export * from "./trace.ts";
