/**
 * QEMU's software translation (TCG), as Debian packages it.
 *
 * @module
 */
import { decodeAnswers } from "./answers.ts";
import { encodeCases, FLAG_HIGH_RAM } from "./case_file.ts";
import { QEMU_DEVIATIONS } from "./deviations.ts";
import { assemble, NASM, type Need, runFor } from "./programs.ts";
import type { Reference } from "./reference.ts";
import { decodeSessions, encodeSessions } from "./sessions/session.ts";

const QEMU: Need = { file: "/usr/bin/qemu-system-x86_64", debianPackage: "qemu-system-x86" };
const SECONDS_A_RUN = 120;
/** The guest ends the run by a write of 0 to the debug-exit port, which QEMU reports as 2n + 1. */
const EXIT_BY_GUEST = 1;

/** 5 GiB, so that there is RAM above 4 GiB. They are a file in the folder of the run, from which the answers are read: only what is touched takes space. */
const MACHINE = [
  ...["-accel", "tcg", "-cpu", "max", "-m", "5G", "-nodefaults", "-display", "none"],
  ...["-object", "memory-backend-file,id=ram,size=5G,mem-path=ram.bin,share=on", "-machine", "memory-backend=ram"],
];

/** QEMU TCG 7.2 of Debian 12. */
export const qemu: Reference = {
  id: "qemu",
  name: "QEMU TCG",
  needs: [QEMU, NASM],
  modes: ["two-level", "pae", "4-level", "5-level"],
  abilities: { physicalBits: 40, protectionKeys: true, highRam: true },
  deviations: QEMU_DEVIATIONS,
  casesARun: 50_000,
  sessionsARun: 2_000,
  exactUpper: false,
  prepare,
  ask: async (cases, folder) => {
    return decodeAnswers(cases, await run(folder, "guest.bin", encodeCases(cases, FLAG_HIGH_RAM)));
  },
  askSessions: async (sessions, folder) => {
    return decodeSessions(sessions, await run(folder, "session.bin", encodeSessions(sessions, 0)));
  },
};

async function prepare(folder: string): Promise<void> {
  await assemble("guest.asm", `${folder}/guest.bin`);
  await assemble("session.asm", `${folder}/session.bin`);
}

/** Runs a guest on a file of cases, and returns its answers. */
async function run(folder: string, guest: string, cases: Uint8Array): Promise<Uint8Array> {
  await Deno.writeFile(`${folder}/cases.bin`, cases);
  const { code, said } = await runFor(QEMU.file, [
    ...MACHINE,
    ...["-kernel", guest, "-initrd", "cases.bin"],
    ...["-chardev", "file,id=place,path=place.bin", "-device", "isa-debugcon,iobase=0xe9,chardev=place"],
    ...["-device", "isa-debug-exit,iobase=0xf4,iosize=4"],
  ], { cwd: folder, seconds: SECONDS_A_RUN });
  if (code !== EXIT_BY_GUEST) throw new Error(`Expected QEMU to be ended by the guest but found exit ${code}: ${said}`);
  const answers = await answersIn(folder);
  await Deno.remove(`${folder}/ram.bin`); // the next run begins with memory of zeros
  return answers;
}

/** The answers, from where in memory the guest has said that they are. */
async function answersIn(folder: string): Promise<Uint8Array> {
  const place = new DataView((await Deno.readFile(`${folder}/place.bin`)).buffer);
  using memory = await Deno.open(`${folder}/ram.bin`);
  await memory.seek(place.getUint32(0, true), Deno.SeekMode.Start);
  const answers = new Uint8Array(place.getUint32(4, true));
  for (let at = 0; at < answers.length;) {
    const read = await memory.read(answers.subarray(at));
    if (read === null) throw new Error(`Expected ${answers.length} bytes of answers but found ${at}`);
    at += read;
  }
  return answers;
}
