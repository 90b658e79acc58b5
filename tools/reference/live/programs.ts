/**
 * The programs that a live run starts, and the Debian packages that bring them.
 *
 * @module
 */

import { run } from "../../command/process.ts";

/** A file that must be there, and the Debian package that has it. */
export interface Need {
  readonly file: string;
  readonly debianPackage: string;
}

/** The packages of the needs that are not met. */
export async function missingPackages(needs: readonly Need[]): Promise<string[]> {
  const missing = new Set<string>();
  for (const { file, debianPackage } of needs) {
    const found = await Deno.stat(file).then(() => true, () => false);
    if (!found) missing.add(debianPackage);
  }
  return [...missing];
}

/** Runs a program in a folder, its input empty. It is stopped after `seconds`. */
export async function runFor(
  program: string,
  args: readonly string[],
  { cwd, seconds }: { cwd: string; seconds: number },
): Promise<{ readonly code: number; readonly said: string }> {
  const { code, out, err } = await run(program, args, {
    cwd,
    env: { TMPDIR: cwd },
    stop: AbortSignal.timeout(seconds * 1000),
  });
  return { code, said: (out + err).trim() };
}

/** Assembles one source of the guest into a flat file. */
export async function assemble(source: string, output: string): Promise<void> {
  const guest = decodeURIComponent(new URL("guest/", import.meta.url).pathname);
  const { code, said } = await runFor(NASM.file, ["-f", "bin", "-I", guest, "-o", output, guest + source], {
    cwd: guest,
    seconds: 30,
  });
  if (code !== 0) throw new Error(`Expected nasm to assemble ${source} but found: ${said}`);
}

/** The assembler. */
export const NASM: Need = { file: "/usr/bin/nasm", debianPackage: "nasm" };
