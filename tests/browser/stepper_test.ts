import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { paletteCss, recordBoot, stepper, STEPPER_CSS, STEPPER_SCRIPT, stepperHtml } from "../../chapters/mod.ts";
import { auditPages, stateWords } from "../../chapters/stepper/page_states.ts";
import { audit, boot } from "../../mod.ts";
import { browserTest, type Locator, type Page } from "./chromium.ts";

const refused = boot({ platform: "xen-2level", strategy: "write-always", memory: "16M" });
const whole = boot({ platform: "native-486", strategy: "keep-template", memory: "16M" });

function htmlOf(...shown: ReturnType<typeof stepper>[]): string {
  const outputs = shown.map((it) => it.outputs()[0]["text/html"] ?? "");
  return `<!doctype html><html lang="en"><title>Steppers</title><body>${outputs.join("\n")}</body></html>`;
}

/** The rows of a table below its caption, as text. */
async function rowsBelow(root: Locator, caption: string): Promise<Record<string, string>> {
  const table = root.locator("table", { has: root.page().locator("caption", { hasText: caption }) });
  const cells = await table.locator("tr").evaluateAll((rows) =>
    rows.map((row) => [row.children[0]?.textContent ?? "", row.children[1]?.textContent ?? ""])
  );
  return Object.fromEntries(cells);
}

/** The colour of each page of a map, as it is painted. */
async function paintedColors(root: Locator): Promise<string[]> {
  return await root.locator("canvas").evaluate((it) => {
    const canvas = it as HTMLCanvasElement;
    const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return Array.from({ length: data.length / 4 }, (_, page) => [...data.slice(page * 4, page * 4 + 3)].join(" "));
  });
}

function rewoundColors(run: typeof refused, step: number): string[] {
  return [...auditPages(run.at(step).machine.guest).states].map((code) => stateWords(code).color);
}

async function checkStep(root: Locator, run: typeof refused, step: number): Promise<void> {
  const then = run.at(step);
  const { coverage } = audit(then.machine);
  const counts = await rowsBelow(root, "Counts");
  const shown = [counts["right"], counts["not mapped"]].map((text) => Number((text ?? "0").replaceAll(",", "")));
  assertEquals(shown, [coverage.mapped, coverage.unmapped], `counts at ${step}`);
  if (run.platform.host === "xen") {
    assertEquals(await root.locator("pre").textContent(), then.log.join("\n") || "nothing yet");
  }
  const painted = await paintedColors(root);
  const colors = rewoundColors(run, step).slice(0, painted.length);
  const pairs = new Set(colors.map((color, page) => `${color} ${painted[page]}`));
  assertEquals(pairs.size, new Set(colors).size, `each colour of step ${step} is painted as one, and no two alike`);
  assertEquals(new Set([...pairs].map((it) => it.slice(it.indexOf(" ")))).size, pairs.size);
}

async function stepOf(root: Locator): Promise<number> {
  return Number(await root.getByLabel("Write", { exact: true }).inputValue());
}

async function opened(page: Page, ...shown: ReturnType<typeof stepper>[]): Promise<Locator> {
  await page.setContent(htmlOf(...shown));
  return page.locator(".boot-stepper");
}

browserTest(
  "keys move through a boot, and map, counts and log are those of the run at that step",
  async ({ page, problems }) => {
    const root = await opened(page, stepper(refused));
    const last = refused.trace.length;
    await root.getByLabel("Write", { exact: true }).focus();
    await checkStep(root, refused, last);
    const page1 = Math.max(10, Math.round(last / 50));
    const moves = [["Home", 0], ["ArrowRight", 1], ["ArrowUp", 2], ["PageUp", 2 + page1], [
      "ArrowLeft",
      1 + page1,
    ]] as const;
    for (const [key, step] of [...moves, ["PageDown", 1], ["End", last], ["ArrowRight", last]] as const) {
      await page.keyboard.press(key);
      assertEquals(await stepOf(root), step, key);
      await checkStep(root, refused, step);
    }
    assertEquals(problems, []);
  },
);

browserTest("the slider, the field and the buttons move through a boot", async ({ page, problems }) => {
  const root = await opened(page, stepper(whole, 0));
  await root.getByLabel("Write", { exact: true }).fill("1500");
  await checkStep(root, whole, 1500);
  const number = root.getByLabel("Number of the write");
  await number.fill("1333");
  await number.press("Enter");
  await checkStep(root, whole, 1333);
  await root.getByRole("button", { name: "One write back" }).click();
  assertEquals(await stepOf(root), 1332);
  assertStringIncludes(await root.locator(".says").textContent() ?? "", "Write 1,332 of");
  await root.getByRole("button", { name: "After the last write" }).click();
  await checkStep(root, whole, whole.trace.length);
  assertEquals(problems, []);
});

browserTest("two steppers of one page move each for itself, and no id is there twice", async ({ page, problems }) => {
  await opened(page, stepper(refused, 5), stepper(whole, 7));
  const [first, second] = [page.locator(".boot-stepper").nth(0), page.locator(".boot-stepper").nth(1)];
  await second.getByLabel("Write", { exact: true }).press("End");
  assertEquals([await stepOf(first), await stepOf(second)], [5, whole.trace.length]);
  const ids = await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => id));
  assertEquals(ids.length, new Set(ids).size);
  assertEquals(problems, []);
});

browserTest("a click on the map or a number chooses a page, and a word that is none is marked", async ({ page }) => {
  const root = await opened(page, stepper(refused));
  const field = root.getByLabel("Page", { exact: true });
  await field.fill("0x480");
  await field.press("Enter");
  assertEquals((await rowsBelow(root, "Page"))["its type"], "L2 × 1");
  const box = await root.locator("canvas").boundingBox() ?? { width: 0, height: 0 };
  await root.locator("canvas").click({ position: { x: box.width * 2.5 / 256, y: 2 } });
  assertEquals(await field.inputValue(), "0x2");
  await field.fill("zwei");
  await field.press("Enter");
  assertEquals(await field.getAttribute("aria-invalid"), "true");
});

browserTest("a key in the field of a page does not move through the boot", async ({ page }) => {
  const root = await opened(page, stepper(refused, 100));
  await root.getByLabel("Page", { exact: true }).press("Home");
  assertEquals(await stepOf(root), 100);
});

browserTest("everything is reached by Tab and has a name", async ({ page }) => {
  const root = await opened(page, stepper(refused));
  const names: string[] = [];
  for (let i = 0; i < 9; i++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(
      `document.activeElement.getAttribute("aria-label") ?? document.activeElement.closest("label, button")?.textContent`,
    );
    names.push(String(name).trim());
  }
  assertEquals(names, [
    "▶ Play",
    "Before the first write",
    "One write back",
    "One write on",
    "After the last write",
    "Write",
    "Number of the write",
    "Page",
    "Log so far",
  ]);
  assertStringIncludes(
    await root.locator("canvas").getAttribute("aria-label") ?? "",
    "right 2,048, not mapped 2,048",
  );
});

browserTest("where scripts do not run the first step stands as a picture", async ({ page }) => {
  const still = htmlOf(stepper(refused)).replaceAll(/<script>[^]*?<\/script>/g, "");
  await page.setContent(still);
  const picture = page.locator(".still img");
  assert((await picture.boundingBox())?.width ?? 0 > 300);
  assertStringIncludes(
    await picture.getAttribute("alt") ?? "",
    "Write 1,155 of 1,155",
  );
});

browserTest("names, messages and log lines that look like markup stay text", async ({ page, problems }) => {
  const evil = `"><img src=x onerror="document.title='hurt'"></script><script>document.title='hurt'</script><!--`;
  const recording = { ...recordBoot(refused, evil), end: evil, log: [{ step: 0, text: evil }] };
  const css = `<style>${paletteCss(":root", "auto")}${STEPPER_CSS}</style>`;
  await page.setContent(`${css}${stepperHtml(recording, 1155, "x")}<script>${STEPPER_SCRIPT}</script>`);
  const root = page.locator(".boot-stepper");
  assertEquals(await page.title(), "");
  assertEquals(await root.locator("img").count(), 0);
  assertEquals(await root.locator("strong").textContent(), evil);
  assertEquals(await root.locator("pre").textContent(), evil);
  assertEquals(problems, []);
});

browserTest("a front end that is dark gets the dark colours, and a change of theme is followed", async ({ page }) => {
  const root = await opened(page, stepper(refused));
  const light = await paintedColors(root);
  await page.evaluate(`document.body.setAttribute("data-jp-theme-light", "false")`);
  await page.waitForFunction(
    `getComputedStyle(document.querySelector(".boot-stepper")).backgroundColor === "rgb(18, 22, 28)"`,
  );
  await page.evaluate(`new Promise((done) => requestAnimationFrame(done))`);
  const dark = await paintedColors(root);
  assert(light[0] !== dark[0], "the map is painted anew");
});

browserTest("Play goes through a boot to its end, Pause and any move stop it", async ({ page, problems }) => {
  const root = await opened(page, stepper(refused));
  const play = root.locator(".play");
  await play.click(); // at the end: from the beginning
  await page.waitForFunction(`document.querySelector(".boot-stepper input").value > 20`);
  await play.click();
  const paused = await stepOf(root);
  await page.waitForTimeout(300);
  assertEquals([await stepOf(root), await play.textContent()], [paused, "▶ Play"]);
  await play.click();
  await root.getByRole("button", { name: "One write back" }).click();
  assertEquals(await play.textContent(), "▶ Play");
  await root.getByLabel("Write", { exact: true }).fill(String(refused.trace.length - 5));
  await play.click();
  await page.waitForFunction(`document.querySelector(".boot-stepper .play").textContent === "▶ Play"`);
  assertEquals(await stepOf(root), refused.trace.length);
  assertEquals(problems, []);
});

browserTest("nothing moves between step 0 and the others, and no front end's backgrounds leak in", async ({ page }) => {
  const root = await opened(page, stepper(refused));
  const theirs = ["tr:nth-child(odd)", "td", "th", "pre"].map((tag) => `body:not(.a.b) div ${tag}`).join(", ");
  await page.addStyleTag({ content: `${theirs} { background: rgb(255, 0, 0) }` });
  const backgrounds = await root.locator("tr, td, th, pre").evaluateAll((all) =>
    all.map((it) => getComputedStyle(it).backgroundColor)
  );
  assertEquals(new Set(backgrounds), new Set(["rgba(0, 0, 0, 0)"]));
  const places = async () =>
    await root.locator("caption, pre, canvas").evaluateAll((all) => all.map((it) => (it as HTMLElement).offsetTop));
  const before = await places();
  await root.getByLabel("Write", { exact: true }).press("Home");
  assertEquals(await places(), before);
});
