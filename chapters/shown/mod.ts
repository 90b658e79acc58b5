/**
 * The results that a block of a chapter shows, and its checks of the prose.
 *
 * @module
 */

export * from "./check.ts";
export * from "./columns.ts";
export * from "./drawing.ts";
export * from "./hex.ts";
export * from "./kept_html.ts";
export * from "./kernel.ts";
export * from "./lines.ts";
export * from "./notebook_style.ts";
export * from "./shown.ts";
export * from "./table.ts";
export * from "./walk_table.ts";
