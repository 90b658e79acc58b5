import { assert } from "@std/assert";
import { builtSite } from "./built_site.ts";
import { browserTest } from "./chromium.ts";
import { differenceOf, type Look, lookOf, lookText, readLook } from "./looks.ts";

const site = await builtSite();
Deno.test.afterAll(site.close);

// The looks as they were when somebody looked at the pictures. To take them anew after a change that is meant:
// delete the file and run this test; then look at the pages, and keep the file.
const FILE = new URL("site_looks.json", import.meta.url);

const PAGES = [
  "index.html",
  "01_one_page_table.html",
  "06_xen_contract.html#figure=contract",
  "12_verdict.html#12-the-verdict",
  "exercises_03_tlb.html",
  "verdict.html",
  "own.html",
  "api_mmu.html",
] as const;

/** Two different pages of the site differ by 4 to 8, the same page on other paper by 200; text of another length moves what is below it. */
const MAX_DIFFERENCE = 4;

async function readLooks(): Promise<Record<string, string> | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(FILE));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const looks: Record<string, Look> = {};
const kept = await readLooks();

for (const scheme of ["light", "dark"] as const) {
  browserTest(`eight pages on ${scheme} paper look as they did`, async ({ page }) => {
    for (const file of PAGES) {
      await page.goto(site.address + file);
      await page.waitForTimeout(1500);
      const look = await lookOf(page);
      looks[`${scheme} ${file}`] = look;
      const before = kept?.[`${scheme} ${file}`];
      const difference = before === undefined ? 0 : differenceOf(look, readLook(before));
      assert(kept === undefined || before !== undefined, `no look of ${file} is kept: delete ${FILE.pathname}`);
      assert(difference <= MAX_DIFFERENCE, `${file} differs by ${difference.toFixed(1)} on ${scheme} paper`);
    }
    assert(kept !== undefined, "the looks are written anew: look at the pages, keep the file, run again");
    const other = differenceOf(looks[`${scheme} own.html`] ?? [], looks[`${scheme} verdict.html`] ?? []);
    assert(other > 1, "two pages that differ have the same look: the comparison is blind");
  }, { scheme, width: 1200, height: 900 });
}

Deno.test.afterAll(async () => {
  const texts = Object.entries(looks).map(([name, look]) => [name, lookText(look)] as const);
  if (kept === undefined && Object.keys(looks).length > 0) {
    await Deno.writeTextFile(FILE, `${JSON.stringify(Object.fromEntries(texts), null, 2)}\n`);
  }
});
