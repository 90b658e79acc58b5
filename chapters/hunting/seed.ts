/**
 * The seed of a hunt.
 *
 * @module
 */

/** The seed of a hunt that names none: the day of the mail. */
export const HUNT_SEED = 20070428;
