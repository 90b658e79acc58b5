/**
 * A student at the hub, over HTTP as a browser does it: logs in, starts a server, runs a notebook, closes it.
 *
 * @module
 */

import { until } from "./until.ts";

/** How a cell ended. */
export interface Answer {
  /** `ok` or `error`. */
  readonly status: string;
  /** The error's message; empty if there is none. */
  readonly error: string;
}

/** A notebook as the server holds it. */
interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly source: string }[];
}

interface Message {
  readonly msg_type: string;
  readonly parent_header: { readonly msg_id?: string };
  readonly content: Record<string, unknown>;
}

/** A kernel, as a notebook talks to it. */
export class Kernel implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (message: Message) => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const message: Message = JSON.parse(data);
      this.#waiting.get(message.parent_header.msg_id ?? "")?.(message);
    };
  }

  /** Connects to a kernel, and waits until it answers. */
  static async open(url: string, token: string, seconds: number): Promise<Kernel> {
    const options = { headers: { authorization: `token ${token}` } };
    const socket = new WebSocket(url, options as unknown as string[]); // Deno's own; the browsers' types know no headers
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error("Expected the kernel's channels but they do not open"));
    });
    const kernel = new Kernel(socket);
    try {
      await kernel.#ask("kernel_info_request", {}, seconds, "kernel_info_reply");
    } catch (error) {
      kernel[Symbol.dispose]();
      throw error;
    }
    return kernel;
  }

  /** Runs a cell. Throws if no answer comes in time. */
  async run(code: string, seconds: number): Promise<Answer> {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    const reply = await this.#ask("execute_request", content, seconds, "execute_reply");
    return { status: String(reply["status"]), error: String(reply["evalue"] ?? "") };
  }

  /** Sends a message, and waits for the reply to it. */
  #ask(msg_type: string, content: unknown, seconds: number, reply: string): Promise<Message["content"]> {
    const msg_id = crypto.randomUUID();
    const header = { msg_id, msg_type, session: "trial", username: "", version: "5.3", date: new Date().toISOString() };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(msg_id);
        reject(new Error(`Expected ${reply} within ${seconds} s but found none`));
      }, seconds * 1000);
      this.#waiting.set(msg_id, (message) => {
        if (message.msg_type !== reply) return;
        clearTimeout(timer);
        this.#waiting.delete(msg_id);
        resolve(message.content);
      });
      this.#socket.send(
        JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: "shell", buffers: [] }),
      );
    });
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** A student with an account. */
export class Student {
  readonly name: string;
  readonly #hub: string;
  readonly #cookies = new Map<string, string>();
  #token = "";

  /**
   * @param hub Address of the hub, with a slash at the end.
   * @param name The account.
   */
  constructor(hub: string, name: string) {
    this.#hub = hub;
    this.name = name;
  }

  /** Logs in with the form, and returns whether the hub accepts the password. */
  async logIn(password: string): Promise<boolean> {
    await this.#browse("hub/login");
    const form = new URLSearchParams({ username: this.name, password, _xsrf: this.#cookies.get("_xsrf") ?? "" });
    const { status } = await this.#browse("hub/login", form);
    if (status !== 302) return false;
    await this.#browse("hub/home");
    const tokens = `hub/api/users/${this.name}/tokens?_xsrf=${this.#cookies.get("_xsrf")}`;
    const { token } = await this.#json("POST", tokens, { note: "trial" });
    this.#token = String(token);
    return true;
  }

  /** Starts the server, and waits until it is there. */
  async startServer(seconds: number): Promise<void> {
    await this.#json("POST", `hub/api/users/${this.name}/server`);
    await until(`the server of ${this.name}`, seconds, async () => await this.server() === "ready");
    await until(`an answer of the server of ${this.name}`, seconds, async () => (await this.ask("GET", "api")).ok);
  }

  /** The state of the server. One that is about to end is still pending. */
  async server(): Promise<"ready" | "pending" | "none"> {
    const found = await this.#json("GET", `hub/api/users/${this.name}`) as {
      readonly servers: Readonly<Record<string, { readonly ready: boolean }>>;
      readonly pending: string | null;
    };
    const server = found.servers[""];
    if (server === undefined && !found.pending) return "none";
    return server?.ready === true && !found.pending ? "ready" : "pending";
  }

  /** Ends the server. */
  async endServer(): Promise<void> {
    await this.#fetch("DELETE", `hub/api/users/${this.name}/server`);
    await until(`the end of the server of ${this.name}`, 60, async () => await this.server() === "none");
  }

  /** Asks the student's server, or that of another. */
  async ask(method: string, path: string, body?: unknown, whose: string = this.name): Promise<Response> {
    return await this.#fetch(method, `user/${whose}/${path}`, body);
  }

  /** A file of the student's server. */
  async read(path: string): Promise<unknown> {
    return (await (await this.ask("GET", `api/contents/${path}?content=1`)).json()).content;
  }

  /** Writes a text file. */
  async write(path: string, content: string): Promise<void> {
    const { ok, status } = await this.ask("PUT", `api/contents/${path}`, { type: "file", format: "text", content });
    if (!ok) throw new Error(`Expected ${path} to be written but found status ${status}`);
  }

  /** Opens a notebook, with a kernel of its own. */
  async open(path: string): Promise<{ readonly session: string; readonly kernel: string }> {
    const asked = { path, name: path, type: "notebook", kernel: { name: "deno" } };
    const { id, kernel } = await (await this.ask("POST", "api/sessions", asked)).json();
    return { session: id, kernel: kernel.id };
  }

  /** Connects to a kernel. */
  async connect(kernel: string, seconds: number): Promise<Kernel> {
    const url = `${this.#hub}user/${this.name}/api/kernels/${kernel}/channels`;
    return await Kernel.open(url.replace(/^http/, "ws"), this.#token, seconds);
  }

  /** Runs all cells of a notebook in a kernel; returns the first error, or undefined. */
  async runAll(path: string, kernel: string, seconds: number): Promise<string | undefined> {
    const { cells } = await this.read(path) as Notebook;
    using open = await this.connect(kernel, seconds);
    for (const { cell_type, source } of cells) {
      if (cell_type !== "code") continue;
      const { status, error } = await open.run(source, seconds);
      if (status !== "ok") return error;
    }
  }

  async #json(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await this.#fetch(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`Expected ${method} ${path} to succeed but found ${response.status}: ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  async #fetch(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = new Headers(
      this.#token === "" ? { cookie: this.#cookieText() } : { authorization: `token ${this.#token}` },
    );
    headers.set("content-type", "application/json");
    return await fetch(this.#hub + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  }

  /** What a browser does: it keeps cookies. */
  async #browse(path: string, form?: URLSearchParams): Promise<Response> {
    const response = await fetch(this.#hub + path, {
      method: form === undefined ? "GET" : "POST",
      body: form ?? null,
      headers: { cookie: this.#cookieText() },
      redirect: "manual",
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value.replace(/^"|"$/g, ""));
    }
    await response.body?.cancel();
    return response;
  }

  #cookieText(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}
