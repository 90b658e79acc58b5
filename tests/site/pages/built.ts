/**
 * The pages of the site, made once for all tests of them.
 *
 * @module
 */
import type { Page } from "../../../tools/site/layout.ts";
import { pagesOfSite } from "../../../tools/site/pages.ts";

/** All pages. */
export const pages: readonly Page[] = await pagesOfSite();
