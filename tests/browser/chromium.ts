/**
 * Debian's Chromium, for tests of what readers see. It starts without a window and with a profile that goes when it ends;
 * where it is not installed the tests say so and are skipped.
 *
 * @module
 */

import { type Browser, chromium, type Page } from "playwright-core";
import { reasonWithout } from "./installed.ts";

export type { Locator, Page } from "playwright-core";

/** How a page is looked at. */
export interface View {
  /** The paper that the reader prefers; light unless said otherwise. */
  readonly scheme?: "light" | "dark";
  /** Of the window, in CSS pixels; 1200 by 900 unless said otherwise. */
  readonly width?: number;
  readonly height?: number;
}

/** A page that is open. */
export interface Visit {
  readonly page: Page;
  /** What went wrong so far: errors of scripts and of the console, and requests that leave this machine. */
  readonly problems: readonly string[];
}

const PROGRAM = "/usr/bin/chromium";

// Nothing but the pages of the tests: no updates, no reports home.
const OPTIONS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why browser tests cannot run here, or undefined where they can. */
export const NO_CHROMIUM: string | undefined = reasonWithout(PROGRAM);

/** Whether a URL needs no other machine: a file, data, or a server on loopback. */
function isLocal(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return !/^(https?|wss?):$/.test(protocol) || ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

function watch(page: Page, problems: string[]): void {
  page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!isLocal(request.url())) problems.push(`request: ${request.url()}`);
  });
}

/**
 * Opens an empty page, hands it over, and ends the browser whatever happens. Its profile goes with it.
 *
 * @param visit What to do with the page: `page.setContent(html)` or `page.goto(url)` first.
 * @param view How it is looked at.
 * @returns What `visit` returned.
 */
export async function withPage<T>(visit: (visit: Visit) => Promise<T>, view: View = {}): Promise<T> {
  const { scheme = "light", width = 1200, height = 900 } = view;
  const browser: Browser = await chromium.launch({ executablePath: PROGRAM, args: [...OPTIONS] });
  try {
    const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height } });
    const problems: string[] = [];
    watch(page, problems);
    return await visit({ page, problems });
  } finally {
    await browser.close();
  }
}

/**
 * A test in Chromium; skipped, with the reason in its name, where there is none.
 *
 * @param name The claim.
 * @param run The test.
 * @param view How its page is looked at.
 */
export function browserTest(name: string, run: (visit: Visit) => Promise<void>, view: View = {}): void {
  const skipped = NO_CHROMIUM === undefined ? "" : ` (skipped: ${NO_CHROMIUM})`;
  Deno.test({ name: name + skipped, ignore: skipped !== "", fn: () => withPage(run, view) });
}
