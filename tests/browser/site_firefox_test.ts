import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { builtSite } from "./built_site.ts";
import { firefoxTest, NO_FIREFOX, type Page } from "./firefox.ts";

const site = await builtSite(NO_FIREFOX);
Deno.test.afterAll(site.close);

const MAX_WAIT = { timeout: 240_000 };

/** Waits until an expression holds in the page, and returns its value. */
async function value(page: Page, expression: string): Promise<unknown> {
  return await (await page.waitForFunction(expression, MAX_WAIT)).jsonValue();
}

/** Presses the first button of an element. */
async function press(page: Page, selector: string): Promise<void> {
  await value(page, `document.querySelector(${JSON.stringify(`${selector} .bar button`)}) !== null`);
  await page.evaluate(`document.querySelector(${JSON.stringify(`${selector} .bar button`)}).click()`);
}

firefoxTest("in Firefox the blocks of a chapter run, natively and under Xen", async (page) => {
  for (const slug of ["01_one_page_table", "06_xen_contract"]) {
    await page.goto(`${site.address}${slug}.html?limit=240`);
    const last = '[...document.querySelectorAll(".block")].at(-1)';
    await value(page, `${last}.querySelector("button") !== null`);
    await page.evaluate(`${last}.querySelector("button").click()`);
    const said = await value(page, `/ms,|failed|ended/.exec(${last}.querySelector(".status").textContent)?.[0]`);
    assertEquals(said, "ms,", slug);
    assertEquals(await page.evaluate('document.querySelectorAll(".problem").length'), 0, slug);
  }
});

firefoxTest("in Firefox an error names its line, and a hostile edit finds no storage", async (page) => {
  const code = "const fine = [typeof caches, typeof indexedDB];\n\nnobody(fine);";
  await page.goto(`${site.address}01_one_page_table.html#edit=0.${encodeURIComponent(btoa(code))}`);
  await press(page, ".block");
  const said = await value(page, 'document.querySelector(".problem")?.textContent');
  assertEquals(said, "line 3: ReferenceError: nobody is not defined");
  const other = btoa("[typeof caches, typeof indexedDB, typeof XMLHttpRequest, typeof eval];");
  await page.goto("about:blank");
  await page.goto(`${site.address}01_one_page_table.html#edit=0.${encodeURIComponent(other)}`);
  await press(page, ".block");
  await value(page, '/ms,/.test(document.querySelector(".block .status").textContent)');
  const shown = await value(page, 'document.querySelector(".block .output > pre")?.textContent');
  assertEquals(shown, '["undefined", "undefined", "undefined", "undefined"]');
});

firefoxTest("in Firefox figures move, exercises are judged and a proposal too", async (page) => {
  await page.goto(`${site.address}01_one_page_table.html#figure=walk&address=c0106abc`);
  await value(page, 'document.querySelector(".moving .shown").dataset.milliseconds');
  const caption = await page.evaluate('document.querySelector(".moving figcaption").textContent');
  assertStringIncludes(String(caption), "0xc0106abc");
  await page.goto(`${site.address}exercises_01_one_page_table.html`);
  await press(page, ".exercise");
  assert(await value(page, 'document.querySelectorAll(".exercise .cases .failed").length'));
  await page.goto(`${site.address}own.html`);
  await press(page, ".proposal");
  const first = await value(
    page,
    '/The first wrong cell: [^.]*/.exec(document.querySelector(".proposal .result").textContent)?.[0]',
  );
  assertEquals(first, "The first wrong cell: native-486");
});
