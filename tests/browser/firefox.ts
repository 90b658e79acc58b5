/**
 * Debian's Firefox, for tests of what readers see in a browser of another make. Where it is not installed the tests say so and are skipped.
 *
 * @module
 */

import puppeteer, { type Page } from "npm:puppeteer-core@25.16.0";
import { reasonWithout } from "./installed.ts";

export type { Page };

const PROGRAM = "/usr/bin/firefox-esr";

/** Why tests in Firefox cannot run here, or undefined where they can. */
export const NO_FIREFOX: string | undefined = reasonWithout(PROGRAM);

/**
 * A test in Firefox; skipped, with the reason in its name, where there is none.
 *
 * @param name The claim.
 * @param run The test. Its page is empty; the browser ends whatever happens.
 */
export function firefoxTest(name: string, run: (page: Page) => Promise<void>): void {
  const skipped = NO_FIREFOX === undefined ? "" : ` (skipped: ${NO_FIREFOX})`;
  const fn = async () => {
    const browser = await puppeteer.launch({ browser: "firefox", executablePath: PROGRAM, headless: true });
    try {
      await run(await browser.newPage());
    } finally {
      await browser.close();
    }
  };
  Deno.test({ name: `${name}${skipped}`, ignore: skipped !== "", fn });
}
