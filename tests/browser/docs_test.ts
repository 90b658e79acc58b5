import { assertEquals, assertStringIncludes } from "@std/assert";
import { buildDocs } from "../../tools/docs/site.ts";
import { browserTest } from "./chromium.ts";

const folder = await Deno.realPath(await Deno.makeTempDir());

browserTest(
  "the reference is read from files: search finds a symbol, a word leads into the glossary",
  async ({ page, problems }) => {
    await buildDocs(folder);
    await page.goto(`file://${folder}/index.html`);
    await page.locator("#searchbar").fill("mapPage");
    await page.locator("#searchResults a").first().click();
    await page.waitForURL(/mapPage/);
    await page.locator('a[href$="#page"]').first().click();
    assertStringIncludes(page.url(), "glossary.html#page");
    assertEquals(await page.locator("#page").textContent(), "page");
    assertEquals(problems, []);
  },
);
