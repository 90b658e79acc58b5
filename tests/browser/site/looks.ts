import { assert } from "@std/assert";
import { site } from "./built.ts";
import { browserTest, type Page } from "../chromium.ts";
import { differenceOf, type Look, lookOf, readLook } from "../looks.ts";

// The looks as they were when somebody looked at the pictures. To take them anew after a change that is meant:
// delete the folder and run this test; then look at the pictures, and keep them.
const FOLDER = new URL("looks/", import.meta.url);

const PAGES = [
  "index.html",
  "01_one_page_table.html",
  "06_xen_contract.html#figure=contract",
  "12_verdict.html",
  "exercises_03_tlb.html",
  "verdict.html",
  "own.html",
  "api_mmu.html",
] as const;

/** Of the pixels. Other smoothing of letters makes less than 0.001 of them differ, a list that is missing 0.015. */
const MAX_DIFFERENCE = 0.004;
/** The same in CI, where a text may have been edited since: some lines more are 0.03, a missing figure 0.07, another page of the site 0.1. */
const MAX_AFTER_EDITS = 0.06;
const LIMIT = Deno.env.get("CI") === undefined ? MAX_DIFFERENCE : MAX_AFTER_EDITS;

/** What is looked at if it is not the beginning of the page. */
const PLACES: Readonly<Record<string, string>> = { "12_verdict.html": "figure.drawing" };

/** Shows a page, changed by its reader's style sheet if one is given. */
async function look(page: Page, file: string, change: () => Promise<unknown> = () => Promise.resolve()): Promise<Look> {
  await page.goto(site.address + file);
  if (file.includes("#figure=")) await page.locator(".moving .shown[data-milliseconds]").first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  await change();
  const place = PLACES[file];
  if (place !== undefined) {
    await page.locator(place).first().evaluate((element: Element) => element.scrollIntoView({ block: "center" }));
  }
  return await lookOf(page);
}

function nameOf(scheme: string, file: string): URL {
  return new URL(`${scheme}_${file.replace(/\.html.*/, "")}.png`, FOLDER);
}

async function readFile(name: URL): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

for (const scheme of ["light", "dark"] as const) {
  browserTest(`eight pages on ${scheme} paper look as they did`, async ({ page }) => {
    const added: string[] = [];
    const changed: string[] = [];
    for (const file of PAGES) {
      const now = await look(page, file);
      const name = nameOf(scheme, file);
      const kept = await readFile(name);
      if (kept === undefined) {
        await Deno.mkdir(FOLDER, { recursive: true });
        await Deno.writeFile(name, now.file);
        added.push(name.pathname);
        continue;
      }
      const difference = differenceOf(now, await readLook(page, kept));
      if (difference > LIMIT) changed.push(`${file}: ${(difference * 100).toFixed(1)} % of the pixels`);
    }
    assert(added.length === 0, `look at these pictures, keep them, and run again: ${added.join(", ")}`);
    assert(changed.length === 0, `on ${scheme} paper these differ: ${changed.join(", ")}`);
  }, { scheme, width: 1200, height: 900 });
}

browserTest(
  "a missing figure, list or style sheet changes a look; other smoothing of letters does not",
  async ({ page }) => {
    const style = (content: string) => () => page.addStyleTag({ content });
    const unstyled = () => page.evaluate(() => document.querySelector("link[rel=stylesheet]")?.remove());
    const smoother = style("body { transform: translate(.4px, .4px); }"); // every letter falls otherwise on the pixels
    const whole = await look(page, "12_verdict.html");
    const differs = async (change: () => Promise<unknown>) =>
      differenceOf(whole, await look(page, "12_verdict.html", change));
    const [same, noFigure, noList, noStyle] = [
      await differs(smoother),
      await differs(style("figure svg { visibility: hidden; }")),
      await differs(style(".contents { visibility: hidden; }")),
      await differs(unstyled),
    ];
    const found = [same, noFigure, noList, noStyle].join(", ");
    assert(same <= MAX_DIFFERENCE, found);
    assert(noList > MAX_DIFFERENCE, found);
    assert(Math.min(noFigure, noStyle) > MAX_AFTER_EDITS, found);
  },
);
