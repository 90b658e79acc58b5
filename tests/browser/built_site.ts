/**
 * The site, built once for a test file and served to this machine.
 *
 * @module
 */

import { buildSite } from "../../tools/site/build.ts";
import { server } from "../../tools/site/serve.ts";
import { NO_CHROMIUM, type Page } from "./chromium.ts";

/** A site that is served; its folder goes with it. */
export interface BuiltSite {
  /** Address of its first page; empty where there is no browser to ask for it. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/**
 * Builds and serves the site; does nothing where the tests are skipped.
 *
 * @param skipped Why they are, or undefined.
 */
export async function builtSite(skipped: string | undefined = NO_CHROMIUM): Promise<BuiltSite> {
  if (skipped !== undefined) return { address: "", close: () => Promise.resolve() };
  const folder = await Deno.makeTempDir();
  await buildSite(folder);
  let address = "";
  const served = server(folder, (at) => address = at);
  const close = async () => {
    await served.shutdown();
    await Deno.remove(folder, { recursive: true });
  };
  return { address, close };
}

/** Puts text into the editor that an Edit button below `root` opens. */
export async function editBelow(page: Page, root: string, text: string): Promise<void> {
  const place = page.locator(root);
  const editor = place.locator(".cm-content").first();
  if (await editor.count() === 0) await place.getByRole("button", { name: "Edit" }).first().click();
  await editor.click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
}
