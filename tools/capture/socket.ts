/**
 * The address that QEMU listens on: a Unix socket by its path, or a TCP port of this machine or another.
 *
 * @module
 */

import { Misuse } from "../command/arguments.ts";

/** An address to connect to. */
export type Socket =
  | { readonly transport: "unix"; readonly path: string }
  | { readonly transport: "tcp"; readonly hostname: string; readonly port: number };

/**
 * Reads what the user calls the socket, in the words of QEMU's own option.
 *
 * @param text `PATH`, `unix:PATH`, `HOST:PORT` or `tcp:HOST:PORT`; what QEMU takes after a comma is left out.
 * @returns An address to connect to.
 * @throws {Misuse} If it is neither.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseSocket } from "./socket.ts";
 *
 * assertEquals(parseSocket("unix:qmp.sock,server=on"), { transport: "unix", path: "qmp.sock" });
 * assertEquals(parseSocket("127.0.0.1:4444"), { transport: "tcp", hostname: "127.0.0.1", port: 4444 });
 * ```
 */
export function parseSocket(text: string): Socket {
  const place = text.split(",", 1)[0] ?? "";
  const [, scheme, rest = ""] = /^(unix|tcp):(.*)$/s.exec(place) ?? [undefined, undefined, place];
  const [, hostname = "", port = ""] = /^(.*):(\d{1,5})$/s.exec(rest) ?? [];
  const isTcp = scheme === "tcp" || (scheme === undefined && port !== "" && !rest.includes("/"));
  if (!isTcp && rest !== "" && !rest.includes("\0")) return { transport: "unix", path: rest };
  const number = Number(port);
  if (isTcp && number > 0 && number < 65536) {
    return { transport: "tcp", hostname: hostname || "127.0.0.1", port: number };
  }
  throw new Misuse(`expected a socket as PATH or HOST:PORT but found ${text.slice(0, 100) || "nothing"}`);
}

/**
 * Connects to QEMU.
 *
 * @param socket Where it listens.
 * @returns The connection.
 */
export async function connect(socket: Socket): Promise<Deno.Conn> {
  return await (socket.transport === "unix" ? Deno.connect(socket) : Deno.connect(socket));
}
