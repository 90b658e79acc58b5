/**
 * A class's folder, made by a teacher's command out of a clone, and what it takes.
 *
 * @module
 */

import { dirname } from "node:path";
import { run } from "../../tools/command/process.ts";
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
  for (const it of [FOLDER, dirname(FOLDER)]) await Deno.chmod(it, 0o755);
  if (CLASS.startsWith(FOLDER)) await Hub.setUp((await cloneBelow(FOLDER)).folder, CLASS);
}
