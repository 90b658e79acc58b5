/**
 * Records a guest where a disk is full: that of the guest's memory, that of the log, that of the recording. The disks are mounts that only this sees.
 *
 *     deno run -A tests/tools/live/record_full.ts
 *
 * A line each: exit code, what was said, files left in the folder of the recording. Exit 3: it cannot be tried here, and stderr says why.
 *
 * @module
 */

import { run } from "../../../tools/command/process.ts";
import { missingPackages } from "../../../tools/reference/live/programs.ts";
import { taskLines, taskNamed } from "../task_lines.ts";
import { buildGuest, NEEDS, QEMU } from "./recorded_guest.ts";

const PAGE = 4096;
const ROOMY = 2 ** 26;

/** Where the disk is how small, in bytes; the rest is on the disk of the project. */
type Disk = Readonly<Partial<Record<"tmp" | "out", number>>>;

/** What a run said, and the most that its disk for temporary files held. */
interface Tried {
  readonly line: string;
  readonly used: number;
}

/** Looks at a disk all the time; the last line of its file is the most that was on it. */
const WATCH = `m=0
while :; do n=$(df -B1 --output=used "$FOLDER/tmp" | tail -1); [ "$n" -gt "$m" ] && m=$n && echo "$m"; done`;

async function tried(disk: Disk): Promise<Tried> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await buildGuest(folder, 0, 0);
    for (const made of ["tmp", "out"]) await Deno.mkdir(`${folder}/${made}`);
    const { flags, program } = taskNamed(await taskLines(), "record");
    const options = ["--out", "out/guest.rec", "--until", "20s", "--until", "serial:done"];
    const guest = ["-m", "64M", "-cpu", "max", "-nodefaults", "-kernel", `${folder}/guest.bin`];
    const words = [Deno.execPath(), "run", "-q", ...flags, ...program, ...options, "--", QEMU.file, ...guest];
    const script = [
      ...Object.entries(disk).map(([name, size]) => `mount -t tmpfs -o size=${size} none $FOLDER/${name}`),
      `echo old > $FOLDER/out/old || exit`,
      `setsid sh -c '${WATCH}' > $FOLDER/used & watch=$!`,
      `${words.map((word) => `'${word}'`).join(" ")} > /dev/null`,
      "echo $?; ls -A $FOLDER/out",
      "kill -- -$watch",
    ];
    const { out, err } = await run("unshare", ["-m", "sh", "-c", script.join("\n")], {
      env: { FOLDER: folder, TMPDIR: `${folder}/tmp`, INIT_CWD: folder, NO_COLOR: "1" },
    });
    const said = err.trim().split("\n").at(-1) ?? "";
    const used = (await Deno.readTextFile(`${folder}/used`)).trim().split("\n").at(-1);
    return { line: `${out.trim().replaceAll("\n", " ")}; ${said.replaceAll(folder, "")}`, used: Number(used) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function print(stream: typeof Deno.stdout, line: string): Promise<void> {
  await stream.write(new TextEncoder().encode(`${line}\n`));
}

async function main(): Promise<number> {
  const missing = await missingPackages(NEEDS);
  const isPermitted = await run("unshare", ["-m", "true"]).then(({ code }) => code === 0, () => false);
  if (missing.length > 0 || !isPermitted) {
    const why = isPermitted ? `apt-get install ${missing.join(" ")}` : "unshare -m is not permitted";
    await print(Deno.stderr, `no full disk to record on here: ${why}`);
    return 3;
  }
  const roomy = await tried({ tmp: ROOMY, out: ROOMY });
  await print(Deno.stdout, roomy.line);
  // The log is written last, and is longer than a page.
  const disks = [{ tmp: roomy.used / 2 }, { tmp: roomy.used - PAGE }, { out: PAGE }];
  for (const disk of disks) await print(Deno.stdout, (await tried(disk)).line);
  return 0;
}

if (import.meta.main) Deno.exit(await main());
