/**
 * Figures of the debate: functions from audit data to Plot options, and their drawing as SVG text.
 *
 * @module
 */

export * from "./access_grid.ts";
export * from "./address_fields.ts";
export * from "./address_map.ts";
export * from "./back_ends.ts";
export * from "./boot_overlay.ts";
export * from "./boots_beside.ts";
export * from "./cell.ts";
export * from "./cell_of_run.ts";
export * from "./coverage_map.ts";
export * from "./disagreements.ts";
export * from "./error_classes.ts";
export * from "./figure.ts";
export * from "./flush_grid.ts";
export * from "./frame_types.ts";
export * from "./hunts.ts";
export * from "./mapping_order.ts";
export * from "./markup.ts";
export * from "./pair_grid.ts";
export * from "./palette.ts";
export * from "./permission_errors.ts";
export * from "./render.ts";
export * from "./table_lives.ts";
export * from "./table_tree.ts";
export * from "./tlb_reach.ts";
export * from "./verdict.ts";
export * from "./verdict_board.ts";
export * from "./verdict_matrix.ts";
export * from "./write_timeline.ts";
export * from "./writers_over_time.ts";
