/**
 * The classes of permission errors, worst first, and the words that figures and tables use for them.
 *
 * @module
 */

import type { Row } from "../../core/matrix.ts";
import type { ErrorClass } from "./cell.ts";

/** The words for one class of errors. */
export interface ErrorClassWords {
  /** Key in the row. */
  readonly key: ErrorClass;
  /** Heading of a column. */
  readonly label: string;
  /** The error, worded to follow an amount of memory: "12 MiB open to user mode". */
  readonly says: string;
}

/** The seven classes, worst first: what breaks isolation, then what breaks the kernel, then what only costs. */
export const ERROR_CLASSES: readonly ErrorClassWords[] = Object.freeze([
  { key: "writablePageTable", label: "writable page table", says: "of page tables writable" },
  { key: "userAccessible", label: "user-accessible", says: "open to user mode" },
  { key: "nonExecutableText", label: "non-executable text", says: "of code cannot run" },
  { key: "notWritable", label: "not writable", says: "not writable" },
  { key: "executableData", label: "executable data", says: "of data can run" },
  { key: "notLarge", label: "small page", says: "in small pages" },
  { key: "missingGlobal", label: "not global", says: "not global" },
]);

/** The errors that a row has, worst first. */
export function errorsOf(row: Row): { words: ErrorClassWords; pages: number }[] {
  return ERROR_CLASSES.map((words) => ({ words, pages: row.permissionErrors[words.key] })).filter((it) => it.pages > 0);
}
