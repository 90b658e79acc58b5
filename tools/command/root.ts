/**
 * The folder of the project.
 *
 * @module
 */

/** The folder of the project, as a URL that ends in a slash. */
export const ROOT: URL = new URL("../../", import.meta.url);
