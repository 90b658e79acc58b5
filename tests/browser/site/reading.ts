import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { printBook } from "../../../tools/site/pdf.ts";
import { editBelow } from "../built_site.ts";
import { site } from "./built.ts";
import { browserTest } from "../chromium.ts";

browserTest(
  "without JavaScript a chapter has its text, code, results and figures, and says what does not answer",
  async ({ page }) => {
    const context = await page.context().browser()!.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${site.address}01_one_page_table.html`);
    assert(await plain.locator(".block pre").count() > 8);
    assert(await plain.locator("figure svg").first().isVisible());
    await plain.locator(".old").waitFor({ state: "visible", timeout: 10_000 });
    await plain.goto(`${site.address}exercises_01_one_page_table.html`);
    await plain.locator(".hint summary").nth(2).click();
    assert(await plain.locator(".hint").nth(2).locator("p").first().isVisible());
    await context.close();
  },
);

browserTest("a browser that runs the page hides the line about old ones", async ({ page }) => {
  await page.goto(`${site.address}01_one_page_table.html`);
  await page.locator(".block .bar button").first().waitFor();
  assertEquals(await page.locator(".old").count(), 0);
});

browserTest(
  "a browser that is too old for the library keeps the text and the line, and offers no button",
  async ({ page, problems }) => {
    await page.addInitScript(() => Reflect.deleteProperty(Map, "groupBy"));
    await page.goto(`${site.address}01_one_page_table.html`);
    await page.locator(".old").waitFor({ state: "visible", timeout: 10_000 });
    assertEquals(await page.locator(".block .bar button").count(), 0);
    assert(await page.locator(".block pre").first().isVisible());
    assertEquals(problems, []);
  },
);

browserTest("the arrow keys turn the page, but not from a field or a figure", async ({ page }) => {
  await page.goto(`${site.address}01_one_page_table.html`);
  await page.locator(".block .bar button").first().waitFor();
  await page.locator("#search").focus();
  await page.keyboard.press("ArrowRight");
  assertStringIncludes(page.url(), "01_one_page_table.html");
  await page.locator("h1").click();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(/02_permissions\.html/);
  await page.keyboard.press("ArrowLeft");
  await page.waitForURL(/01_one_page_table\.html/);
});

browserTest(
  "a word of the glossary and a source are said on hover, focus and the first tap; the second tap follows",
  async ({ page }) => {
    await page.goto(`${site.address}06_xen_contract.html`);
    const word = page.locator('a[data-term][href^="glossary"]').first();
    await word.hover();
    assertEquals(await page.locator("#term").textContent(), await word.getAttribute("data-term"));
    await page.keyboard.press("Escape");
    assert(!await page.locator("#term").isVisible());
    await word.focus();
    assert(await page.locator("#term").isVisible());
    assertEquals(await word.getAttribute("aria-describedby"), "term");
    assert(await page.locator('a[data-term][href^="bibliography"]').count() > 0);

    const context = await page.context().browser()!.newContext({
      hasTouch: true,
      viewport: { width: 390, height: 800 },
    });
    const phone = await context.newPage();
    await phone.goto(`${site.address}06_xen_contract.html`);
    const tapped = phone.locator('a[data-term][href^="glossary"]').first();
    await phone.locator(".block .bar button").first().waitFor();
    await tapped.tap();
    await phone.locator("#term").waitFor({ state: "visible" });
    assertStringIncludes(phone.url(), "06_xen_contract.html");
    await tapped.tap();
    await phone.waitForURL(/glossary\.html/);
    await context.close();
  },
);

browserTest("a bit is turned over by touch", async ({ page }) => {
  const context = await page.context().browser()!.newContext({ hasTouch: true, viewport: { width: 390, height: 800 } });
  const phone = await context.newPage();
  await phone.goto(`${site.address}01_one_page_table.html#figure=walk&address=00000000`);
  const bit = phone.locator('[data-figure="walk"] [data-bit="12"]');
  await bit.scrollIntoViewIfNeeded();
  await bit.tap();
  await phone.waitForFunction(() => document.querySelector<HTMLInputElement>("#walk-address")?.value === "00001000");
  await context.close();
});

browserTest("colours chosen by hand stay on the next page, and are there before anything is seen", async ({ page }) => {
  await page.goto(`${site.address}01_one_page_table.html`);
  await page.locator(".block .bar button").first().waitFor();
  await page.locator("#theme").click();
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await page.goto(`${site.address}02_permissions.html`, { waitUntil: "commit" });
  await page.waitForFunction(() => document.body !== null);
  assertEquals(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assertEquals(await paper(), dark);
});

browserTest("a chapter is taken as a notebook with the reader's edit in its cell", async ({ page }) => {
  await page.goto(`${site.address}01_one_page_table.html`);
  await editBelow(page, ".block >> nth=1", "const mine = 42;\nmine;");
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a.notebook").click()]);
  const notebook = JSON.parse(await Deno.readTextFile(await download.path()));
  assertEquals(download.suggestedFilename(), "01_one_page_table.ipynb");
  const codes = notebook.cells.map(({ source }: { source: readonly string[] }) => source.join(""));
  assert(codes.length > 8 && codes.includes("const mine = 42;\nmine;"));
});

browserTest("printed, no code and no figure of the book is wider than its page", async ({ page }) => {
  await page.setViewportSize({ width: 643, height: 900 }); // A4 without its margins
  await page.emulateMedia({ media: "print" });
  await page.goto(`${site.address}book.html`);
  const wide: string[] = await page.evaluate(() =>
    [...document.querySelectorAll("pre, figure svg")].filter((it) =>
      it.scrollWidth > it.clientWidth + 1 || it.getBoundingClientRect().right > innerWidth + 1
    )
      .map((it) => (it.textContent ?? "").slice(0, 60))
  );
  assertEquals(wide, []);
});

browserTest("the book is printed to a file by the browser that is installed", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/book.html`, "<!doctype html><title>b</title><h1>One page</h1>");
  await printBook(folder);
  const bytes = await Deno.readFile(`${folder}/book.pdf`);
  assertEquals(new TextDecoder().decode(bytes.slice(0, 5)), "%PDF-");
  await Deno.remove(folder, { recursive: true });
});
