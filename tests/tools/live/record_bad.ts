/**
 * Guests that cannot be recorded: what is said, and that nothing is written. A line each: exit code, complaint, files.
 *
 *     deno run -A tests/tools/live/record_bad.ts
 *
 * Exit 3: a program is missing, which stderr names.
 *
 * @module
 */

import { recordCommand } from "../../../tools/record.ts";
import { missingPackages } from "../../../tools/reference/live/programs.ts";
import { runIn } from "../run_here.ts";

const QEMU = { file: "/usr/bin/qemu-system-x86_64", debianPackage: "qemu-system-x86" };
const GCC = { file: "/usr/bin/gcc", debianPackage: "gcc" };

/** A program by the name of QEMU that says what one without plugins says. */
const WITHOUT_PLUGINS = `#!/bin/sh
[ "$1" = -version ] && echo "QEMU emulator version 7.2.22" && exit
echo "qemu-system-x86_64: -plugin x: invalid option" >&2
exit 1
`;
const OLD = `#!/bin/sh\necho "QEMU emulator version 4.2.1"\n`;

/** What is recorded, and a script that takes QEMU's place. */
const CASES: readonly { readonly args: readonly string[]; readonly script?: string; readonly path?: string }[] = [
  { args: ["-nodefaults", "-kernel", "nowhere"] },
  { args: ["-nodefaults", "-m", "16M"] },
  { args: [], script: WITHOUT_PLUGINS },
  { args: [], script: OLD },
  { args: ["-nodefaults"], path: "nothing" },
];

async function tried({ args, script, path }: typeof CASES[number]): Promise<string> {
  const folder = await Deno.makeTempDir();
  const before = Deno.env.get("PATH") ?? "";
  const cache = Deno.env.get("XDG_CACHE_HOME");
  try {
    const program = script === undefined ? QEMU.file : `${folder}/qemu-system-x86_64`;
    if (script !== undefined) await Deno.writeTextFile(program, script, { mode: 0o755 });
    if (path !== undefined) {
      Deno.env.set("PATH", `${folder}/${path}`);
      Deno.env.set("XDG_CACHE_HOME", `${folder}/cache`);
    }
    const options = ["--out", "guest.rec", "--until", "stores:100000", "--until", "20s"];
    const { code, err } = await runIn({ folder }, recordCommand, ...options, "--", program, ...args);
    const left = [...Deno.readDirSync(folder)].filter(({ name }) => name.includes("guest.rec"));
    return `${code} ${left.length} ${err.trim().replaceAll(folder, "")}`;
  } finally {
    Deno.env.set("PATH", before);
    if (cache === undefined) Deno.env.delete("XDG_CACHE_HOME");
    else Deno.env.set("XDG_CACHE_HOME", cache);
    await Deno.remove(folder, { recursive: true });
  }
}

async function main(): Promise<number> {
  const missing = await missingPackages([QEMU, GCC]);
  const print = (stream: typeof Deno.stdout, text: string) => stream.write(new TextEncoder().encode(`${text}\n`));
  if (missing.length > 0) {
    await print(Deno.stderr, `no guest to record here: apt-get install ${missing.join(" ")}`);
    return 3;
  }
  for (const one of CASES) await print(Deno.stdout, await tried(one));
  return 0;
}

if (import.meta.main) Deno.exit(await main());
