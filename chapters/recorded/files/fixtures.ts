/**
 * Where recordings are: beside the project, or where a page has them.
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
