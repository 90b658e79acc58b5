/**
 * The programs of the chapters: written to a folder, type-checked, linted, run.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { runDeno } from "../command/process.ts";
import { ROOT } from "../command/root.ts";
import { type Chapter, namingPage } from "./chapters.ts";
import type { Recorded } from "./record.ts";
import { tangle } from "./tangle.ts";

/** Milliseconds for one program; the slowest takes a minute and more on a busy machine. */
const RUN_TIMEOUT = 240_000;

/** Tangled programs in a folder of their own. */
export interface Programs {
  /** Their folder: a path without a slash at its end. */
  readonly folder: string;
  readonly chapters: readonly Chapter[];
}

/**
 * Writes the programs of chapters.
 *
 * @param chapters The chapters.
 * @param folder An empty folder.
 * @returns The programs.
 * @throws {PageError} As `tangle`.
 */
export async function writePrograms(chapters: readonly Chapter[], folder: string): Promise<Programs> {
  const real = await Deno.realPath(folder);
  for (const chapter of chapters) {
    await Deno.writeTextFile(`${real}/${chapter.slug}.ts`, namingPage(chapter.slug, () => tangle(chapter.page)));
  }
  return { folder: real, chapters };
}

/**
 * Type-checks all programs together.
 *
 * @param programs The programs.
 * @param more Other files and options of `deno check`: what is checked together costs little more than one program.
 * @returns What the compiler says, empty if nothing.
 */
export async function typeCheck(programs: Programs, more: readonly string[] = []): Promise<string> {
  const { success, said } = await deno(programs, ["check", "-q", ...more, ...files(programs)]);
  return success ? "" : said;
}

/** Lints all programs together. Returns what the linter says, empty if nothing. */
export async function lint(programs: Programs): Promise<string> {
  const { success, said } = await deno(programs, ["lint", "-q", ...files(programs)]);
  return success ? "" : said;
}

/**
 * Runs the programs of chapters, one after the other in one process.
 *
 * @param programs All programs.
 * @param slugs The chapters.
 * @returns What the blocks of each chapter showed, or what the first one that failed threw.
 */
export async function run(
  programs: Programs,
  slugs: readonly string[],
): Promise<{ readonly outputs: readonly (readonly Recorded[])[] } | { readonly said: string }> {
  const { folder } = programs;
  const args = ["run", "-q", "--no-prompt", `--allow-read=.,${folder}`];
  const urls = slugs.map((slug) => `file://${folder}/${slug}.ts`);
  const program = fileURLToPath(new URL("run_program.ts", import.meta.url));
  const { success, out, said } = await deno(programs, [...args, program, ...urls]);
  return success ? { outputs: JSON.parse(out) } : { said };
}

function files({ folder, chapters }: Programs): string[] {
  return chapters.map(({ slug }) => `${folder}/${slug}.ts`);
}

async function deno({ folder, chapters }: Programs, [command = "", ...args]: readonly string[]) {
  const timeout = RUN_TIMEOUT * Math.max(chapters.length, 1);
  const config = fileURLToPath(new URL("deno.json", ROOT));
  const { code, stopped, out, err } = await runDeno([command, `--config=${config}`, ...args], {
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stop: AbortSignal.timeout(timeout),
  });
  const limit = stopped ? `stopped after ${timeout / 1000} s\n` : "";
  return { success: code === 0, out, said: limit + onPage(err, folder) };
}

/** Names the page instead of the program that was made of it. */
function onPage(said: string, folder: string): string {
  const program = new RegExp(`(?:file://)?${RegExp.escape(folder)}/(\\w+)\\.ts`, "g");
  return said.replace(program, "chapters/$1/README.md");
}
