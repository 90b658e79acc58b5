import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { listExercises, readPart } from "../../../tools/exercises/exercise.ts";
import { cutComment } from "../../../tools/exercises/hole.ts";
import { verdictOf } from "../../../tools/learn/verdict.ts";
import { editBelow } from "../built_site.ts";
import { site } from "./built.ts";
import { axeFindings } from "../axe.ts";
import { browserTest } from "../chromium.ts";

const EXERCISES = await listExercises();

browserTest(
  "every exercise fails as shipped and passes when solved, by the page's own buttons",
  async ({ page, problems }) => {
    let chapter = "";
    for (const exercise of EXERCISES) {
      if (exercise.chapter !== chapter) await page.goto(`${site.address}exercises_${chapter = exercise.chapter}.html`);
      const section = `[data-exercise="${exercise.id}"]`;
      const run = page.locator(section).getByRole("button", { name: "Run the tests" });
      await run.click();
      await page.locator(`${section} .cases .failed`).first().waitFor({ timeout: 40_000 });
      await editBelow(page, section, cutComment(await readPart(exercise, "solution.ts")).rest);
      await run.click();
      await page.locator(`${section} .verdict`, { hasText: "Solved." }).waitFor({ timeout: 40_000 });
      assertEquals(await page.locator(`${section} .cases .failed`).count(), 0, exercise.id);
    }
    await page.goto(`${site.address}exercises.html`);
    assertStringIncludes(
      await page.locator(".progress").textContent() ?? "",
      `${EXERCISES.length} of ${EXERCISES.length} solved`,
    );
    assertEquals(problems, []);
  },
);

const FIRST = '[data-exercise="01_one_page_table/01_cut_address"]';

browserTest(
  "hints are given one by one and stay given; the solution waits until the reader insists",
  async ({ page }) => {
    await page.goto(`${site.address}exercises_01_one_page_table.html`);
    const hints = page.locator(`${FIRST} .hint:visible`);
    assertEquals(await hints.count(), 1);
    await hints.first().locator("summary").click();
    await page.waitForFunction((root) => document.querySelectorAll(`${root} .hint:not([hidden])`).length === 2, FIRST);
    await page.reload();
    assertEquals(await hints.count(), 2);
    const solution = page.locator(`${FIRST} .solution`);
    await solution.locator("summary").click();
    assertEquals(await solution.getAttribute("open"), null);
    await solution.locator("summary").click();
    assertEquals(await solution.getAttribute("open"), "");
  },
);

browserTest(
  "what a reader has written stays, and a loop without end is told as the terminal tells it",
  async ({ page }) => {
    await page.goto(`${site.address}exercises_01_one_page_table.html`);
    await editBelow(page, FIRST, "export function cutAddress(): never { for (;;); }");
    await page.reload();
    assertStringIncludes(await page.locator(`${FIRST} .answer`).textContent() ?? "", "for (;;)");
    await page.locator(FIRST).getByRole("button", { name: "Run the tests" }).click();
    const verdict = page.locator(`${FIRST} .verdict .problem`);
    const told = verdictOf({ kind: "stopped" });
    assert(told.kind === "endless");
    await verdict.waitFor({ timeout: 40_000 });
    assertStringIncludes(await verdict.textContent() ?? "", told.said);
    await page.locator(FIRST).getByRole("button", { name: "Reset" }).click();
    assertEquals((await page.locator(`${FIRST} .answer`).textContent())?.includes("for (;;)"), false);
  },
);

browserTest("progress goes to the terminal's file and comes from it", async ({ page }) => {
  await page.goto(`${site.address}exercises.html`);
  const file = async (text: string) => {
    const path = await Deno.makeTempFile({ suffix: ".json" });
    await Deno.writeTextFile(path, text);
    return path;
  };
  await page.setInputFiles(
    "#progress-file",
    await file('{"solved":["03_tlb/01_must_flush"],"hints":{"03_tlb/01_must_flush":2}}'),
  );
  await page.locator(".progress", { hasText: "1 of" }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as a file" }).click(),
  ]);
  const kept = JSON.parse(await Deno.readTextFile(await download.path()));
  assertEquals(kept, { solved: ["03_tlb/01_must_flush"], hints: { "03_tlb/01_must_flush": 2 } });
  await page.setInputFiles("#progress-file", await file("[1]"));
  await page.locator(".progress", { hasText: "no progress file" }).waitFor();
});

/** Ways in which a browser keeps nothing. */
const NO_STORAGE: Readonly<Record<string, () => void>> = {
  forbidden: () =>
    Object.defineProperty(globalThis, "localStorage", {
      get: () => {
        throw new DOMException("no", "SecurityError");
      },
    }),
  full: () =>
    Storage.prototype.setItem = () => {
      throw new DOMException("no room", "QuotaExceededError");
    },
};

for (const [name, take] of Object.entries(NO_STORAGE)) {
  browserTest(
    `where storage is ${name} the exercises work, and progress lasts as long as the page`,
    async ({ page, problems }) => {
      await page.addInitScript(take);
      await page.goto(`${site.address}exercises_01_one_page_table.html`);
      await editBelow(page, FIRST, cutComment(await readPart(EXERCISES[0]!, "solution.ts")).rest);
      await page.locator(FIRST).getByRole("button", { name: "Run the tests" }).click();
      await page.locator(`${FIRST} .verdict`, { hasText: "Solved." }).waitFor({ timeout: 40_000 });
      await page.locator(`${FIRST} .solution summary`).click(); // it opens at once for who has solved it
      assertEquals(await page.locator(`${FIRST} .solution`).getAttribute("open"), "");
      await page.locator("#theme").click();
      assertEquals(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
      assertEquals(problems, []);
    },
  );
}

for (const scheme of ["light", "dark"] as const) {
  browserTest(`axe finds nothing on pages of exercises on ${scheme} paper, an editor open`, async ({ page }) => {
    await page.goto(`${site.address}exercises_08_keep_template.html`);
    await editBelow(page, "section.exercise >> nth=0", "const a = 1; // words\n'text';");
    assertEquals(await axeFindings(page), []);
    await page.goto(`${site.address}exercises.html`);
    assertEquals(await axeFindings(page), []);
    assert(await page.locator("li[data-exercise]").count() > 40);
  }, { scheme });
}
