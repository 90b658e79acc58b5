/**
 * The location of recordings: in the project's folder, or at a page's address.
 *
 * @module
 */

let base: URL = new URL("../../../tests/fixtures/", import.meta.url);

/** The address of a recording, by its path among the recordings. */
export function fixtureUrl(path: string): URL {
  return new URL(path, base);
}

/**
 * Takes recordings from elsewhere, as a page must that has no files.
 *
 * @param url A folder: it ends in a slash.
 */
export function readFixturesFrom(url: URL): void {
  base = url;
}
