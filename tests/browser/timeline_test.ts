import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readRecording } from "../../chapters/recorded/files/recording.ts";
import { audit } from "../../mod.ts";
import { timelinePage } from "../../tools/recordings/timeline_page.ts";
import { axeFindings } from "./axe.ts";
import { browserTest, type Page } from "./chromium.ts";

const recording = await readRecording("tests/fixtures/boots/3.16.7-586-pentium3-128M.jsonl.gz");
const html = timelinePage(recording);

/** Opens the page as a file, as a reader does. */
async function opened(page: Page): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/timeline.html`, html);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`file://${folder}/timeline.html`);
    return asked.filter((url) => !url.startsWith(`file://${folder}/timeline.html`) && !url.startsWith("data:"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const stepOf = async (page: Page) => Number(await page.getByLabel("Write", { exact: true }).inputValue());

browserTest(
  "a timeline asks for nothing but itself, and keys move through the recording",
  async ({ page, problems }) => {
    assertEquals(await opened(page), []);
    await page.getByLabel("Write", { exact: true }).focus();
    const jump = Math.max(10, Math.round(recording.length / 50));
    const moves = [["Home", 0], ["ArrowRight", 1], ["ArrowUp", 2], ["PageUp", 2 + jump], [
      "ArrowLeft",
      1 + jump,
    ]] as const;
    for (const [key, step] of [...moves, ["End", recording.length], ["ArrowLeft", recording.length - 1]] as const) {
      await page.keyboard.press(key);
      assertEquals(await stepOf(page), step, key);
      const says = step === 0 ? "Before the first of" : `Write ${step.toLocaleString("en-GB")} of`;
      assertStringIncludes(await page.locator(".says").textContent() ?? "", says);
    }
    assertEquals(problems, []);
  },
);

browserTest("the counts of a step are those of an audit of the machine at that step", async ({ page, problems }) => {
  await opened(page);
  const write = page.getByLabel("Number of the write");
  const cell = async (name: string) => await page.locator("tr", { hasText: name }).first().locator("td").textContent();
  for (const step of [recording.length, 12_000, 15_000, 19_000]) {
    await write.fill(String(step));
    await write.press("Enter");
    const { leaves } = audit(recording.at(step));
    assertEquals(await cell("leaves"), leaves.toLocaleString("en-GB"), `step ${step}`);
  }
  assertEquals(problems, []);
});

for (const scheme of ["light", "dark"] as const) {
  for (const width of [390, 1300]) {
    browserTest(
      `a timeline on ${scheme} paper, ${width} pixels wide, does not scroll sideways, has colours of its own and axe finds nothing`,
      async ({ page, problems }) => {
        await opened(page);
        const wide: boolean = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert(!wide);
        const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const [red = 0] = paper.match(/\d+/g)?.map(Number) ?? [];
        assertEquals(red > 128, scheme === "light", paper);
        assertEquals(await axeFindings(page), []);
        await page.locator("summary").click();
        assertEquals([await axeFindings(page), problems], [[], []]);
      },
      { scheme, width, height: 900 },
    );
  }
}
