/**
 * Waiting for something that another program does.
 *
 * @module
 */

const PAUSE = 250; // milliseconds

/** Waits until something is the case. */
export async function until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new Error(`Expected ${what} within ${seconds} s but it did not come`);
}
