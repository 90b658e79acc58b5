import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { axeFindings } from "../axe.ts";
import { editBelow } from "../built_site.ts";
import { site } from "./built.ts";
import { browserTest } from "../chromium.ts";

const FIXTURE = (path: string) => new URL(`../../fixtures/${path}`, import.meta.url).pathname;

browserTest(
  "a proposal of the reader's is judged on every machine, and goes with the address to somebody else",
  async ({ page, problems }) => {
    await page.goto(`${site.address}own.html`);
    await editBelow(
      page,
      ".proposal",
      `import { KERNEL_RELEASES, type Strategy } from "@pagetable-init/textbook";
export const mine: Strategy = {
  id: "mine", does: "writes always", who: "me", release: KERNEL_RELEASES["2.6.22"],
  mapPage: (kernel, entry, pfn, flags, nx) => kernel.setPte(entry, pfn, flags, nx),
  mapLargePage: (kernel, entry, pfn, flags, nx) => kernel.setPmd(entry, pfn, flags, nx),
};`,
    );
    await page.getByRole("button", { name: "Judge it" }).click();
    await page.locator(".proposal .status", { hasText: "judged in" }).waitFor({ timeout: 60_000 });
    const result = await page.locator(".proposal .result").textContent() ?? "";
    assertStringIncludes(result, "The first wrong cell: xen-2level.");
    assert(await page.locator(".proposal .result tbody tr").count() >= 12);
    await page.getByRole("button", { name: "Share" }).click();
    const shared = page.url();
    await page.evaluate(() => localStorage.clear());
    await page.goto("about:blank");
    await page.goto(shared);
    assertStringIncludes(await page.locator(".proposal").textContent() ?? "", "writes always");
    assertEquals(problems, []);
  },
);

browserTest(
  "a hunt of the reader's names the smallest machine, and one that takes the place of another can be stopped",
  async ({ page }) => {
    await page.goto(`${site.address}own.html`);
    const hunt = page.getByRole("button", { name: /^Hunt/ });
    await hunt.click();
    await page.locator(".proposal .result", { hasText: 'boot({ platform: "native-486"' }).waitFor({ timeout: 120_000 });
    await hunt.click();
    await hunt.click();
    await page.getByRole("button", { name: "Stop" }).click();
    assertEquals(await page.locator(".proposal .problem").textContent(), "stopped");
  },
);

browserTest(
  "a state that is dropped is audited without a request, and what is no state is refused in words",
  async ({ page, problems }) => {
    await page.goto(`${site.address}own.html`);
    await page.setInputFiles("#dropped", [
      FIXTURE("kernels/linux61-686-pae.json"),
      FIXTURE("kernels/linux61-686-pae.pt.gz"),
    ]);
    await page.locator(".files .status", { hasText: "audited in" }).waitFor({ timeout: 60_000 });
    assertStringIncludes(await page.locator(".files .result pre").first().textContent() ?? "", "user-write-exec");
    assertEquals(await axeFindings(page), []);
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.setInputFiles("#dropped", [FIXTURE("kernels/README.md")]);
    await page.locator(".files .problem").waitFor();
    assertStringIncludes(await page.locator(".files .problem").textContent() ?? "", "Expected");
    assertEquals(requests.filter((url) => !/\/assets\/[\w-]+\.js$|^data:/.test(url)), []);
    assertEquals(problems, []);
  },
);
