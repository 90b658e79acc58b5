/**
 * The boots of a report, write by write.
 *
 * @module
 */

import type { FigureCell } from "../../chapters/figures/mod.ts";
import { recordBoot, stepperElement } from "../../chapters/stepper/mod.ts";
import { boot } from "../../core/boot.ts";
import { Html } from "./html.ts";

/** The steppers of a report, in the order of its cells; undefined for a void cell. */
export type Steppers = readonly (Html | undefined)[];

/**
 * Records all boots of a matrix.
 *
 * @param cells The matrix; its ids must be those of strategies and platforms.
 * @returns A stepper for each boot.
 */
export function steppersOf(cells: readonly FigureCell[]): Steppers {
  return cells.map(({ row: { platform, strategy, memoryBytes, ...row } }) => {
    if (row.void !== undefined) return undefined;
    const recording = recordBoot(boot({ platform, strategy, memory: memoryBytes }));
    return new Html(stepperElement(recording, recording.steps, ""));
  });
}
