/**
 * Notices that a file of a folder was saved. Looks every so often: that works on every file system, and with every editor's
 * way of saving.
 *
 * @module
 */

import { savedState } from "../exercises/saved.ts";

const PAUSE = 50; // milliseconds

/**
 * Watches the TypeScript files of a folder.
 *
 * @param folder Its URL, ending in a slash.
 * @param changed Called after something has changed.
 * @returns Ends the watch.
 */
export function watchFolder(folder: URL, changed: () => void): () => void {
  let known = savedState(folder); // before anything is run: what is saved from now on is news
  const timer = setInterval(() => {
    const seen = savedState(folder);
    if (seen === known) return;
    known = seen;
    changed();
  }, PAUSE);
  return () => clearInterval(timer);
}
