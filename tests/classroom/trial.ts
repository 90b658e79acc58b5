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
import { Accounts } from "./accounts.ts";
import { Hub } from "./hub.ts";
import { Student } from "./student.ts";

const NOTEBOOK = "notebooks/01_one_page_table.ipynb";
const IDLE_SECONDS = 3600;
const LIMIT = 600; // seconds that anything may take

/** How it went for a student. */
export interface Record {
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
export async function work(hub: string, name: string, accounts: Accounts, limit: number): Promise<Record> {
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

async function main(students: number, made: string | undefined): Promise<void> {
  const folder = made ?? await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  if (made === undefined) await Hub.setUp(fileURLToPath(ROOT), folder);
  const homes = await Deno.makeTempDir();
  await Deno.chmod(homes, 0o755);
  const names = Array.from({ length: students }, (_, i) => `pagetable-${i + 1}`);
  {
    await using accounts = await Accounts.make(names, homes);
    await using hub = await Hub.start(folder, IDLE_SECONDS);
    const began = performance.now();
    const records = await Promise.all(names.map((name) => work(hub.address, name, accounts, LIMIT)));
    for (const { name, started, ran, megabytes, error } of records) {
      await print(
        `${name}: server ${started.toFixed(1)} s, notebook ${ran.toFixed(1)} s, ${megabytes.toFixed(0)} MB${
          error === undefined ? "" : `, ${error}`
        }`,
      );
    }
    const most = (of: (record: Record) => number) => Math.max(...records.map(of));
    const seconds = (performance.now() - began) / 1000;
    const worst = `server ${most((it) => it.started).toFixed(1)} s, notebook ${most((it) => it.ran).toFixed(1)} s`;
    await print(
      `${students} students in ${seconds.toFixed(0)} s; the slowest: ${worst}; the largest: ${
        most((it) => it.megabytes).toFixed(0)
      } MB`,
    );
  }
  await Deno.remove(homes, { recursive: true });
  if (made === undefined) await Deno.remove(folder, { recursive: true });
}

if (import.meta.main) await main(Number(Deno.args[0] ?? 3), Deno.args[1]);
