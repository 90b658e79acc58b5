/**
 * Accounts of this machine that a trial makes, and removes again.
 *
 * @module
 */

import { run, start } from "../../tools/command/process.ts";

async function expect(program: string, args: readonly string[]): Promise<void> {
  const { code, err } = await run(program, args);
  if (code !== 0) throw new Error(`Expected ${program} to succeed but found: ${err.trim()}`);
}

/** Accounts with one password, which are gone when they are disposed of. */
export class Accounts implements AsyncDisposable {
  /** Their password. */
  readonly password: string = crypto.randomUUID();
  readonly #names: string[] = [];

  private constructor() {}

  /**
   * Makes accounts that may use the hub.
   *
   * @param names Their names; none of them may be there.
   * @param homes Folder of their homes.
   */
  static async make(names: readonly string[], homes: string): Promise<Accounts> {
    await expect("groupadd", ["--force", "pagetable"]);
    const accounts = new Accounts();
    try {
      for (const name of names) await accounts.#add(name, homes);
      await accounts.#setPasswords();
    } catch (error) {
      await accounts[Symbol.asyncDispose]();
      throw error;
    }
    return accounts;
  }

  async #add(name: string, homes: string): Promise<void> {
    await expect("useradd", ["--create-home", "--home-dir", `${homes}/${name}`, "--groups", "pagetable", name]);
    this.#names.push(name); // only what was made here is removed again
  }

  async #setPasswords(): Promise<void> {
    const child = start("chpasswd", [], { stdin: "piped" });
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(this.#names.map((name) => `${name}:${this.password}\n`).join("")));
    await writer.close();
    if (!(await child.status).success) throw new Error("Expected chpasswd to set passwords but it failed");
  }

  /** Memory of the processes of an account, in megabytes: what they share is shared out among those who share it. */
  async memory(name: string): Promise<number> {
    let kilobytes = 0;
    for (const pid of await processesOf(name)) {
      const rollup = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`).catch(() => "");
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    }
    return kilobytes / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.#names) {
      for (const pid of await processesOf(name)) await run("kill", ["-KILL", `${pid}`]);
      await run("userdel", ["--force", "--remove", name]);
    }
  }
}

/** The processes of an account. */
async function processesOf(name: string): Promise<number[]> {
  const uid = (await run("id", ["-u", name])).out.trim();
  const found: number[] = [];
  for await (const { name: pid } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
    if (uid !== "" && /^Uid:\s+(\d+)/m.exec(status)?.[1] === uid) found.push(Number(pid));
  }
  return found;
}
