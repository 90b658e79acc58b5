/**
 * The command line of `deno task jupyter`.
 *
 * @module
 */

import { type Arguments, Misuse } from "../command.ts";

/** The options. */
export interface LabOptions {
  /** TCP port, or undefined for the first that is free from 8888 on. */
  readonly port: number | undefined;
  /** Whether a browser is opened. */
  readonly browser: boolean;
}

/**
 * Reads the arguments.
 *
 * @param args The arguments.
 * @returns The options.
 * @throws {Misuse} If the port is none.
 */
export function labOptionsOf({ options, values }: Arguments): LabOptions {
  const port = values["port"]?.at(-1);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 0x10000)) {
    throw new Misuse(`expected a port from 1 to 65535 but found ${port}; try --help`);
  }
  return { port: port === undefined ? undefined : Number(port), browser: !options.has("no-browser") };
}
