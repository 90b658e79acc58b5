/**
 * A process that opens pages of the site in Chromium and says how long a reader waits there: for the first paint, and for the first Run.
 *
 *     deno run -A tools/bench/felt_page.ts
 *
 * @module
 */

import { type Browser, chromium } from "playwright-core";
import { ROOT } from "../command/root.ts";
import { CONTENTS, numberOf } from "../pages/contents.ts";
import { buildSite } from "../site/build.ts";
import { server } from "../site/serve.ts";
import { type Felt, feltOf } from "./felt.ts";

const PROGRAM = "/usr/bin/chromium";
/** The first chapter, and the one with the most to load. */
const CHAPTERS = [1, 12];
/** Times that a page is opened, each as if for the first time: Chromium's profile is another. */
const TIMES = 5;
/** Milliseconds that a reader at least looks at a page before pressing Run. */
const LOOKING = 1_000;
/** Seconds that the waits should stay below. */
const AIMS = { paint: 0.5, run: 1 } as const;

/** Seconds until something is painted, and seconds from pressing Run to the result. */
async function visit(browser: Browser, address: string): Promise<readonly [paint: number, run: number]> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(address);
    const painted = await page.waitForFunction(() =>
      performance.getEntriesByName("first-contentful-paint")[0]?.startTime
    );
    const paint = await painted.jsonValue() ?? NaN;
    const block = page.locator(".block").first();
    const button = block.getByRole("button", { name: /^Run/ });
    await button.waitFor();
    await new Promise((resolve) => setTimeout(resolve, LOOKING));
    const begun = performance.now();
    await button.click();
    await block.locator(".status").filter({ hasText: /ms,/ }).waitFor();
    return [paint / 1_000, (performance.now() - begun) / 1_000];
  } finally {
    await context.close();
  }
}

async function measure(browser: Browser, address: string): Promise<Felt[]> {
  const lines: Felt[] = [];
  for (const { slug } of CONTENTS.filter(({ slug }) => CHAPTERS.includes(numberOf(slug)))) {
    const visits = [];
    for (let i = 0; i < TIMES; i++) visits.push(await visit(browser, `${address}${slug}.html`));
    const where = `in the page of chapter ${numberOf(slug)}`;
    lines.push(feltOf(`first paint ${where}, Chromium`, AIMS.paint, visits.map(([paint]) => paint)));
    lines.push(feltOf(`first Run ${where}, Chromium`, AIMS.run, visits.map(([, run]) => run)));
  }
  return lines;
}

if (import.meta.main) {
  const folder = new URL("out/bench/site", ROOT).pathname;
  await buildSite(folder);
  let address = "";
  const served = server(folder, (at) => address = at);
  const browser = await chromium.launch({ executablePath: PROGRAM, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(await measure(browser, address))));
  } finally {
    await browser.close();
    await served.shutdown();
  }
}
