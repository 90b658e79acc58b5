/**
 * A clone of the project as it stands here, uncommitted changes included, for a test to spoil.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { type Ended, run, runDeno, type StartOptions } from "../../tools/command/process.ts";
import { ROOT } from "../../tools/command/root.ts";

/** A clone. */
export interface Clone {
  /** Its folder, without a slash at the end. */
  readonly folder: string;
  /** Runs a task in it as a reader does. */
  readonly task: (line: string, options?: StartOptions) => Promise<Ended>;
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  const { code, out, err } = await run("git", [...who, ...args], { cwd });
  if (code !== 0) throw new Error(`git ${args.join(" ")} failed: ${err}`);
  return out;
}

/** Makes a clone below a folder, with Git set as Git for Windows has it, in a folder whose name is a pattern. */
export async function cloneBelow(parent: string): Promise<Clone> {
  const root = fileURLToPath(ROOT);
  const listed = await git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
  const origin = `${parent}/origin`;
  for (const file of listed.split("\0").filter((name) => name !== "")) {
    const target = `${origin}/${file}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(`${root}${file}`, target).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // deleted, and not yet committed
    });
  }
  await git(origin, "init", "-q");
  await git(origin, "add", "-A");
  await git(origin, "commit", "-q", "-m", "all");
  await Deno.mkdir(`${parent}/what?*`);
  const folder = `${parent}/what?*/book`;
  await git(parent, "clone", "-q", "-c", "core.autocrlf=true", origin, folder);
  return {
    folder,
    task: async (line, options) => {
      const env = { NO_COLOR: "1", RUST_BACKTRACE: "0", TEXTBOOK_STD: "npm", INIT_CWD: folder, ...options?.env };
      return await runDeno(["task", "-q", ...line.split(" ")], { cwd: folder, ...options, env });
    },
  };
}

/** The last line of what was said. */
export function lastLine({ out, err }: Ended): string {
  return (out + err).trimEnd().split("\n").at(-1) ?? "";
}
