/**
 * The classes of permission errors, worst first, and the words that figures and tables use for them.
 *
 * @module
 */

import type { Row } from "../../core/matrix.ts";
import type { ErrorClass } from "./cell.ts";

/** How one class of errors is written. */
export interface ErrorClassWords {
  /** Key in the row. */
  readonly key: ErrorClass;
  /** One word, for a cell. */
  readonly short: string;
  /** Heading of a chart or column. */
  readonly label: string;
  /** What such pages do or lack, after "pages that". */
  readonly says: string;
}

/** The seven classes, worst first: what breaks isolation, then what breaks the kernel, then what only costs. */
export const ERROR_CLASSES: readonly ErrorClassWords[] = Object.freeze([
  { key: "writablePageTable", short: "table rw", label: "writable page table", says: "map a page table writable" },
  { key: "userAccessible", short: "user", label: "user-accessible", says: "are open to user mode" },
  { key: "nonExecutableText", short: "text nx", label: "non-executable text", says: "hold text that cannot execute" },
  { key: "notWritable", short: "not rw", label: "not writable", says: "should be writable and are not" },
  { key: "executableData", short: "data x", label: "executable data", says: "hold data that can execute" },
  { key: "notLarge", short: "small", label: "small page", says: "could be part of a large page" },
  { key: "missingGlobal", short: "no G", label: "not global", says: "lack the global bit" },
]);

/** The errors that a row has, worst first. */
export function errorsOf(row: Row): { words: ErrorClassWords; pages: number }[] {
  return ERROR_CLASSES.map((words) => ({ words, pages: row.permissionErrors[words.key] })).filter((it) => it.pages > 0);
}
