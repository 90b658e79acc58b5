import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../tools/command/process.ts";
import { NO_CHROMIUM, type Page, withPage } from "../browser/chromium.ts";
import { Accounts } from "./accounts.ts";
import { CLASS, COPY_BOOK, FOLDER, NO_CLASS, SKIPPED, succeedAs } from "./class.ts";
import { answerWith, NAME, SIGNED } from "./cut_address.ts";
import { Hub } from "./hub.ts";

const TEACHER = "pages-teach";
const STUDENT = "pages-ada";
const LIMIT = 240_000; // milliseconds that anything may take on a busy machine

/** Two people at one hub, in one browser, one after the other. */
class Pages {
  readonly page: Page;
  readonly #hub: string;
  readonly #password: string;

  constructor(page: Page, hub: string, password: string) {
    this.page = page;
    this.#hub = hub;
    this.#password = password;
    page.setDefaultTimeout(LIMIT);
  }

  /** Logs in with the form; whoever was there before is forgotten. */
  async logIn(name: string): Promise<void> {
    const { page } = this;
    await page.context().clearCookies();
    await page.goto(`${this.#hub}hub/login`);
    await page.fill("#username_input", name);
    await page.fill("#password_input", this.#password);
    await page.click("#login_submit");
    await page.waitForURL(/\/user\/.*\/lab/);
  }

  /** Opens a page of the formgrader, and presses the button with an icon; returns what is said. */
  async press(path: string, icon: string): Promise<string> {
    const { page } = this;
    await page.goto(`${this.#hub}user/${TEACHER}/formgrader${path}`);
    await page.locator(`table .glyphicon-${icon}`).first().click();
    const modal = page.locator(".modal.in");
    await modal.getByText(/success|error|fail/i).first().waitFor();
    const [said = ""] = (await modal.locator(".modal-body").innerText()).split("\n");
    await modal.getByRole("button", { name: "Close" }).last().click();
    return said;
  }

  /** Opens the student's list of assignments. */
  async list(): Promise<void> {
    const { page } = this;
    await page.locator(".lm-MenuBar-itemLabel", { hasText: "Nbgrader" }).click();
    await page.locator(".lm-Menu-itemLabel", { hasText: "Assignment List" }).click();
    await page.getByText("Released assignments").first().waitFor();
  }
}

const skipped = SKIPPED !== "" || NO_CHROMIUM === undefined ? SKIPPED : ` (skipped: ${NO_CHROMIUM})`;

Deno.test({
  name:
    `on nbgrader's pages a teacher releases, collects and marks, and a student fetches, checks, hands in and reads the feedback${skipped}`,
  ignore: NO_CLASS !== undefined || NO_CHROMIUM !== undefined,
  async fn() {
    await using accounts = await Accounts.make([TEACHER, STUDENT], FOLDER);
    await succeedAs(TEACHER, `${COPY_BOOK} && cd textbook && deno task -q assignment 01/01 --out course`);
    await using hub = await Hub.start(CLASS, 3600);
    await withPage(async ({ page }) => {
      const pages = new Pages(page, hub.address, accounts.password);
      await pages.logIn(TEACHER);
      assertStringIncludes(await pages.press("", "education"), "Successfully created the student version");
      assertStringIncludes(await pages.press("", "cloud-upload"), "Successfully released");

      await pages.logIn(STUDENT);
      await pages.list();
      await page.getByRole("button", { name: "Fetch", exact: true }).first().click();
      await page.getByRole("button", { name: "Submit", exact: true }).first().waitFor();
      await answerWith(STUDENT, SIGNED);
      await page.getByText(NAME).first().click();
      await page.getByRole("button", { name: "Validate" }).first().click();
      await page.getByText(">> is signed").first().waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Submit", exact: true }).first().click();
      await page.getByText(/\d{4}-\d\d-\d\d \d\d:\d\d/).first().waitFor();

      await pages.logIn(TEACHER);
      assertStringIncludes(await pages.press("", "cloud-download"), "Successfully collected");
      assertStringIncludes(await pages.press(`/manage_submissions/${NAME}`, "flash"), "Successfully autograded");
      await page.goto(`${hub.address}user/${TEACHER}/formgrader/manage_submissions/${NAME}`);
      await page.getByText("2 / 4").first().waitFor();
      assertStringIncludes(await pages.press("", "comment"), "Successfully generated feedback");
      assertStringIncludes(await pages.press("", "envelope"), "Successfully released feedback");

      await pages.logIn(STUDENT);
      await pages.list();
      await page.getByRole("button", { name: /Fetch Feedback/ }).first().click();
      await page.getByText(/view feedback/i).first().waitFor();
    });
    const { out } = await run("find", [`${FOLDER}/${STUDENT}/textbook/${NAME}/feedback`, "-name", "*.html"]);
    assertEquals(out.trim().split("\n").length, 1);
    assertStringIncludes(await Deno.readTextFile(out.trim()), "&gt;&gt; is signed");
  },
});
