/**
 * QEMU's software translation (TCG), as Debian packages it.
 *
 * @module
 */
import { type Answer, decodeAnswers } from "./answers.ts";
import { type AccessCase, encodeCases, FLAG_HIGH_RAM } from "./case_file.ts";
import { QEMU_DEVIATIONS } from "./deviations.ts";
import { assemble, NASM, type Need, runFor } from "./programs.ts";
import type { Reference } from "./reference.ts";

const QEMU: Need = { file: "/usr/bin/qemu-system-x86_64", debianPackage: "qemu-system-x86" };
const SECONDS_A_RUN = 120;
/** The guest ends the run by a write of 0 to the debug-exit port, which QEMU reports as 2n + 1. */
const EXIT_BY_GUEST = 1;

/** 5 GiB, so that there is RAM above 4 GiB; only what is touched is committed. */
const MACHINE = ["-accel", "tcg", "-cpu", "max", "-m", "5G", "-nodefaults", "-display", "none"];

/** QEMU TCG 7.2 of Debian 12. */
export const qemu: Reference = {
  id: "qemu",
  name: "QEMU TCG",
  needs: [QEMU, NASM],
  modes: ["two-level", "pae", "4-level", "5-level"],
  abilities: { physicalBits: 40, protectionKeys: true, highRam: true },
  deviations: QEMU_DEVIATIONS,
  casesARun: 50_000,
  prepare: (folder: string) => assemble("guest.asm", `${folder}/guest.bin`),
  ask,
};

async function ask(cases: readonly AccessCase[], folder: string): Promise<Answer[]> {
  await Deno.writeFile(`${folder}/cases.bin`, encodeCases(cases, FLAG_HIGH_RAM));
  const { code, said } = await runFor(QEMU.file, [
    ...MACHINE,
    ...["-kernel", "guest.bin", "-initrd", "cases.bin"],
    ...["-chardev", "file,id=answers,path=answers.bin", "-device", "isa-debugcon,iobase=0xe9,chardev=answers"],
    ...["-device", "isa-debug-exit,iobase=0xf4,iosize=4"],
  ], { cwd: folder, seconds: SECONDS_A_RUN });
  if (code !== EXIT_BY_GUEST) throw new Error(`Expected QEMU to be ended by the guest but found exit ${code}: ${said}`);
  return decodeAnswers(cases, await Deno.readFile(`${folder}/answers.bin`));
}
