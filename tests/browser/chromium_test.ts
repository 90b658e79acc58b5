import { assertEquals, assertStringIncludes } from "@std/assert";
import { browserTest } from "./chromium.ts";

browserTest("a page of one's own is shown, and what it logs as an error is a problem", async ({ page, problems }) => {
  await page.setContent(`<h1>Page</h1><script>console.error("wrong"); document.title = "ran";</script>`);
  assertEquals([await page.locator("h1").textContent(), await page.title()], ["Page", "ran"]);
  assertEquals(problems, ["console: wrong"]);
});

browserTest("a request that leaves this machine is a problem", async ({ page, problems }) => {
  await page.context().setOffline(true);
  await page.setContent(`<img src="http://elsewhere.invalid/a.png">`);
  assertStringIncludes(problems.join("\n"), "request: http://elsewhere.invalid/a.png");
});

browserTest("a reader who prefers dark paper is one", async ({ page }) => {
  assertEquals(await page.evaluate(`matchMedia("(prefers-color-scheme: dark)").matches`), true);
}, { scheme: "dark" });
