/**
 * The site, built and served once for all tests of it in Chromium.
 *
 * @module
 */

import { type BuiltSite, builtSite } from "../built_site.ts";

/** The site; it goes after the last test. */
export const site: BuiltSite = await builtSite();

Deno.test.afterAll(site.close);
