/**
 * The client's side of QMP, QEMU's machine protocol: one JSON object a line, each way.
 *
 * Source: QEMU's own description, docs/interop/qmp-spec. What comes over the socket is believed only as far as it was checked.
 *
 * @module
 */

/** All that comes before and with an answer may have this many bytes: a frame of memory, printed, has 16 KiB. */
const MAX_ANSWER_BYTES = 0x10_0000;
/** Events that may come between a command and its answer. */
const MAX_EVENTS = 1000;

/** A failure of the connection, in one line that says what to do. */
export class QmpError extends Error {
  override readonly name = "QmpError";
}

/** A connection: bytes each way. A `Deno.Conn` is one. */
export interface Connection {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A QMP connection that is ready for commands. */
export class Qmp {
  /** Milliseconds that an answer may take, with all that comes before it. */
  answerTimeout: number;
  /** Gives up what is awaited, and what is asked later. */
  signal: AbortSignal | undefined;
  /** The version of QEMU, such as `7.2.22`. */
  version = "";
  readonly #lines: AsyncGenerator<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** The next line, if somebody has given up awaiting it. */
  #next: Promise<IteratorResult<string>> | undefined;
  #commands = 0;
  /** The last command whose answer nobody awaits any more; those before it are answered or given up too. */
  #givenUp = 0;
  #bytes = 0;

  private constructor({ readable, writable }: Connection, answerTimeout: number) {
    this.#lines = this.#read(readable);
    this.#writer = writable.getWriter();
    this.answerTimeout = answerTimeout;
  }

  /**
   * Waits for the greeting and answers it.
   *
   * @param connection A connection just made.
   * @param answerTimeout Milliseconds that each answer may take, with all that comes before it.
   * @returns The client.
   * @throws {QmpError} If no QMP speaks there.
   */
  static async open(connection: Connection, answerTimeout = 10_000): Promise<Qmp> {
    const qmp = new Qmp(connection, answerTimeout);
    qmp.version = versionIn(await qmp.#object("its greeting", qmp.#deadline()));
    await qmp.execute("qmp_capabilities");
    return qmp;
  }

  /**
   * Executes a command.
   *
   * @param command Its name.
   * @param args Its arguments.
   * @param what What messages call it.
   * @returns What it returns.
   * @throws {QmpError} If QEMU refuses, ends, answers nonsense, too much or not at all.
   * @throws {DOMException} `AbortError`, if `signal` gives it up.
   */
  async execute(command: string, args: Fields = {}, what: string = command): Promise<unknown> {
    const id = ++this.#commands;
    const text = `${JSON.stringify({ execute: command, arguments: args, id })}\n`;
    const deadline = this.#deadline();
    this.#bytes = 0;
    try {
      await this.#timed(this.#writer.write(new TextEncoder().encode(text)), what, deadline);
      return await this.#answer(id, what, deadline);
    } finally {
      this.#givenUp = id;
    }
  }

  async #answer(id: number, what: string, deadline: number): Promise<unknown> {
    for (let events = 0; events < MAX_EVENTS;) {
      const answer = await this.#object(`its answer to ${what}`, deadline);
      if ("event" in answer) {
        events++;
        continue;
      }
      if (typeof answer["id"] === "number" && answer["id"] <= this.#givenUp) continue; // late, and nobody waits for it
      if ("error" in answer) throw new QmpError(`QEMU refused ${what}: ${descriptionIn(answer["error"])}`);
      if (answer["id"] === id && "return" in answer) return answer["return"];
      throw new QmpError(`Expected QEMU's answer to ${what} but found another`);
    }
    throw new QmpError(`Expected QEMU's answer to ${what} but found ${MAX_EVENTS} events`);
  }

  /**
   * Executes a command of the monitor for people.
   *
   * @param line The command, such as `info registers`.
   * @param cpu Index of the CPU that it is about.
   * @returns What it prints.
   * @throws {QmpError} As `execute`.
   */
  async monitor(line: string, cpu?: number): Promise<string> {
    const args = { "command-line": line, ...(cpu === undefined ? {} : { "cpu-index": cpu }) };
    const said = await this.execute(
      "human-monitor-command",
      args,
      cpu === undefined ? `"${line}"` : `"${line}" of CPU ${cpu}`,
    );
    if (typeof said === "string") return said;
    throw new QmpError(`Expected text from "${line}" but found ${typeof said}`);
  }

  async #object(what: string, deadline: number): Promise<Fields> {
    const next = this.#next ??= this.#lines.next();
    const { value: line, done } = await this.#timed(next, what, deadline);
    this.#next = undefined;
    if (done) throw new QmpError(`QEMU ended the connection before ${what}; it talks to one client at a time`);
    try {
      const value: unknown = JSON.parse(line);
      if (isFields(value)) return value;
    } catch {
      // said below
    }
    throw new QmpError(
      `Expected ${what} in QMP but found "${line.slice(0, 40)}"; is it a socket of -qmp, not of -monitor?`,
    );
  }

  #deadline(): number {
    return performance.now() + this.answerTimeout;
  }

  async #timed<T>(work: Promise<T>, what: string, deadline: number): Promise<T> {
    const { signal } = this;
    work.catch(() => {}); // given up, it may still fail
    signal?.throwIfAborted();
    const late = Promise.withResolvers<never>();
    const message = `QEMU did not send ${what} in ${this.answerTimeout / 1000} s; is another client connected?`;
    const timer = setTimeout(() => late.reject(new QmpError(message)), Math.max(0, deadline - performance.now()));
    const giveUp = () => late.reject(signal?.reason);
    signal?.addEventListener("abort", giveUp);
    try {
      return await Promise.race([work, late.promise]);
    } catch (error) {
      if (error instanceof QmpError || signal?.aborted) throw error;
      throw new QmpError(
        `The connection to QEMU broke before ${what}: ${error instanceof Error ? error.message : error}`,
      );
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    }
  }

  async *#read(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of stream) {
      this.#bytes += chunk.length;
      if (this.#bytes > MAX_ANSWER_BYTES) {
        throw new QmpError(`Expected an answer of at most ${MAX_ANSWER_BYTES} bytes but found more`);
      }
      const all = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = all.pop() ?? "";
      yield* all.filter((line) => line.trim() !== "");
    }
  }
}

/**
 * Whether a value from JSON is an object.
 *
 * @param value The value.
 * @returns False for lists and null.
 */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function descriptionIn(error: unknown): string {
  const description = isFields(error) ? error["desc"] : undefined;
  return typeof description === "string" ? description.slice(0, 200) : "without a reason";
}

function versionIn(greeting: Fields): string {
  const { QMP } = greeting;
  const version = isFields(QMP) && isFields(QMP["version"]) ? QMP["version"]["qemu"] : undefined;
  if (!isFields(version)) throw new QmpError("Expected the greeting of QMP but found another object");
  return ["major", "minor", "micro"].map((part) => Number.isInteger(version[part]) ? version[part] : "?").join(".");
}
