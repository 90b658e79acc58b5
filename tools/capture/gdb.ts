/**
 * The client's side of gdb's remote protocol, as far as a capture needs it: commands of QEMU's monitor, and to detach.
 *
 * Source: GDB's manual, appendix "Remote Serial Protocol" (`qRcmd`, `D`).
 *
 * @module
 */

import { type Connection, QmpError } from "./qmp.ts";

const TIMEOUT = 10_000;
/** Limit of one answer in bytes. A frame of memory, printed and then in hexadecimal, has 32 KiB. */
const MAX_ANSWER_BYTES = 0x10_0000;

/** A connection to a gdb stub. The guest stands still from the beginning until `detach`. */
export class Gdb {
  /** Gives up what is awaited. */
  signal: AbortSignal | undefined;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #pending = "";

  /**
   * @param connection Where the stub listens.
   */
  constructor(connection: Connection) {
    this.#reader = connection.readable.getReader();
    this.#writer = connection.writable.getWriter();
  }

  /**
   * Executes a command of QEMU's monitor.
   *
   * @param line The command.
   * @returns What it prints.
   * @throws {QmpError} If the stub has no monitor, ends, or does not answer.
   * @throws {DOMException} `AbortError`, if `signal` gives it up.
   */
  async monitor(line: string): Promise<string> {
    await this.#send(`qRcmd,${hexOf(line)}`);
    let said = "";
    for (;;) {
      const packet = await this.#packet(line);
      if (packet === "OK") return said;
      const isOutput = packet.startsWith("O") && /^O([0-9a-f]{2})*$/.test(packet);
      if (!isOutput) {
        const what = packet === "" ? "no such command" : `"${packet.slice(0, 40)}"`;
        throw new QmpError(
          `Expected the gdb stub to pass "${line}" on to a monitor but found ${what}: is it QEMU's (-s)?`,
        );
      }
      said += textOf(packet.slice(1));
      if (said.length > MAX_ANSWER_BYTES) {
        throw new QmpError(`Expected less from "${line}" but found ${said.length} bytes`);
      }
    }
  }

  /** Detaches, which lets the guest run. */
  async detach(): Promise<void> {
    this.signal = undefined;
    await this.#send("D");
    await this.#packet("D");
  }

  async #send(text: string): Promise<void> {
    const sum = [...text].reduce((total, letter) => (total + letter.charCodeAt(0)) & 0xff, 0);
    await this.#writer.write(new TextEncoder().encode(`$${text}#${sum.toString(16).padStart(2, "0")}`));
  }

  /** The next packet, which is acknowledged. What comes between packets acknowledges ours. */
  async #packet(what: string): Promise<string> {
    for (;;) {
      const [whole, text = ""] = /^[^$]*\$([^#]*)#[0-9a-fA-F]{2}/.exec(this.#pending) ?? [];
      if (whole !== undefined) {
        this.#pending = this.#pending.slice(whole.length);
        await this.#writer.write(new TextEncoder().encode("+"));
        if (/^[ST][0-9a-f]{2}/.test(text)) continue; // news that the guest has stopped; no answer
        return text;
      }
      if (this.#pending.length > MAX_ANSWER_BYTES) {
        throw new QmpError("Expected packets of gdb's protocol but found none");
      }
      const { value, done } = await this.#timed(this.#reader.read(), what);
      if (done || value === undefined) {
        throw new QmpError(`the gdb stub ended the connection before its answer to "${what}"`);
      }
      this.#pending += new TextDecoder("latin1").decode(value);
    }
  }

  async #timed<T>(promise: Promise<T>, what: string): Promise<T> {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const signal = this.signal === undefined ? timeout : AbortSignal.any([timeout, this.signal]);
    signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const giveUp = () => {
        reject(
          this.signal?.aborted
            ? this.signal.reason
            : new QmpError(`the gdb stub did not answer "${what}" in ${TIMEOUT / 1000} s`),
        );
      };
      signal.addEventListener("abort", giveUp, { once: true });
      promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
    });
  }
}

function hexOf(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function textOf(hex: string): string {
  return (hex.match(/../g) ?? []).map((digits) => String.fromCharCode(parseInt(digits, 16))).join("");
}
