import { assert, assertEquals } from "@std/assert";
import { matrix } from "../../core/matrix.ts";
import { drawFigures } from "../../tools/report/figures.ts";
import { reportPage } from "../../tools/report/page.ts";
import { steppersOf } from "../../tools/report/steppers.ts";
import { browserTest, type Page } from "./chromium.ts";

const MEMORY = 16 * 2 ** 20;
const cells = [...matrix({ platforms: ["native-p6", "xen-2level", "xen-pae"], memory: MEMORY })];
const report = reportPage({ memoryBytes: MEMORY, figures: drawFigures(cells), steppers: steppersOf(cells) });

async function isWiderThanWindow(page: Page): Promise<boolean> {
  return await page.evaluate("document.documentElement.scrollWidth > innerWidth");
}

browserTest(
  "a report has a stepper for each platform on which Xen refuses, and each moves",
  async ({ page, problems }) => {
    await page.setContent(report);
    const titles = await page.locator(".boot-stepper strong").allTextContents();
    assertEquals(titles, ["write-always on xen-2level, 16 MiB", "write-always on xen-pae, 16 MiB"]);
    const second = page.locator(".boot-stepper").nth(1);
    await second.getByLabel("Write", { exact: true }).press("ArrowLeft");
    assertEquals(await second.getByLabel("Number of the write").inputValue(), "5");
    assertEquals(await second.locator("pre").textContent(), "nothing yet");
    assertEquals(problems, []);
  },
);

browserTest("a report lets no other script run than its own", async ({ page, problems }) => {
  const evil = `<img src="data:," onerror="document.title='hurt'"><script>document.title='hurt'</script></main>`;
  await page.setContent(report.replace("</main>", evil));
  assertEquals(await page.title(), "The pagetable_init debate: the verdict");
  assert(problems.some((problem) => problem.includes("Content Security Policy")), "the policy says what it refused");
});

const VIEWS = [
  { scheme: "light", width: 1200, height: 900 },
  { scheme: "dark", width: 1200, height: 900 },
  { scheme: "light", width: 390, height: 844 },
] as const;

for (const view of VIEWS) {
  const name = `on ${view.scheme} paper, ${view.width} pixels wide,`;
  browserTest(`${name} figures are seen and nothing but they scrolls sideways`, async ({ page, problems }) => {
    await page.setContent(report);
    assertEquals(await isWiderThanWindow(page), false);
    for (const svg of await page.locator("figure svg").all()) assert(await svg.isVisible());
    const back = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    assertEquals(back, view.scheme === "dark" ? "rgb(18, 22, 28)" : "rgb(255, 255, 255)");
    assertEquals(problems, []);
  }, view);
}
