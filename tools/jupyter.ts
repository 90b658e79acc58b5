/**
 * `deno task jupyter`: JupyterLab with the notebooks of the book and the Deno kernel, on this machine alone.
 *
 * @module
 */

import { Misuse } from "./command.ts";
import { HELP, readOptions } from "./jupyter/options.ts";
import { startLab, trustNotebooks } from "./jupyter/lab.ts";
import { makeEnvironment, NoEnvironment } from "./notebooks/environment.ts";

async function print(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): Promise<void> {
  await new Blob([text]).stream().pipeTo(stream.writable, { preventClose: true });
}

/** Runs JupyterLab until it is ended. Returns the exit code. */
async function run(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === "help") {
      await print(Deno.stdout, HELP);
      return 0;
    }
    const environment = await makeEnvironment((text) => Deno.stderr.writeSync(new TextEncoder().encode(text)));
    await trustNotebooks(environment);
    Deno.addSignalListener("SIGINT", () => {}); // Jupyter gets Ctrl-C too, and this process ends with it
    return (await startLab(environment, options).status).code;
  } catch (error) {
    if (!(error instanceof Misuse || error instanceof NoEnvironment)) throw error;
    await print(Deno.stderr, `jupyter: ${error.message}\n`);
    return 2;
  }
}

if (import.meta.main) Deno.exit(await run(Deno.args));
