/**
 * The version of a QEMU.
 *
 * @module
 */

import { Misuse } from "../command.ts";
import { run } from "../command/process.ts";

const FIRST_WITH_PLUGINS = 7;

/**
 * Asks a QEMU for its version.
 *
 * @param program The program.
 * @returns Such as `7.2.22`.
 * @throws {Misuse} If it is not there, no QEMU, or too old.
 */
export async function qemuVersion(program: string): Promise<string> {
  const { out } = await asked(program);
  const [, version] = /version (\d+\.\d+[.\d]*)/.exec(out) ?? [];
  if (version === undefined) {
    throw new Misuse(`expected ${program} to say its version but found "${out.slice(0, 60).trim()}"`);
  }
  if (parseInt(version, 10) >= FIRST_WITH_PLUGINS) return version;
  throw new Misuse(`expected QEMU ${FIRST_WITH_PLUGINS} or newer but found ${version}`);
}

async function asked(program: string): Promise<{ readonly out: string }> {
  try {
    return await run(program, ["-version"]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Misuse(`expected ${program} but found none; install QEMU`);
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    const name = program.split("/").at(-1);
    throw new Misuse(
      `expected the ${name} that the search path has, since this task may start no other, but found ${program}`,
    );
  }
}
