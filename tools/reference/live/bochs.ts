/**
 * Bochs, as Debian packages it.
 *
 * Three things make it awkward. Its build has no display library for a machine without a screen, so it draws on a
 * pseudo-terminal that `script` provides; it has the debugger, which must be told to continue; and a memory image of more
 * than 128 KiB is not loaded whole, and there are three besides the guest's: so cases go in chunks of 3,000. Its BIOS takes a third of a second
 * of processor time before the guest runs.
 *
 * @module
 */
import { decodeAnswers } from "./answers.ts";
import { encodeCases, FLAG_PARALLEL } from "./case_file.ts";
import { assemble, NASM, type Need, runFor } from "./programs.ts";
import type { Reference } from "./reference.ts";
import { decodeSessions, encodeSessions } from "./sessions/session.ts";

const BOCHS: Need = { file: "/usr/bin/bochs", debianPackage: "bochs" };
const SCRIPT: Need = { file: "/usr/bin/script", debianPackage: "bsdutils" };
const NEEDS: readonly Need[] = [
  BOCHS,
  { file: "/usr/lib/x86_64-linux-gnu/bochs/plugins/libbx_term_gui.so", debianPackage: "bochs-term" },
  { file: "/usr/share/bochs/BIOS-bochs-latest", debianPackage: "bochsbios" },
  { file: "/usr/share/bochs/VGABIOS-lgpl-latest", debianPackage: "vgabios" },
  NASM,
  SCRIPT,
];
const FLOPPY_BYTES = 1_474_560;
const SECONDS_A_RUN = 120;
/** Bytes of a memory image that Bochs loads whole, and the images that the file of cases may fill. */
const IMAGE_BYTES = 2 ** 17;
const IMAGES = 3;
/** Where the guest finds its cases. */
const CASES_AT = 0x0180_0000;

/** The configuration for a guest, with the names of the images that the file of cases is cut into. */
const configuration = (guest: string, images: readonly string[]): string =>
  `megs: 256
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
optramimage1: file=${guest}, address=0x00100000
${images.map((file, i) => `optramimage${i + 2}: file=${file}, address=${CASES_AT + i * IMAGE_BYTES}`).join("\n")}
floppya: 1_44=boot.img, status=inserted
boot: floppy
log: bochs.log
display_library: term
cpu: model=broadwell_ult, count=1, ips=1000000
clock: sync=none
parport1: enabled=1, file=answers.bin
`;

/**
 * Bochs 2.7 of Debian 12, as a Broadwell.
 *
 * It is not asked about protection keys. Its Ice Lake has them, but 2.7 lets the write-disable bit stop writes to supervisor
 * pages and the access-disable bit stop user accesses only; section 4.6.2 of the manual, and QEMU, have it the other way.
 */
export const bochs: Reference = {
  id: "bochs",
  name: "Bochs",
  needs: NEEDS,
  modes: ["two-level", "pae", "4-level"],
  abilities: { physicalBits: 40, protectionKeys: false, highRam: false },
  deviations: [],
  casesARun: 3000,
  sessionsARun: 240,
  exactUpper: true,
  prepare,
  ask: (cases, folder) =>
    run(folder, "guest.bin", encodeCases(cases, FLAG_PARALLEL), (answers) => decodeAnswers(cases, answers)),
  askSessions: (sessions, folder) =>
    run(
      folder,
      "session.bin",
      encodeSessions(sessions, FLAG_PARALLEL),
      (answers) => decodeSessions(sessions, answers),
    ),
};

async function prepare(folder: string): Promise<void> {
  await assemble("guest.asm", `${folder}/guest.bin`);
  await assemble("boot.asm", `${folder}/boot.img`);
  await Deno.truncate(`${folder}/boot.img`, FLOPPY_BYTES);
  await assemble("session.asm", `${folder}/session.bin`);
  await Deno.writeTextFile(`${folder}/debugger`, "c\n");
}

/** Runs a guest on a file of cases. */
async function run<T>(
  folder: string,
  guest: string,
  cases: Uint8Array,
  decode: (answers: Uint8Array) => T,
): Promise<T> {
  const most = IMAGES * IMAGE_BYTES;
  if (cases.length > most) throw new RangeError(`Expected at most ${most} bytes but found ${cases.length}`);
  const images = Array.from({ length: Math.ceil(cases.length / IMAGE_BYTES) }, (_, i) => `cases${i}.bin`);
  await Promise.all(images.map(async (file, i) => {
    await Deno.writeFile(`${folder}/${file}`, cases.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES));
  }));
  await Deno.writeTextFile(`${folder}/bochsrc`, configuration(guest, images));
  await Deno.writeFile(`${folder}/answers.bin`, new Uint8Array());
  const command = "TERM=linux exec bochs -q -f bochsrc -rc debugger";
  const { said } = await runFor(SCRIPT.file, ["-qefc", command, "/dev/null"], { cwd: folder, seconds: SECONDS_A_RUN });
  try {
    return decode(await Deno.readFile(`${folder}/answers.bin`));
  } catch (cause) {
    throw new Error(`Expected Bochs to answer; it ended with: ${said.slice(-500)}`, { cause });
  }
}
