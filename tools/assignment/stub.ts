/**
 * What nbgrader puts in the place of a solution.
 *
 * @module
 */

/** The text in place of a solution in the students' version. */
export const STUB = 'throw new Error("Not done yet");';
