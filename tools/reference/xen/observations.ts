/**
 * All claims about Xen 4.17, in the order in which they are asked.
 *
 * @module
 */
import type { Observation } from "./observation.ts";
import { OBSERVED_ENTRIES } from "./observed_entries.ts";
import { OBSERVED_STORES } from "./observed_stores.ts";
import { OBSERVED_TYPES } from "./observed_types.ts";

/** The claims. */
export const OBSERVATIONS: readonly Observation[] = Object.freeze([
  ...OBSERVED_ENTRIES,
  ...OBSERVED_TYPES,
  ...OBSERVED_STORES,
]);
