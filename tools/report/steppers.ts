/**
 * The boots of a report, write by write.
 *
 * @module
 */

import type { FigureCell } from "../../chapters/figures/mod.ts";
import { Workers } from "../command/workers.ts";
import { Html } from "./html.ts";
import type { RecordedBoot } from "./steppers_worker.ts";

/** The steppers of a report, in the order of its cells; undefined for a void cell. */
export type Steppers = readonly (Html | undefined)[];

/** Boots that are worth a worker: to start one takes as long as to record some ten. */
const BOOTS_A_WORKER = 10;

/**
 * Records all boots of a matrix, in workers.
 *
 * @param cells The matrix; its ids must be those of strategies and platforms.
 * @returns A stepper for each boot.
 */
export async function steppersOf(cells: readonly FigureCell[]): Promise<Steppers> {
  const boots: (RecordedBoot & { readonly at: number })[] = cells.flatMap(({ row }, at) => {
    const { platform, strategy, memoryBytes } = row;
    return row.void === undefined ? [{ at, platform, strategy, memory: memoryBytes }] : [];
  });
  const count = Math.min(navigator.hardwareConcurrency, Math.ceil(boots.length / BOOTS_A_WORKER));
  using workers = new Workers<RecordedBoot, string>(new URL("./steppers_worker.ts", import.meta.url), count);
  const drawn = await workers.map(boots);
  const steppers: (Html | undefined)[] = cells.map(() => undefined);
  for (const [i, { at }] of boots.entries()) steppers[at] = new Html(drawn[i] ?? "");
  return steppers;
}
