/**
 * What axe finds wrong with a page for readers who do not see it, or do not see it well.
 *
 * @module
 */

import axe from "npm:axe-core@4.14.1";
import type { Page } from "./chromium.ts";

/**
 * Runs all rules of axe on a page as it is.
 *
 * @param page The page.
 * @returns A line for each violation: its rule, and where it is first.
 */
export async function axeFindings(page: Page): Promise<string[]> {
  const { source } = axe as unknown as { readonly source: string };
  return await page.evaluate(`(() => { const module = undefined; ${source}; return axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes[0].html.slice(0, 200))); })()`);
}
