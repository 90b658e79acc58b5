import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { CONTENTS } from "../../../tools/pages/contents.ts";
import { axeFindings } from "../axe.ts";
import { editBelow } from "../built_site.ts";
import { site } from "./built.ts";
import { browserTest, type Page } from "../chromium.ts";

const { address } = site;

/** Runs the block at a place, with those above it, and waits for its end. */
async function run(page: Page, at: "first" | "last" | number): Promise<string> {
  const blocks = page.locator(".block");
  const block = typeof at === "number" ? blocks.nth(at) : blocks[at]();
  await block.getByRole("button", { name: /^Run/ }).click();
  const status = block.locator(".status").filter({ hasText: /ms,|failed|ended/ });
  await status.waitFor({ timeout: 250_000 });
  return await status.textContent() ?? "";
}

/** Puts code into a block by its editor. */
async function edit(page: Page, at: number, code: string): Promise<void> {
  await editBelow(page, `.block >> nth=${at}`, code);
}

browserTest(
  "the last block of every chapter runs with all above it, by the page's own button",
  async ({ page, problems }) => {
    for (const { slug } of CONTENTS) {
      await page.goto(`${address}${slug}.html?limit=240`);
      const status = await run(page, "last");
      assertEquals(await page.locator(".problem").allTextContents(), [], slug);
      assertStringIncludes(status, "with the blocks above", slug);
    }
    assertEquals(problems, []);
  },
);

browserTest(
  "an edit changes what a block shows, is marked, shared by the address, and taken back",
  async ({ page }) => {
    await page.goto(`${address}01_one_page_table.html`);
    await edit(page, 2, "check(1, 2);\n[1, 2n, -0, NaN];");
    assertStringIncludes(await run(page, 2), "ms");
    const block = page.locator(".block").nth(2);
    assertEquals(await block.locator(".problem.warning").textContent(), "Error: The text says 2 but the result is 1");
    assertEquals(await block.locator(".output pre").textContent(), "[1, 2n, -0, NaN]");
    await block.getByRole("button", { name: "Share" }).click();
    const shared = page.url();
    await page.goto("about:blank");
    await page.goto(shared);
    assertStringIncludes(await page.locator(".block").nth(2).locator("pre").first().textContent() ?? "", "2n, -0, NaN");
    await page.locator(".block").nth(2).getByRole("button", { name: "Reset" }).click();
    assertEquals(await page.locator(".block.edited").count(), 0);
  },
);

browserTest("an error names the line of the reader's block, before and while it runs", async ({ page }) => {
  await page.goto(`${address}01_one_page_table.html`);
  await edit(page, 1, "const a = 1;\nconst = 2;");
  await run(page, 1);
  assertStringIncludes(await page.locator(".problem").first().textContent() ?? "", "line 2:");
  await edit(page, 1, "const fine = 1;\n\nnobody(fine);");
  await run(page, 1);
  assertEquals(await page.locator(".problem").first().textContent(), "line 3: ReferenceError: nobody is not defined");
});

browserTest("a loop without end is ended, says so, and the next run works", async ({ page }) => {
  await page.goto(`${address}01_one_page_table.html?limit=2`);
  await edit(page, 1, "for (;;);");
  await run(page, 1);
  assertStringIncludes(await page.locator(".problem").first().textContent() ?? "", "a loop without end");
  await page.locator(".block").nth(1).getByRole("button", { name: "Reset" }).click();
  assertStringIncludes(await run(page, 1), "ms");
});

browserTest("a worker that dies in the middle of a run is said, and the next run works", async ({ page }) => {
  await page.goto(`${address}01_one_page_table.html`);
  await edit(page, 1, 'setTimeout(() => {\n  throw new Error("late");\n});\nawait new Promise(() => {});');
  assertEquals(await run(page, 1), "ended");
  assertStringIncludes(await page.locator(".problem").first().textContent() ?? "", "late");
  await page.locator(".block").nth(1).getByRole("button", { name: "Reset" }).click();
  assertStringIncludes(await run(page, 1), "ms");
  assertEquals(await page.locator(".problem").count(), 0);
});

browserTest("a run that takes the place of another can be stopped, and leaves no trace of it", async ({ page }) => {
  await page.goto(`${address}01_one_page_table.html`);
  await edit(page, 1, "for (;;);");
  const block = page.locator(".block").nth(1);
  const button = (name: RegExp) => block.getByRole("button", { name });
  await button(/^Run/).click();
  await button(/^Run/).click();
  assertEquals(await page.locator(".problem").count(), 0);
  await button(/^Stop/).click();
  assertEquals(await page.locator(".problem").allTextContents(), ["stopped"]);
  assertEquals(await page.locator(".block.running").count(), 0);
});

browserTest("a hostile edit reaches neither the page nor another server", async ({ page, problems }) => {
  await page.goto(`${address}01_one_page_table.html`);
  await edit(
    page,
    0,
    `import { draw } from "@pagetable-init/chapters";
const evil = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title="hurt"</script><image href="x" onerror="document.title=1"/><a href="javascript:alert(1)"><text>x</text></a></svg>';
postMessage({ kind: "show", block: 0, shown: { kind: "figure", svg: evil, caption: evil, description: evil, header: [evil], rows: [[evil]] } });
typeof document + typeof localStorage`,
  );
  await run(page, 0);
  assertEquals(await page.locator(".block").first().locator(".output > pre").textContent(), '"undefinedundefined"');
  assertStringIncludes(await page.title(), "One page table");
  assertEquals(await page.locator(".output script, .output [onerror], .output a[href^=javascript]").count(), 0);
  assertEquals(problems.filter((it) => it.includes("hurt")), []);
});

browserTest(
  "a hostile edit finds no network, no storage, no other worker and no way to make code of text",
  async ({ page }) => {
    await page.goto(`${address}01_one_page_table.html`);
    const names =
      "fetch caches indexedDB XMLHttpRequest WebSocket EventSource Worker importScripts BroadcastChannel navigator eval Function";
    const code = `const names = ${JSON.stringify(names.split(" "))};
const tries = {
  elsewhere: () => fetch("http://127.0.0.1:1/"),
  site: () => fetch("../index.html"),
  code: () => (async () => {}).constructor("return 1"),
  timer: () => setTimeout("1", 0),
  prototype: () => Object.getPrototypeOf(Object.getPrototypeOf(self)).caches.open("x"),
};
const found = [];
for (const [name, act] of Object.entries(tries)) found.push(await Promise.resolve().then(act).then(() => name, () => ""));
[names.filter((name) => globalThis[name] !== undefined), found.filter((name) => name !== "")];`;
    await edit(page, 0, code);
    await run(page, 0);
    assertEquals(await page.locator(".problem").allTextContents(), []);
    assertEquals(await page.locator(".block").first().locator(".output > pre").textContent(), '[["fetch"], []]');
  },
);

browserTest(
  "a page's policy refuses scripts in its text, handlers, code and pictures from elsewhere, and other servers",
  async ({ page }) => {
    await page.goto(`${address}01_one_page_table.html`);
    const refused = await page.evaluate(async () => {
      const directives: string[] = [];
      addEventListener("securitypolicyviolation", ({ effectiveDirective }) => directives.push(effectiveDirective));
      const add = (tag: string, attributes: Record<string, string>, text = "") => {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.append(text);
        document.body.append(element);
        return element;
      };
      add("script", {}, "document.title = 'hurt'");
      add("script", { src: "data:text/javascript,document.title='hurt'" });
      add("button", { onclick: "document.title = 'hurt'" }).click();
      add("img", { src: "http://127.0.0.1:1/picture.png" });
      await fetch("http://127.0.0.1:1/").catch(() => {});
      await new Promise((go) => setTimeout(go, 200));
      return directives.sort();
    });
    assertEquals(refused, ["connect-src", "img-src", "script-src-attr", "script-src-elem", "script-src-elem"]);
    assertStringIncludes(await page.title(), "One page table");
  },
);

browserTest("search finds a section by its words, and a key leads to it", async ({ page, problems }) => {
  await page.goto(`${address}01_one_page_table.html`);
  await page.keyboard.press("/");
  await page.keyboard.type("global bit flush");
  await page.locator("#found a").first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/03_tlb\.html|glossary\.html/);
  assertEquals(problems, []);
});

for (const scheme of ["light", "dark"] as const) {
  for (const width of [390, 1300]) {
    browserTest(
      `pages on ${scheme} paper, ${width} pixels wide, do not scroll sideways and axe finds nothing`,
      async ({ page }) => {
        for (const file of ["01_one_page_table.html", "verdict.html", "index.html"]) {
          await page.goto(address + file);
          const wide: boolean = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          assert(!wide, file);
          assertEquals(await axeFindings(page), [], file);
        }
      },
      { scheme, width, height: 900 },
    );
  }
}

browserTest("after one visit the site is read without a network", async ({ page }) => {
  await page.goto(`${address}02_permissions.html`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.waitForTimeout(500);
  await page.context().setOffline(true);
  await page.goto(`${address}08_keep_template.html`);
  assertEquals(await page.locator("h1").textContent(), "8. Keep the template");
});
