/**
 * A problem of a page of the book.
 *
 * @module
 */

/** A complaint about a line of a page. */
export interface Problem {
  /** The page, from `chapters/` on. */
  readonly page: string;
  /** Its line, counted from 1. */
  readonly line: number;
  /** The problem in words. */
  readonly message: string;
}

/** A problem as compilers print one. */
export function problemText({ page, line, message }: Problem): string {
  return `${page}:${line}: ${message}`;
}
