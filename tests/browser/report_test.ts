import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { matrix } from "../../core/matrix.ts";
import { drawFigures } from "../../tools/report/figures.ts";
import { reportPage } from "../../tools/report/page.ts";
import { steppersOf } from "../../tools/report/steppers.ts";
import { axeFindings } from "./axe.ts";
import { browserTest, type Page } from "./chromium.ts";

const MEMORY = 16 * 2 ** 20;
const cells = [...matrix({ platforms: ["native-p6", "xen-2level", "xen-pae"], memory: MEMORY })];
const report = reportPage({ memoryBytes: MEMORY, figures: drawFigures(cells), steppers: await steppersOf(cells) });

async function isWiderThanWindow(page: Page): Promise<boolean> {
  return await page.evaluate("document.documentElement.scrollWidth > innerWidth");
}

browserTest("a cell that is chosen shows why, and its boot can be stepped", async ({ page, problems }) => {
  await page.setContent(report);
  await page.locator('.wide a[aria-label^="write-always on xen-pae:"]').click();
  const panel = page.locator(".why:target");
  assertStringIncludes(await panel.textContent() ?? "", "write-always on xen-pae");
  await panel.locator("summary").click();
  await panel.getByLabel("Write", { exact: true }).press("ArrowLeft");
  assertEquals(await panel.getByLabel("Number of the write").inputValue(), "5");
  assertEquals(problems, []);
});

browserTest(
  "arrow keys move from cell to cell, Tab leaves the matrix, and Enter chooses",
  async ({ page, problems }) => {
    await page.setContent(report);
    const name = () => page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''");
    await page.locator(".verdicts .wide a[tabindex='0']").focus();
    const first = String(await name());
    await page.keyboard.press("ArrowRight");
    assertEquals(String(await name()).split(":")[0], `${first.split(" on ")[0]} on xen-2level`);
    await page.keyboard.press("ArrowDown");
    assert(String(await name()).includes(" on xen-2level:"));
    await page.keyboard.press("Enter");
    assertEquals(await page.locator(".why:target").count(), 1);
    assertEquals(await page.locator(".verdicts .wide a[tabindex='0']").count(), 1);
    assertEquals(problems, []);
  },
);

browserTest("a report lets no other script run than its own", async ({ page, problems }) => {
  const evil = `<img src="data:," onerror="document.title='hurt'"><script>document.title='hurt'</script></main>`;
  await page.setContent(report.replace("</main>", evil));
  assertEquals(await page.title(), "The pagetable_init debate: the verdict");
  assert(problems.some((problem) => problem.includes("Content Security Policy")), "the policy says what it refused");
});

const VIEWS = [1400, 800, 390].flatMap((width) =>
  (["light", "dark"] as const).map((scheme) => ({ scheme, width, height: 900 }))
);

for (const view of VIEWS) {
  const name = `on ${view.scheme} paper, ${view.width} pixels wide,`;
  browserTest(
    `${name} the page does not scroll sideways, each figure is seen once, and axe finds nothing`,
    async (visit) => {
      const { page, problems } = visit;
      await page.setContent(report);
      assertEquals(await isWiderThanWindow(page), false);
      for (const figure of ["verdicts", "errors"]) {
        const seen = await page.locator(`figure.${figure} svg`).evaluateAll((all) =>
          all.filter((it) => it.getBoundingClientRect().width > 0).length
        );
        assertEquals(seen, 1, figure);
      }
      const back = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      assertEquals(back, view.scheme === "dark" ? "rgb(18, 22, 28)" : "rgb(255, 255, 255)");
      assertEquals(await axeFindings(page), []);
      assertEquals(problems, []);
    },
    view,
  );
}

browserTest("a report prints on at most four pages", async ({ page }) => {
  await page.setContent(report);
  const pdf = new TextDecoder("latin1").decode(await page.pdf({ format: "A4" }));
  const pages = pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  assert(pages >= 2 && pages <= 4, `${pages} pages`);
});
