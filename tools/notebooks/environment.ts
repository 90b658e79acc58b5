/**
 * The virtual environment with JupyterLab, nbclient and the Deno kernel. It is made once, in the user's cache folder, and holds
 * everything that Jupyter writes: nothing goes into the user's home.
 *
 * @module
 */

import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { exists } from "../book/chapters.ts";
import { cacheFolder } from "../command/cache.ts";
import { run } from "../command/process.ts";
import { makeFolder, writeWhole } from "../command/whole_file.ts";
import { KERNEL } from "./notebook.ts";

/** The packages to install: a file of pinned versions, for pip. */
export const REQUIREMENTS: URL = new URL("requirements.txt", import.meta.url);

/** An environment that is ready. */
export interface Environment {
  /** Its Python. */
  readonly python: string;
  /** Variables by which Jupyter keeps to the environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** The environment cannot be made; the message says what is missing. */
export class NoEnvironment extends RangeError {}

const WINDOWS = Deno.build.os === "windows";
const PYTHON = WINDOWS ? "python" : "python3";

/** Nothing is asked of other machines, and long lines are seen whole; a reader may set it otherwise. */
const LAB_DEFAULTS = {
  "@jupyterlab/notebook-extension:tracker": { codeCellConfig: { lineWrap: true } },
  "@jupyterlab/apputils-extension:notification": { checkForUpdates: false, fetchNews: "false" },
} as const;

/**
 * Makes the environment, or finds it as it was made.
 *
 * @param say Is told what takes long.
 * @param cache The folder to keep it in.
 * @returns The environment, with the Deno that runs this as its kernel.
 * @throws {NoEnvironment} If there is no Python with `venv` or pip, or the packages cannot be had.
 */
export async function makeEnvironment(
  say: (text: string) => void,
  cache: string = cacheFolder(),
): Promise<Environment> {
  const folder = `${cache}/notebooks-${await digestOf(await Deno.readTextFile(REQUIREMENTS))}`;
  await makeFolder(cache);
  using lock = await Deno.open(`${folder}.lock`, { create: true, write: true });
  await lock.lock(true);
  const python = `${folder}/${WINDOWS ? "Scripts/python.exe" : "bin/python"}`;
  const made = pathToFileURL(`${folder}/made`);
  if (!await exists(made) || await failure(python, ["-c", "import jupyterlab, nbclient"]) !== undefined) {
    say(`Installing JupyterLab and nbclient, once, into ${folder}\n`);
    await install(folder, python);
    await writeWhole(fileURLToPath(made), "");
  }
  await installKernel(folder);
  await writeJson(`${folder}/share/jupyter/lab/settings/overrides.json`, LAB_DEFAULTS);
  return { python, env: jupyterVariables(folder) };
}

async function install(folder: string, python: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  const pip = ["install", "--quiet", "--no-input", "--disable-pip-version-check", "-r", fileURLToPath(REQUIREMENTS)];
  if (await failure(PYTHON, ["-m", "venv", folder]) === undefined) return await expect(python, ["-m", "pip", ...pip]);
  // Debian keeps ensurepip in a package of its own; the pip outside can install into the environment as well.
  await expect(PYTHON, ["-m", "venv", "--clear", "--without-pip", folder]);
  await expect(PYTHON, ["-m", "pip", "--python", python, ...pip]);
}

async function installKernel(folder: string): Promise<void> {
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  const { name, ...names } = KERNEL;
  const env = { NO_COLOR: "1" }; // yellow numbers on white paper are hard to read
  await writeJson(`${folder}/share/jupyter/kernels/${name}/kernel.json`, { argv, ...names, env });
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await Deno.mkdir(dirname(file), { recursive: true });
  await writeWhole(file, JSON.stringify(value));
}

function jupyterVariables(folder: string): Record<string, string> {
  return {
    JUPYTER_CONFIG_DIR: `${folder}/config`,
    JUPYTER_DATA_DIR: `${folder}/data`,
    JUPYTER_RUNTIME_DIR: `${folder}/runtime`,
    IPYTHONDIR: `${folder}/ipython`,
  };
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex().slice(0, 12);
}

async function expect(program: string, args: readonly string[]): Promise<void> {
  const said = await failure(program, args);
  if (said === undefined) return;
  throw new NoEnvironment(`Expected Python 3.10 or newer with pip, and PyPI within reach, but found: ${said}`);
}

/** Why a program fails, or undefined. */
async function failure(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { code, out, err } = await run(program, args);
    return code === 0 ? undefined : (out + err).trim().split("\n").at(-1) ?? "nothing";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `no ${program}`;
    throw error;
  }
}
