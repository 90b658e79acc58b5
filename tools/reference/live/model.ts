/**
 * The side that is compared with a live machine: anything that answers a case.
 *
 * @module
 */
import type { Answer } from "./answers.ts";
import type { AccessCase } from "./case_file.ts";

/** Answers a case. */
export type Model = (asked: AccessCase) => Answer;

/** CR0 as the guest writes it, before the case's bits: PG, NE, ET, PE. */
export const GUEST_CR0 = 0x8000_0031;
