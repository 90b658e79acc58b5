/**
 * A QEMU that is none: answers QMP from a script, over streams in memory.
 *
 * @module
 */

import type { Connection } from "../../tools/capture/qmp.ts";

/** A command as the client sent it. */
export interface Sent {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly id: number;
}

/** What to send back: an object becomes a line; a text goes as it is; "" is silence; "end" closes. */
export type Reply = object | string;

/** A connection and what came over it. */
export interface Fake extends Connection {
  readonly sent: readonly Sent[];
}

/** The greeting of QEMU 7.2. */
export const GREETING: object = {
  QMP: { version: { qemu: { major: 7, minor: 2, micro: 22 }, package: "" }, capabilities: [] },
};

/**
 * Opens a fake.
 *
 * @param reply What it answers to each command; `{ return: ... }` gets the id that it needs.
 * @param greeting What it says first.
 */
export function fakeQmp(reply: (sent: Sent) => Reply, greeting: Reply = GREETING): Fake {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const sent: Sent[] = [];
  const outward = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: 1000 });
  const writer = outward.writable.getWriter();
  const send = (what: Reply, id?: number) => {
    if (what === "end") return void writer.close();
    if (typeof what === "string") return void writer.write(encoder.encode(what));
    writer.write(encoder.encode(`${JSON.stringify(id === undefined ? what : { id, ...what })}\r\n`));
  };
  send(greeting);
  const writable = new WritableStream<Uint8Array>({
    write(bytes) {
      const command: Sent = JSON.parse(decoder.decode(bytes));
      sent.push(command);
      send(command.execute === "qmp_capabilities" ? { return: {} } : reply(command), command.id);
    },
  });
  return { readable: outward.readable, writable, sent };
}
