/**
 * JupyterLab as a process.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { writtenSlugs } from "../book/chapters.ts";
import { run, start } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { fileOf, keptText } from "../notebooks/compare.ts";
import type { Environment } from "../notebooks/environment.ts";
import type { LabOptions } from "./options.ts";

/** A front end, as the name of its Python module. */
export type App = "jupyterlab" | "notebook";

/** JupyterLab's options that do not depend on the reader. */
const OPTIONS: readonly string[] = Object.freeze([
  "-y", // end at the first Ctrl-C without a question
  "--ServerApp.ip=127.0.0.1",
  "--KernelSpecManager.ensure_native_kernel=False",
  '--KernelSpecManager.allowed_kernelspecs={"deno"}',
  "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
  "--LabApp.news_url=None",
  "--LabApp.extension_manager=readonly",
]);

/**
 * Starts JupyterLab in the folder of the project, with the notebooks in view.
 *
 * @param environment The environment with Jupyter and the kernel.
 * @param options Port and browser.
 * @param more Further options of JupyterLab.
 * @param app The front end; JupyterLab unless said otherwise.
 * @returns The process; it writes to the terminal of this one.
 */
export function startLab(
  { python, env }: Environment,
  { port, browser }: LabOptions,
  more: readonly string[] = [],
  app: App = "jupyterlab",
): Deno.ChildProcess {
  const folder = fileURLToPath(ROOT);
  const reader = [...(port === undefined ? [] : [`--port=${port}`, "--ServerApp.port_retries=0"])];
  if (!browser) reader.push("--no-browser");
  if (Deno.build.os !== "windows" && Deno.uid() === 0) reader.push("--allow-root"); // as in most containers
  const args = [
    "-m",
    app,
    ...OPTIONS,
    `--ServerApp.root_dir=${folder}`,
    "--LabApp.default_url=/lab/tree/notebooks",
  ];
  return start(python, [...args, ...reader, ...more], {
    env: { ...env, DENO_NO_UPDATE_CHECK: "1" },
    stdin: "inherit",
  });
}

/**
 * Has Jupyter trust the outputs of the book's notebooks: a front end shows HTML and SVG of no other before they are run.
 *
 * @param environment The environment, which keeps the signatures.
 */
export async function trustNotebooks({ python, env }: Environment): Promise<void> {
  const files = [];
  for (const slug of await writtenSlugs()) {
    if (await keptText(slug) !== undefined) files.push(fileURLToPath(fileOf(slug)));
  }
  if (files.length === 0) return;
  await run(python, ["-m", "nbformat.sign", ...files], { env, stdout: "null", stderr: "inherit" });
}
