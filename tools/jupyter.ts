/**
 * `deno task jupyter`: JupyterLab with the notebooks of the book and the Deno kernel, on this machine alone.
 *
 * @module
 */

import { type Command, main } from "./command.ts";
import { labOptionsOf } from "./jupyter/options.ts";

/** The command. */
export const jupyterCommand: Command = {
  name: "jupyter",
  words: 0,
  options: ["no-browser"],
  values: ["port"],
  help:
    `Starts JupyterLab with the notebooks of the book and the Deno kernel. It listens on 127.0.0.1 alone and asks for a token,
which is in the address that it prints. Everything is installed once into the user's cache folder (Python 3.10 or newer with
pip; the packages come from PyPI). Outputs of the book's own notebooks are trusted, so that figures are seen at once.

usage: deno task jupyter [--port N] [--no-browser]

  --port N      the port to listen on; without it 8888 or the next that is free
  --no-browser  do not open a browser
  --help        print this

Ctrl-C ends it. Exit codes: 0 ended, 1 Jupyter failed, 2 a wrong option, or no Jupyter, 130 ended by Ctrl-C.

example: deno task jupyter --no-browser --port 8899
`,
  async run(args, { err }) {
    const options = labOptionsOf(args);
    const { startLab, trustNotebooks } = await import("./jupyter/lab.ts"); // with packages that the help does without
    const { makeEnvironment } = await import("./notebooks/environment.ts");
    const environment = await makeEnvironment(err);
    await trustNotebooks(environment);
    return (await startLab(environment, options).status).code;
  },
};

if (import.meta.main) await main(jupyterCommand);
