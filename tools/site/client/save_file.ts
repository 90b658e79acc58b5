/**
 * Hands a file to the reader.
 *
 * @module
 */

import { make } from "./shown.ts";

/** Saves a text under a name, as the browser saves what is downloaded. */
export function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
