/**
 * Captures the guest of `features.asm` in each mode and build, audits it, and prints what it finds.
 *
 *     deno run -A tests/tools/live/features_guests.ts [FOLDER]
 *
 * With a folder it keeps the states there. Exit 3: a program is missing, which stderr names.
 *
 * @module
 */

import { audit } from "@pagetable-init/textbook";
import { readState } from "../../../chapters/recorded/files/state.ts";
import { missingPackages } from "../../../tools/reference/live/programs.ts";
import { BUILDS, FEATURES, findingsOf } from "./features.ts";
import { captured, GUEST_MODES, GUEST_NEEDS, print, withGuest } from "./guest.ts";

async function main(kept: string | undefined): Promise<number> {
  const missing = await missingPackages(GUEST_NEEDS);
  if (missing.length > 0) {
    await print(Deno.stderr, `no live guest here: apt-get install ${missing.join(" ")}`);
    return 3;
  }
  for (const { name, mode, build } of FEATURES) {
    const folder = await Deno.makeTempDir();
    try {
      const defines = { MODE: GUEST_MODES.indexOf(mode), BUILD: BUILDS.indexOf(build) };
      await withGuest({ source: "features.asm", defines, folder }, async () => {
        await captured(folder, name, "--description", `A guest of our own, ${mode} paging: ${build}`);
      });
      const { machine } = await readState(`${folder}/${name}.json`);
      await print(Deno.stdout, JSON.stringify([name, machine.mode?.id, findingsOf(audit(machine))]));
      if (kept === undefined) continue;
      for (const suffix of ["json", "pt.gz"]) {
        await Deno.copyFile(`${folder}/${name}.${suffix}`, `${kept}/${name}.${suffix}`);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args[0]));
