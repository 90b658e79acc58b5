/**
 * Asks the live Xen again what is on record, and says where it differs:
 *
 *     deno run -A tools/reference/xen/check.ts random|claims|bits|machine [--fetch]
 *
 * `--fetch` lets apt-get download the hypervisor. Exit 0: no difference; 1: one; 2: a wrong argument; 3: packages are
 * missing, which are named.
 *
 * @module
 */
import { type AskOptions, askXen } from "./ask.ts";
import { type Guest, machineGuest, RANDOM_GUEST } from "../../../chapters/recorded/settle/guest.ts";
import type { RecordedOp, XenAnswer } from "../../../chapters/recorded/settle/op.ts";
import { readRecorded } from "../../../chapters/recorded/settle/file.ts";
import { SAMPLE_BOOT, SAMPLE_MACHINE } from "./sample_machine.ts";

/** The recordings that can be asked again. */
interface Check {
  readonly guest: Guest;
  readonly lines: readonly RecordedOp[];
}

const KEYS = ["rc", "fault", "pte_flags", "entry"] as const;
const FIXTURES = new URL("../../../tests/fixtures/xen/", import.meta.url);

const CHECKS: Readonly<Record<string, () => Promise<Check>>> = Object.freeze({
  random: () => recorded("pv64-xen417-seed201.jsonl.gz"),
  claims: () => recorded("claims-pv64-xen417.jsonl.gz"),
  bits: () => recorded("bits-pv64-xen417.jsonl.gz"),
  machine: () => Promise.resolve({ guest: machineGuest(SAMPLE_MACHINE), lines: SAMPLE_BOOT }),
});

async function recorded(file: string): Promise<Check> {
  return { guest: RANDOM_GUEST, lines: await readRecorded(new URL(file, FIXTURES)) };
}

/** The number of the first line that Xen answers otherwise than its line has it; -1 if there is none. */
export function firstDifference(lines: readonly RecordedOp[], answers: readonly XenAnswer[]): number {
  return lines.findIndex((line, i) => KEYS.some((key) => line[key] !== undefined && line[key] !== answers[i]?.[key]));
}

async function check({ guest, lines }: Check, options: AskOptions): Promise<{ code: number; said: string }> {
  const run = await askXen(guest, lines, options);
  if (run.outcome === "missing") return { code: 3, said: `apt-get install ${run.packages.join(" ")}` };
  const at = firstDifference(lines, run.answers);
  if (at >= 0) {
    const [expected, found] = [lines[at], run.answers[at] ?? "no answer"].map((value) => JSON.stringify(value));
    return { code: 1, said: `operation ${at}: expected ${expected} but found ${found}` };
  }
  if (run.outcome === "stopped") return { code: 1, said: run.console.join("\n") };
  return { code: 0, said: `Xen ${run.version}: ${lines.length} answers, ${run.seconds.toFixed(1)} s` };
}

async function main([name = "", ...flags]: readonly string[]): Promise<number> {
  const chosen = Object.hasOwn(CHECKS, name) ? await CHECKS[name]?.() : undefined;
  const fetch = flags[0] === "--fetch";
  const wrong = chosen === undefined || flags.length > (fetch ? 1 : 0);
  const { code, said } = wrong
    ? {
      code: 2,
      said: `expected ${Object.keys(CHECKS).join(", ")} and perhaps --fetch but found ${Deno.args.join(" ")}`,
    }
    : await check(chosen, { fetch });
  await Deno.stdout.write(new TextEncoder().encode(said + "\n"));
  return code;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
