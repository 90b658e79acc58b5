import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { MOVING } from "../../../tools/site/figures/mod.ts";
import { pagesOfSite } from "../../../tools/site/pages.ts";
import { axeFindings } from "../axe.ts";
import { site } from "./built.ts";
import { browserTest, type Locator, type Page } from "../chromium.ts";

const pages = await pagesOfSite();

/** The page that has a figure. */
function pageOf(id: string): string {
  return pages.find(({ body }) => body.includes(`data-figure="${id}"`))?.file ?? "";
}

/** Waits until the figure has been drawn again. */
async function redrawn(page: Page, figure: Locator, act: () => Promise<unknown>): Promise<void> {
  const shown = figure.locator(".shown");
  await shown.evaluate((place) => place.removeAttribute("data-milliseconds"));
  await act();
  await shown.and(page.locator("[data-milliseconds]")).waitFor();
}

/** Waits until the address has the value that a control has. */
async function inAddress(page: Page, id: string, name: string): Promise<void> {
  await page.waitForFunction(([id, name]) => {
    const form = document.querySelector<HTMLFormElement>(`[data-figure="${id}"] form`)!;
    const state = new URLSearchParams(location.hash.slice(1));
    return state.get("figure") === id && state.getAll(name).join() === new FormData(form).getAll(name).join();
  }, [id, name] as const);
}

browserTest(
  "every control of every figure is moved, draws the figure again and stands in the address",
  async ({ page, problems }) => {
    for (const { id, controls } of MOVING) {
      await page.goto(site.address + pageOf(id));
      const figure = page.locator(`[data-figure="${id}"]`);
      for (const control of controls) {
        const named = figure.locator(`[name="${control.name}"]`);
        await redrawn(page, figure, async () => {
          if (control.kind === "choice") await named.selectOption(Object.keys(control.options).at(-1) ?? "");
          else if (control.kind === "switches") await named.last().click();
          else if (control.kind === "range") {
            await named.focus();
            await page.keyboard.press("ArrowRight");
          } else {
            const bits = figure.locator(".bits").filter({ has: page.locator(`[name="${control.name}"]`) });
            await bits.locator('[data-bit="1"]').click();
          }
        });
        await inAddress(page, id, control.name);
      }
      assertEquals(await figure.locator(".problem").allTextContents(), [], id);
    }
    assertEquals(problems, []);
  },
);

browserTest("bits are dragged over, and turned over by keys and by touch", async ({ page }) => {
  await page.goto(`${site.address}${pageOf("walk")}#figure=walk&address=00000000`);
  const figure = page.locator('[data-figure="walk"]');
  const bit = (number: number) => figure.locator(`[data-bit="${number}"]`);
  const address = figure.locator('[name="address"]');
  await bit(31).scrollIntoViewIfNeeded();
  const [from, to] = [await bit(31).boundingBox(), await bit(28).boundingBox()];
  assert(from !== null && to !== null);
  await page.mouse.move(from.x + 5, from.y + 5);
  await page.mouse.down();
  await page.mouse.move(to.x + 5, to.y + 5, { steps: 20 });
  await page.mouse.up();
  assertEquals(await address.inputValue(), "f0000000");
  await bit(31).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  assertEquals(await address.inputValue(), "b0000000");
  assertEquals(await bit(30).getAttribute("aria-checked"), "false");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  assertEquals(await address.inputValue(), "b0000001");
  await redrawn(page, figure, () => address.fill("c0100abc"));
  assertEquals(await bit(30).getAttribute("aria-checked"), "true");
  assertStringIncludes(await figure.locator("figcaption").textContent() ?? "", "0xc0100abc");
});

browserTest("the state of a figure is linked: the address opens it as it was", async ({ page }) => {
  await page.goto(
    `${site.address}verdict.html#figure=coverage&platform=native-486&memory=32&kernel=5&strategy=keep-template`,
  );
  const figure = page.locator('[data-figure="coverage"]');
  await figure.locator("figcaption", { hasText: "native-486, 32 MiB" }).waitFor();
  assertEquals(await figure.locator("[name=strategy]:checked").count(), 1);
  await page.goto(`${site.address}verdict.html#figure=coverage&platform=vax`);
  assertNotEquals(await figure.locator("[name=platform]").inputValue(), "vax");
});

browserTest(
  "a figure that comes into the window loads the library before its first move, and shows nothing else",
  async ({ page }) => {
    await page.goto(site.address + pageOf("template"));
    const figure = page.locator('[data-figure="template"]');
    const shown = figure.locator(".shown");
    const before = await shown.innerHTML();
    assertEquals(page.workers().length, 0);
    const [worker] = await Promise.all([page.waitForEvent("worker"), figure.scrollIntoViewIfNeeded()]);
    assertStringIncludes(worker.url(), "runner.js");
    assertEquals(await shown.innerHTML(), before);
    await redrawn(page, figure, () => figure.locator("[name=platform]").selectOption("xen-2level"));
    assertNotEquals(await shown.innerHTML(), before);
    assertEquals(page.workers().length, 1);
  },
);

browserTest("a worker that dies is said, and the next move gets a new one", async ({ page }) => {
  await page.goto(site.address + pageOf("tlb"));
  const figure = page.locator('[data-figure="tlb"]');
  await page.route("**/runner.js", (route) => route.abort());
  await page.evaluate(() =>
    navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((it) => it.unregister())))
  );
  await redrawn(page, figure, () => figure.locator("[name=flush]").selectOption("cr3"));
  assertStringIncludes(await figure.locator(".problem").textContent() ?? "", "another");
  await page.unroute("**/runner.js");
  await redrawn(page, figure, () => figure.locator("[name=flush]").selectOption("none"));
  assertEquals(await figure.locator(".problem").count(), 0);
});

browserTest("figures on a phone are as wide as the page, and axe finds nothing in them", async ({ page }) => {
  for (const id of ["walk", "contract", "template"]) {
    await page.goto(site.address + pageOf(id));
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), id);
    assertEquals(await axeFindings(page), [], id);
  }
}, { width: 390, height: 800, scheme: "dark" });
