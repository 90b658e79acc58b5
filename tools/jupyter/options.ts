/**
 * The command line of `deno task jupyter`.
 *
 * @module
 */

import { Misuse, parseStrictly } from "../command.ts";

/** What is wanted. */
export interface JupyterOptions {
  /** TCP port, or undefined for the first that is free from 8888 on. */
  readonly port: number | undefined;
  /** Whether a browser is opened. */
  readonly browser: boolean;
}

/** What `--help` prints. */
export const HELP =
  `Starts JupyterLab with the notebooks of the book and the Deno kernel. It listens on 127.0.0.1 alone and asks for a token,
which is in the address that it prints. Everything is installed once into the user's cache folder (Python 3.10 or newer with
pip; the packages come from PyPI). Outputs of the book's own notebooks are trusted, so that figures are seen at once.

usage: deno task jupyter [--port N] [--no-browser]

  --port N      the port to listen on; without it 8888 or the next that is free
  --no-browser  do not open a browser
  --help        print this

Ctrl-C ends it. Exit codes: 0 ended, 1 Jupyter failed, 2 a wrong option, or no Jupyter.

example: deno task jupyter --no-browser --port 8899
`;

/**
 * Reads the arguments.
 *
 * @param args The arguments.
 * @returns The options, or `"help"`.
 * @throws {Misuse} If they make no sense.
 */
export function readOptions(args: readonly string[]): JupyterOptions | "help" {
  const { help = false, port, "no-browser": noBrowser = false } = parsed(args);
  if (help) return "help";
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 0x10000)) {
    throw new Misuse(`expected a port from 1 to 65535 but found ${port}; try --help`);
  }
  return { port: port === undefined ? undefined : Number(port), browser: !noBrowser };
}

function parsed(args: readonly string[]) {
  const options = {
    help: { type: "boolean", short: "h" },
    port: { type: "string" },
    "no-browser": { type: "boolean" },
  } as const;
  const { values, positionals: [stray] } = parseStrictly("jupyter", args, options);
  if (stray !== undefined) throw new Misuse(`did not expect ${stray}; see deno task jupyter --help`);
  return values;
}
