/**
 * The figures with controls.
 *
 * @module
 */

import { CONTRACT } from "./contract.ts";
import type { MovingFigure } from "./control.ts";
import { COST } from "./cost.ts";
import { COVERAGES, VERDICT } from "./coverage.ts";
import { ENTRIES } from "./entries.ts";
import { LIVES } from "./lives.ts";
import { SPECIAL } from "./special.ts";
import { STEP } from "./step.ts";
import { TLB } from "./tlb.ts";
import { WALK } from "./walk.ts";

export * from "./control.ts";
export { VERDICT } from "./coverage.ts";

/** All figures with controls, in the order of the book. */
export const MOVING: readonly MovingFigure[] = Object.freeze([
  WALK,
  ENTRIES,
  TLB,
  STEP,
  COST,
  CONTRACT,
  ...COVERAGES,
  SPECIAL,
  LIVES,
  VERDICT,
]);
