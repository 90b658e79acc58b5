/**
 * A class at its hub: everybody logs in, starts a server, opens notebook 1 and runs it; when all have it open, everybody closes it.
 *
 *     sudo deno run -A tests/classroom/trial.ts [STUDENTS] [FOLDER] [AT_ONCE]
 *
 * FOLDER is one that classroom/setup has made; without it, or for "new", a new one is. AT_ONCE students begin at a time, 4 unless said otherwise.
 * Prints a line a student: seconds and megabytes; at the end the worst of each, and the memory of all together.
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

/** A student with the notebook open. */
export interface Working {
  readonly student: Student;
  /** Its session at the server. */
  readonly session: string;
  /** Seconds until the server answered. */
  readonly started: number;
  /** Seconds from then until all cells had run. */
  readonly ran: number;
  /** The first error of a cell. */
  readonly error: string | undefined;
}

/**
 * Lets a student log in, start a server, open the notebook and run it.
 *
 * @param hub Address of the hub.
 * @param name The account.
 * @param password Its password.
 * @param limit Seconds that anything may take.
 */
export async function begin(hub: string, name: string, password: string, limit: number): Promise<Working> {
  const student = new Student(hub, name);
  const began = performance.now();
  if (!await student.logIn(password)) throw new Error(`Expected ${name} to be let in but the hub refuses`);
  await student.startServer(limit);
  const started = performance.now();
  const { session, kernel } = await student.open(NOTEBOOK);
  const error = await student.runAll(NOTEBOOK, kernel, limit);
  const ran = performance.now();
  return { student, session, started: (started - began) / 1000, ran: (ran - started) / 1000, error };
}

/** Closes the notebook and ends the server. */
export async function end({ student, session }: Working): Promise<void> {
  await student.ask("DELETE", `api/sessions/${session}`);
  await student.endServer();
}

/** Lets students begin, some at a time. Stops at the first who cannot. */
async function beginAll(hub: string, names: readonly string[], password: string, atOnce: number): Promise<Working[]> {
  const waiting = [...names];
  const working: Working[] = [];
  const next = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      try {
        working.push(await begin(hub, name, password, LIMIT));
      } catch (error) {
        waiting.length = 0;
        await print(`${name}: ${error instanceof Error ? error.message : error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return working;
}

async function print(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

function reported(
  name: string,
  { started, ran, error }: Omit<Working, "student" | "session">,
  megabytes: number,
): string {
  const numbers = `server ${started.toFixed(1)} s, notebook ${ran.toFixed(1)} s, ${megabytes.toFixed(0)} MB`;
  return `${name}: ${numbers}${error === undefined ? "" : `, ${error}`}`;
}

async function main(students: number, made: string, atOnce: number): Promise<void> {
  await withScratch(async (scratch) => {
    await Deno.chmod(scratch, 0o755);
    const folder = made === "new" ? `${scratch}/class` : made;
    if (made === "new") await Hub.setUp(fileURLToPath(ROOT), folder);
    const names = Array.from({ length: students }, (_, i) => `pagetable-${i + 1}`);
    await using accounts = await Accounts.make(names, scratch);
    await using hub = await Hub.start(folder, IDLE_SECONDS);
    const began = performance.now();
    const working = await beginAll(hub.address, names, accounts.password, atOnce);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const memory: number[] = [];
    for (const { student } of working) memory.push(await accounts.memory(student.name));
    for (const [i, it] of working.entries()) await print(reported(it.student.name, it, memory[i] ?? 0));
    const max = (of: (it: Working) => number) => Math.max(...working.map(of));
    const worst = { started: max((it) => it.started), ran: max((it) => it.ran), error: undefined };
    await print(reported(`${working.length} of ${students} students, the worst of each`, worst, Math.max(...memory)));
    const together = memory.reduce((sum, megabytes) => sum + megabytes, 0);
    await print(
      `${working.length} notebooks open after ${seconds} s, ${atOnce} at a time: ${together.toFixed(0)} MB together`,
    );
    await Promise.all(working.map(end));
  });
}

if (import.meta.main) await main(Number(Deno.args[0] ?? 3), Deno.args[1] ?? "new", Number(Deno.args[2] ?? 4));
