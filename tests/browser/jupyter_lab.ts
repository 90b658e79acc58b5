/**
 * JupyterLab in a browser, as a reader has it: a server on loopback with a profile of its own, and one page.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { ROOT } from "../../tools/command/root.ts";
import { type App, startLab } from "../../tools/jupyter/lab.ts";
import { type Environment, makeEnvironment, NoEnvironment } from "../../tools/notebooks/environment.ts";
import { NO_CHROMIUM, type Page, withPage } from "./chromium.ts";

/** JupyterLab's themes. */
export const THEMES = { light: "JupyterLab Light", dark: "JupyterLab Dark" } as const;

/** What a code cell has after it ran. */
export interface RunCell {
  readonly executionCount: number | null;
  /** Its outputs, by their type. */
  readonly outputs: readonly string[];
}

/** The part of JupyterLab's application object that is used here. It is there by the option `expose_app_in_browser`. */
interface LabWindow {
  readonly jupyterapp: {
    readonly commands: { execute(id: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> };
    readonly shell: { readonly currentWidget: NotebookPanel };
    readonly restored: Promise<void>;
  };
  done: Promise<unknown>;
}

interface NotebookPanel {
  readonly context: { readonly path: string; readonly ready: Promise<void> };
  readonly sessionContext: {
    readonly ready: Promise<void>;
    readonly session: { readonly kernel: { readonly connectionStatus: string; readonly status: string } | null } | null;
  };
  readonly content: {
    readonly widgets: readonly {
      readonly model: {
        readonly type: string;
        readonly executionCount: number | null;
        readonly outputs: { toJSON(): readonly { readonly output_type: string }[] };
      };
    }[];
  };
}

// All cells in the page whether in view or not; files stay as they are.
const SETTINGS: Readonly<Record<string, unknown>> = {
  "notebook-extension/tracker": { windowingMode: "none" },
  "docmanager-extension/plugin": { autosave: false },
};
const TOKEN = "for-this-test";
const START_SECONDS = 60;

/** The environment, or why there is none. */
export async function environmentOrReason(): Promise<Environment | string> {
  if (NO_CHROMIUM !== undefined) return NO_CHROMIUM;
  try {
    return await makeEnvironment(() => {});
  } catch (error) {
    if (error instanceof NoEnvironment) return error.message;
    throw error;
  }
}

/** A server of Jupyter and a page in a browser. */
export interface Server {
  readonly page: Page;
  /** What went wrong so far; grows. */
  readonly problems: readonly string[];
  /** The address of a path of the server. */
  readonly url: (path: string) => string;
}

/** Which front end, and whose signatures it knows. */
export interface ServerOptions {
  readonly app: App;
  /** Whether the environment's own signatures count: if not, no notebook is trusted. */
  readonly trusts: boolean;
}

/** Lets a front end run while `use` works with a page; ends both whatever happens. */
export async function withServer<T>(
  environment: Environment,
  { app, trusts }: ServerOptions,
  use: (server: Server) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  const own = { JUPYTER_CONFIG_DIR: folder, JUPYTER_RUNTIME_DIR: `${folder}/runtime` };
  const env = { ...environment.env, ...own, ...(trusts ? {} : { JUPYTER_DATA_DIR: `${folder}/data` }) };
  await writeSettings(folder);
  const port = freePort();
  const more = [
    `--IdentityProvider.token=${TOKEN}`,
    "--LabApp.expose_app_in_browser=True",
    "--ServerApp.log_level=ERROR",
    "--LabApp.log_level=ERROR",
    `--FileCheckpoints.checkpoint_dir=${folder}/checkpoints`,
  ];
  const server = startLab({ ...environment, env }, { port, browser: false }, more, app);
  const url = (path: string) => `http://127.0.0.1:${port}/${path}?token=${TOKEN}`;
  try {
    await answers(url("api"));
    return await withPage(({ page, problems }) => use({ page, problems, url }), { width: 1280, height: 900 });
  } finally {
    server.kill("SIGTERM");
    await server.status;
    await Deno.remove(folder, { recursive: true });
  }
}

/** Lets JupyterLab run while `use` works with its page. */
export async function withLab<T>(environment: Environment, use: (lab: Lab) => Promise<T>): Promise<T> {
  return await withServer(environment, { app: "jupyterlab", trusts: true }, async ({ page, problems, url }) => {
    await page.goto(url("lab"));
    await page.waitForFunction(() => "jupyterapp" in globalThis);
    await page.evaluate(() => (globalThis as unknown as LabWindow).jupyterapp.restored);
    return await use(new Lab(page, problems));
  });
}

async function writeSettings(folder: string): Promise<void> {
  for (const [plugin, values] of Object.entries(SETTINGS)) {
    const file = `${folder}/lab/user-settings/@jupyterlab/${plugin}.jupyterlab-settings`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, JSON.stringify(values));
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function answers(url: string): Promise<void> {
  const deadline = performance.now() + START_SECONDS * 1000;
  while (performance.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`JupyterLab did not answer within ${START_SECONDS} s`);
}

/** The page with JupyterLab in it. */
export class Lab {
  readonly page: Page;
  /** What went wrong so far. */
  readonly problems: readonly string[];

  /**
   * @param page The page, JupyterLab loaded.
   * @param problems What went wrong so far; grows.
   */
  constructor(page: Page, problems: readonly string[]) {
    this.page = page;
    this.problems = problems;
  }

  /** Opens a notebook of the book and waits for its kernel. */
  async open(name: string): Promise<void> {
    await this.page.evaluate(async (path) => {
      const { jupyterapp: { commands, shell } } = globalThis as unknown as LabWindow;
      await commands.execute("docmanager:open", { path, factory: "Notebook" });
      await shell.currentWidget.context.ready;
      await shell.currentWidget.sessionContext.ready;
    }, `notebooks/${name}.ipynb`);
    await this.page.waitForFunction(() => {
      const { session } = (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.sessionContext;
      return session?.kernel?.connectionStatus === "connected" && session.kernel.status === "idle";
    });
  }

  /** Restarts the kernel and runs all cells. Returns the code cells as they are then. */
  async runAll(): Promise<RunCell[]> {
    await this.page.evaluate(() => {
      const lab = globalThis as unknown as LabWindow;
      lab.done = lab.jupyterapp.commands.execute("notebook:restart-run-all");
    });
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
    return await this.page.evaluate(async () => {
      const lab = globalThis as unknown as LabWindow;
      await lab.done;
      const models = lab.jupyterapp.shell.currentWidget.content.widgets.map(({ model }) => model);
      return models.filter(({ type }) => type === "code").map(({ executionCount, outputs }) => ({
        executionCount,
        outputs: outputs.toJSON().map((output) => output.output_type),
      }));
    });
  }

  /** Changes the theme. */
  async changeTheme(theme: keyof typeof THEMES): Promise<void> {
    await this.page.evaluate(
      (name) =>
        (globalThis as unknown as LabWindow).jupyterapp.commands.execute("apputils:change-theme", { theme: name }),
      THEMES[theme],
    );
    const attribute = `body[data-jp-theme-light="${theme === "light"}"]`;
    await this.page.locator(attribute).waitFor({ state: "attached" });
  }

  /** Saves a picture of the whole notebook, however long. */
  async takePicture(file: string): Promise<void> {
    await takePicture(this.page, file);
  }

  /** Ends the notebook's kernel and closes it, unsaved. */
  async close(): Promise<void> {
    await this.page.evaluate(() => {
      const lab = globalThis as unknown as LabWindow;
      lab.done = lab.jupyterapp.commands.execute("notebook:close-and-shutdown");
    });
    const discard = this.page.locator(".jp-Dialog .jp-mod-accept");
    await discard.click();
    await this.page.evaluate(() => (globalThis as unknown as LabWindow).done);
  }
}

/** Saves a picture of the whole notebook in a page, however long. */
export async function takePicture(page: Page, file: string): Promise<void> {
  const height = await page.evaluate(() => document.querySelector(".jp-WindowedPanel-outer")?.scrollHeight ?? 0);
  await page.setViewportSize({ width: 1280, height: Math.min(height + 200, 16_000) });
  await page.evaluate(() => document.querySelector(".jp-WindowedPanel-outer")?.scrollTo(0, 0));
  await page.screenshot({ path: file });
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** The folder for pictures, which the project keeps out of version control. */
export async function pictureFolder(): Promise<string> {
  const folder = fileURLToPath(new URL("out/notebooks/", ROOT));
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}
