/** The page of an audit, as its readers see it. */
import { assert, assertEquals } from "@std/assert";
import { auditCommand } from "../../tools/audit.ts";
import { runHere } from "../tools/run_here.ts";
import { axeFindings } from "./axe.ts";
import { browserTest, type Page } from "./chromium.ts";

async function pageOf(name: string): Promise<string> {
  const path = `${await Deno.makeTempDir()}/page.html`;
  assertEquals((await runHere(auditCommand, `tests/fixtures/kernels/${name}.json`, "--out", path)).code, 0);
  return await Deno.readTextFile(path);
}

const LONG = await pageOf("linux61-amd64-4level");

async function opened(page: Page, content: string): Promise<void> {
  await page.setContent(content);
  await page.locator("#grid button").first().waitFor();
}

const where = async (page: Page) => await page.locator("#where").textContent() ?? "";
const entry = async (page: Page) => await page.locator("#entry").innerText();

browserTest("from 256 TiB to one table by the keyboard alone, and back", async ({ page, problems }) => {
  await opened(page, LONG);
  assert((await where(page)).includes("256 TiB"), await where(page));
  await page.locator("#grid button").first().focus();
  const toFixmap = ["End", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"]; // entry 506
  for (const [size, keys] of [["512 GiB", ["End"]], ["1 GiB", ["End"]], ["2 MiB", toFixmap]] as const) {
    for (const key of keys) await page.keyboard.press(key);
    await page.keyboard.press("Enter");
    assert((await where(page)).includes(`: ${size},`), await where(page));
  }
  for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
  assert((await where(page)).includes("256 TiB"), await where(page));
  assertEquals(problems, []);
});

browserTest("an address, a region and a finding are gone to, and the walk is told", async ({ page, problems }) => {
  await opened(page, LONG);
  await page.fill("#address", "ffffffff81000000");
  await page.press("#address", "Enter");
  assert((await entry(page)).includes("region: kernel text"), await entry(page));
  assert((await entry(page)).includes("-r-x"));
  await page.getByRole("listitem").filter({ hasText: "user-write-exec" }).getByRole("button").click();
  assert((await entry(page)).includes("medium: user-write-exec"), await entry(page));
  assertEquals(await page.locator("#grid button.marked[aria-pressed=true]").count(), 1);
  await page.getByRole("listitem").filter({ hasText: /^direct map/ }).getByRole("button").click();
  assert((await entry(page)).includes("region: direct map"), await entry(page));
  await page.fill("#address", "nowhere");
  await page.press("#address", "Enter");
  assertEquals(await page.locator("#address").getAttribute("aria-invalid"), "true");
  assertEquals(problems, []);
});

for (const [scheme, width] of [["light", 1200], ["dark", 500]] as const) {
  browserTest(
    `the page of an audit has no accessibility errors: ${scheme}, ${width} pixels`,
    async ({ page, problems }) => {
      await opened(page, LONG);
      assertEquals(await axeFindings(page), []);
      assertEquals(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
      assertEquals(problems, []);
    },
    { scheme, width },
  );
}
