/**
 * The guest of our own that tests record.
 *
 * @module
 */

import { NASM, type Need, runFor } from "../../../tools/reference/live/programs.ts";

/** QEMU. */
export const QEMU: Need = { file: "/usr/bin/qemu-system-x86_64", debianPackage: "qemu-system-x86" };
/** What it takes to build and record the guest. */
export const NEEDS: readonly Need[] = [QEMU, NASM, { file: "/usr/bin/gcc", debianPackage: "gcc" }];

const SOURCE = decodeURIComponent(new URL("recorded.asm", import.meta.url).pathname);

/**
 * Builds the guest: `guest.bin`, and its symbols in `guest.map`.
 *
 * @param folder Where they go.
 * @param mode Number of the paging mode, 0 to 3.
 * @param defect Number of the planted mistake, 0 for none.
 */
export async function buildGuest(folder: string, mode: number, defect: number): Promise<void> {
  const define = [`-dMODE=${mode}`, `-dDEFECT=${defect}`, "-dSYMBOLS=guest.names"];
  const { code, said } = await runFor(NASM.file, ["-f", "bin", ...define, "-o", "guest.bin", SOURCE], {
    cwd: folder,
    seconds: 30,
  });
  if (code !== 0) throw new Error(`Expected nasm to assemble the guest but found: ${said}`);
  const names = await Deno.readTextFile(`${folder}/guest.names`);
  const lines = [...names.matchAll(/^ +[0-9A-F]+ +([0-9A-F]+) +([a-z_]+)$/gm)].map(([, at = "", name]) =>
    `${at.padStart(8, "0").toLowerCase()} T ${name}\n`
  );
  await Deno.writeTextFile(`${folder}/guest.map`, lines.join(""));
}
