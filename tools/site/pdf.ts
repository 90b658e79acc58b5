/**
 * The printed book: the page of the whole book, through a browser's own printer.
 *
 * @module
 */

import { Misuse } from "../command/arguments.ts";
import { run } from "../command/process.ts";
import { withScratch } from "../command/scratch.ts";
import { BOOK_FILE, PDF_FILE } from "./book_page.ts";
import { server } from "./serve.ts";

/** Browsers that print, by name. */
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chrome"] as const;

/**
 * Prints the whole book.
 *
 * @param folder The site; the file goes into it.
 * @returns The file's name.
 * @throws {Misuse} If there is no browser that prints, or it fails.
 */
export async function printBook(folder: string): Promise<string> {
  let address = "";
  const served = server(folder, (at) => address = at);
  try {
    await withScratch((profile) => print(`${address}${BOOK_FILE}`, `${folder}/${PDF_FILE}`, profile));
  } finally {
    await served.shutdown();
  }
  return PDF_FILE;
}

async function print(address: string, to: string, profile: string): Promise<void> {
  const options = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    `--user-data-dir=${profile}`,
    `--print-to-pdf=${to}`,
    address,
  ];
  for (const browser of BROWSERS) {
    try {
      const { code, err } = await run(browser, options);
      if (code !== 0) throw new Misuse(`${browser} could not print: ${err.trim().split("\n").at(-1)}`);
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Misuse(`expected one of ${BROWSERS.join(", ")} for --pdf but found none`);
}
