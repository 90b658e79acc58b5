/**
 * What cleans a drawing that a reader's code has made.
 *
 * @module
 */

import DOMPurify from "dompurify";

export { DOMPurify };
