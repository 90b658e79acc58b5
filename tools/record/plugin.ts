/**
 * The recorder, compiled: once for each version of its source and of QEMU's plugin interface, in the user's cache.
 *
 * @module
 */

import { Misuse } from "../command.ts";
import { type Ended, run } from "../command/process.ts";
import { withScratch } from "../command/scratch.ts";
import { makeFolder, writeWhole } from "../command/whole_file.ts";

const FOLDER = new URL("plugin/", import.meta.url);
const SOURCES = [
  "ask.c",
  "decode.c",
  "history.c",
  "learn.c",
  "log.c",
  "places.c",
  "recorder.c",
  "tables.c",
  "writers.c",
];
const HEADERS = ["api.h", "recorder.h"];
const FLAGS = ["-O2", "-fno-plt", "-flto", "-shared", "-fPIC", "-fvisibility=hidden"];
const MAX_COMPLAINT = 400;

/** The plugin interface of a QEMU: 7.x asks for at most 1, 8.x for 2, 9.0 and 9.1 for 3, later ones for 4. */
function interfaceOf(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 8) return 1;
  if (major === 8) return minor < 2 ? 1 : 2;
  return major === 9 && minor < 2 ? 3 : 4;
}

/**
 * The recorder for a QEMU, compiled if it is not in the cache.
 *
 * @param version Version of QEMU, such as `7.2.22`.
 * @param cache The cache's folder.
 * @returns Path of the plugin.
 * @throws {Misuse} If there is no gcc, or it complains.
 */
export async function compiledPlugin(version: string, cache: string): Promise<string> {
  const texts = await Promise.all([...SOURCES, ...HEADERS].map((name) => Deno.readTextFile(new URL(name, FOLDER))));
  const api = interfaceOf(version);
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode([api, ...FLAGS, ...texts].join("\n"))),
  );
  const key = Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const path = `${cache}/recorder-${key}.so`;
  if (await Deno.stat(path).then(() => true, () => false)) return path;
  await makeFolder(cache);
  await withScratch(async (folder) => {
    const sources = SOURCES.map((name) => decodeURIComponent(new URL(name, FOLDER).pathname));
    await compile([...FLAGS, `-DPLUGIN_API=${api}`, "-o", `${folder}/recorder.so`, ...sources], folder);
    await writeWhole(path, await Deno.readFile(`${folder}/recorder.so`));
  });
  return path;
}

async function compile(args: readonly string[], folder: string): Promise<void> {
  const { code, err } = await gcc(args, folder);
  if (code === 0) return;
  const said = err.trim().split("\n").find((line) => line.includes("error")) ?? "nothing";
  throw new Misuse(`expected gcc to compile the recorder but it said: ${said.slice(0, MAX_COMPLAINT)}`);
}

async function gcc(args: readonly string[], folder: string): Promise<Ended> {
  try {
    return await run("gcc", args, { env: { TMPDIR: folder } });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      throw new Misuse("expected gcc, which compiles the recorder once, but found none; install gcc");
    }
    throw error;
  }
}
