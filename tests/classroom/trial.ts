/**
 * A class at its hub: everybody logs in at once, starts a server, runs notebook 1 and closes it.
 *
 *     sudo deno run -A tests/classroom/trial.ts [STUDENTS] [FOLDER]
 *
 * FOLDER is one that classroom/setup has made; without it a new one is. Prints a line a student: seconds and megabytes; at the end the worst of each.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { ROOT } from "../../tools/command/root.ts";
import { withScratch } from "../../tools/command/scratch.ts";
import { Accounts } from "./accounts.ts";
import { Hub } from "./hub.ts";
import { Student } from "./student.ts";

const NOTEBOOK = "notebooks/01_one_page_table.ipynb";
const IDLE_SECONDS = 3600;
const LIMIT = 600; // seconds that anything may take

/** A student's time and memory. */
export interface Measured {
  readonly name: string;
  /** Seconds until the server answered. */
  readonly started: number;
  /** Seconds from then until all cells had run. */
  readonly ran: number;
  /** Megabytes of all processes of the account, with the notebook open. */
  readonly megabytes: number;
  /** The first error of a cell. */
  readonly error: string | undefined;
}

/**
 * Lets a student work.
 *
 * @param hub Address of the hub.
 * @param name The account.
 * @param accounts All accounts.
 * @param limit Seconds that anything may take.
 */
export async function work(hub: string, name: string, accounts: Accounts, limit: number): Promise<Measured> {
  const student = new Student(hub, name);
  const began = performance.now();
  if (!await student.logIn(accounts.password)) throw new Error(`Expected ${name} to be let in but the hub refuses`);
  await student.startServer(limit);
  const started = performance.now();
  const { session, kernel } = await student.open(NOTEBOOK);
  const error = await student.runAll(NOTEBOOK, kernel, limit);
  const ran = performance.now();
  const megabytes = await accounts.memory(name);
  await student.ask("DELETE", `api/sessions/${session}`);
  await student.endServer();
  return { name, started: (started - began) / 1000, ran: (ran - started) / 1000, megabytes, error };
}

async function print(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

function reported({ name, started, ran, megabytes, error }: Measured): string {
  const numbers = `server ${started.toFixed(1)} s, notebook ${ran.toFixed(1)} s, ${megabytes.toFixed(0)} MB`;
  return `${name}: ${numbers}${error === undefined ? "" : `, ${error}`}`;
}

async function main(students: number, made: string | undefined): Promise<void> {
  await withScratch(async (scratch) => {
    await Deno.chmod(scratch, 0o755);
    const folder = made ?? `${scratch}/class`;
    if (made === undefined) await Hub.setUp(fileURLToPath(ROOT), folder);
    const names = Array.from({ length: students }, (_, i) => `pagetable-${i + 1}`);
    await using accounts = await Accounts.make(names, scratch);
    await using hub = await Hub.start(folder, IDLE_SECONDS);
    const began = performance.now();
    const measured = await Promise.all(names.map((name) => work(hub.address, name, accounts, LIMIT)));
    const seconds = (performance.now() - began) / 1000;
    for (const it of measured) await print(reported(it));
    const max = (of: (it: Measured) => number) => Math.max(...measured.map(of));
    const worst = {
      name: `${students} students in ${seconds.toFixed(0)} s; the worst of each`,
      started: max((it) => it.started),
      ran: max((it) => it.ran),
      megabytes: max((it) => it.megabytes),
      error: undefined,
    };
    await print(reported(worst));
  });
}

if (import.meta.main) await main(Number(Deno.args[0] ?? 3), Deno.args[1]);
