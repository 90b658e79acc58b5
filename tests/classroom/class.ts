/**
 * A class's folder, made by a teacher's command out of a clone; whether it can be made here, and commands in it.
 *
 * @module
 */

import { dirname } from "node:path";
import { type Ended, run } from "../../tools/command/process.ts";
import { cloneBelow } from "../machines/clone.ts";
import { Hub } from "./hub.ts";

/** Why a class cannot be tried here; undefined where it can. */
async function missing(): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return "needs root, who makes accounts";
  for (const program of ["git", "npm", "useradd", "chpasswd"]) {
    if (await run(program, ["--version"]).then(() => false, () => true)) return `no ${program}`;
  }
  const { code } = await run("/usr/bin/python3", ["-c", "import venv, ensurepip"]);
  return code === 0 ? undefined : "no python3-venv";
}

/** Why a class cannot be tried here. */
export const NO_CLASS: string | undefined = await missing();

/** For the end of a test's name. */
export const SKIPPED: string = NO_CLASS === undefined ? "" : ` (skipped: ${NO_CLASS})`;

/** Folder of the homes, which everybody can reach; `class` in it is what `classroom/setup` made. */
export const FOLDER: string = await Deno.realPath(await Deno.makeTempDir());

/** The class's folder: that of the variable, or a new one, which is made by `setUp`. */
export const CLASS: string = Deno.env.get("PAGETABLE_CLASS") ?? `${FOLDER}/class`;

addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

if (NO_CLASS === undefined) {
  await run("chmod", ["a+rx", FOLDER, dirname(FOLDER)]); // adds rights and takes none: the second may be the system's /tmp
  if (CLASS.startsWith(FOLDER)) await Hub.setUp((await cloneBelow(FOLDER)).folder, CLASS);
}

/**
 * Runs a line of bash as an account, with the class's programs.
 *
 * @param name The account.
 * @param line The line; it begins in the account's home.
 */
export async function runAs(name: string, line: string): Promise<Ended> {
  const all = `export PATH=${CLASS}/env/bin:$PATH NO_COLOR=1; ${line}`;
  return await run("runuser", ["-l", name, "-s", "/bin/bash", "-c", all]);
}

/** Runs a line as an account, and throws if it fails. */
export async function succeedAs(name: string, line: string): Promise<Ended> {
  const ended = await runAs(name, line);
  if (ended.code !== 0) throw new Error(`Expected ${line} to succeed for ${name} but found: ${ended.out}${ended.err}`);
  return ended;
}

/** The program that starts an account's server, as a line. With `--version` it only copies the book. */
export const COPY_BOOK: string = `${CLASS}/student-server --version`;
