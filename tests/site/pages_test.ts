/** The tests that look at all pages of the site: one module, so that the pages are made once. */
import "./pages/book.ts";
import "./pages/pages.ts";
import "./pages/reference.ts";
import "./pages/search.ts";
