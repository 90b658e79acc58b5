/**
 * Captures live guests in all four paging modes, over QMP and by a gdb stub, and compares every leaf with QEMU's own listing.
 *
 *     deno run -A tests/tools/live/capture_guests.ts
 *
 * Exit 0: all equal; 1: a difference; 3: a program is missing, which stderr names.
 *
 * @module
 */

import { auditCommand } from "../../../tools/audit.ts";
import { captureCommand } from "../../../tools/capture.ts";
import { Qmp } from "../../../tools/capture/qmp.ts";
import { missingPackages } from "../../../tools/reference/live/programs.ts";
import { runIn } from "../run_here.ts";
import { captured, GUEST_MODES, GUEST_NEEDS, type GuestMode, print, withGuest } from "./guest.ts";

const GDB_AND_TWO_CPUS = ["-gdb", "unix:gdb.sock,server=on,wait=off", "-smp", "2"];

/** QEMU's own leaves, without bit 63, which 7.2 leaves in the physical address. */
async function listing(folder: string): Promise<string> {
  using connection = await Deno.connect({ transport: "unix", path: `${folder}/qmp.sock` });
  const qmp = await Qmp.open(connection);
  const lines = (await qmp.monitor("info tlb")).trimEnd().split(/\r?\n/);
  return lines.map((line) => line.replace(/(?<=: )[0-9a-f]{16}/, (it) => masked(it))).join("\n") + "\n";
}

function masked(digits: string): string {
  return (BigInt(`0x${digits}`) & (2n ** 52n - 1n)).toString(16).padStart(16, "0");
}

async function compare(mode: GuestMode, folder: string): Promise<string | undefined> {
  const { out } = await captured(folder, mode);
  if (!out.startsWith(`${mode} paging, `)) return `found ${out.trim()}`;
  const expected = await listing(folder);
  for (
    const [words, name] of [[["qmp.sock"], "qmp"], [["gdb:gdb.sock"], "gdb"], [
      ["qmp.sock", "--cpu", "all"],
      "all",
    ]] as const
  ) {
    const ended = await runIn({ folder }, captureCommand, ...words, "--out", `${name}.json`);
    if (ended.code !== 0) return `found ${ended.err.trim()}`;
    const file = name === "all" ? "all-cpu0.json" : `${name}.json`;
    const leaves = await runIn({ folder }, auditCommand, file, "--leaves");
    if (leaves.out !== expected) return `leaves differ from QEMU's: ${words.join(" ")}`;
  }
  return undefined;
}

async function main(): Promise<number> {
  const missing = await missingPackages(GUEST_NEEDS);
  if (missing.length > 0) {
    await print(Deno.stderr, `no live guest here: apt-get install ${missing.join(" ")}`);
    return 3;
  }
  let differences = 0;
  for (const [i, mode] of GUEST_MODES.entries()) {
    const folder = await Deno.makeTempDir();
    try {
      const guest = { source: "guest.asm", defines: { MODE: i }, folder, args: GDB_AND_TWO_CPUS };
      const difference = await withGuest(guest, () => compare(mode, folder));
      await print(Deno.stdout, `${mode}: ${difference ?? "every leaf is QEMU's"}`);
      if (difference !== undefined) differences++;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  return differences === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
