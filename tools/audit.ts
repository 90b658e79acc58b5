/**
 * `deno task audit`: the page tables of a real machine: what is mapped, with which rights, and what is wrong with them.
 *
 * @module
 */

import { parseAddress } from "../core/mmu/mod.ts";
import { printLeaves, tablesOf } from "../core/tables/mod.ts";
import { audit, FINDINGS } from "../mod.ts";
import { type Command, main, Misuse, pathOf, type Streams } from "./command.ts";
import { printableJson } from "../chapters/recorded/files/printable.ts";
import { readStateOrMoment } from "../chapters/recorded/files/state.ts";
import { compareStates, comparisonJson, comparisonText } from "./states/compare.ts";
import { auditJson, auditText } from "./states/report.ts";

const LINES_AT_ONCE = 4096;

/** The command. */
export const auditCommand: Command = {
  name: "audit",
  words: 1,
  options: ["json", "leaves", "map"],
  values: ["against", "kernel", "fail-on"],
  help:
    `Audits the page tables of a real machine: the address space as ranges (addresses, frames, page size, and the rights
that all levels together leave: u user, r read, w write, x execute), and what is wrong with them.

usage: deno task audit STATE.json [--json] [--leaves] [--map] [--kernel ADDRESS] [--fail-on ID,...]
       deno task audit --against EARLIER.json STATE.json [--json]

  STATE.json        a state, or a moment of a recording: FILE@STEP, @end, @FUNCTION, @FUNCTION+3, "@write-to ADDRESS"
  --json            print the same as JSON
  --leaves          print every leaf instead, a line each, as QEMU's "info tlb" does (flags: the leaf's own)
  --map             print the whole map, with all frames: else neighbours that differ in their frames alone are one
                    line, and there are at most 400
  --against EARLIER print what changed since an earlier state of the same machine, or moment of the same recording
  --kernel ADDRESS  where the kernel's half begins (default: the upper half; in 32-bit modes a guess)
  --fail-on ID,...  exit 1 if one of these is found (docs/findings.md has the ids)
  --help            print this

Exit codes: 0 done, 1 a finding of --fail-on, 2 a file that cannot be used.

example: deno task audit tests/fixtures/kernels/linux61-amd64-4level.json
`,
  async run({ words: [path = ""], options, values }, streams) {
    if (options.has("json") && options.has("leaves")) throw new Misuse("expected --json or --leaves but found both");
    const failing = idsIn(values["fail-on"] ?? []);
    const state = await readStateOrMoment(pathOf(path, streams));
    const earlier = values["against"]?.at(-1);
    if (earlier !== undefined) {
      const compared = compareStates((await readStateOrMoment(pathOf(earlier, streams))).machine, state.machine);
      streams.out(`${options.has("json") ? printableJson(comparisonJson(compared), 1) : comparisonText(compared)}\n`);
      return 0;
    }
    if (options.has("leaves")) return leaves(tablesOf(state.machine), streams);
    const kernel = values["kernel"]?.at(-1);
    const found = audit(state, kernel === undefined ? {} : { kernelHalf: parseAddress(kernel) });
    const text = options.has("json")
      ? printableJson(auditJson(state, found), 1)
      : auditText(state, found, options.has("map"));
    streams.out(`${text}\n`);
    return found.findings.some(({ id }) => failing.has(id)) ? 1 : 0;
  },
};

/** The ids of `--fail-on`, each of which there is. */
function idsIn(values: readonly string[]): ReadonlySet<string> {
  const ids = values.flatMap((value) => value.split(","));
  const known = Object.keys(FINDINGS);
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    throw new Misuse(`expected --fail-on to be out of ${known.join(", ")} but found ${stranger}`);
  }
  return new Set(ids);
}

function leaves(tables: ReturnType<typeof tablesOf>, { out }: Streams): number {
  let lines: string[] = [];
  const flush = () => {
    out(lines.join(""));
    lines = [];
  };
  printLeaves(tables, (line) => {
    if (lines.push(`${line}\n`) === LINES_AT_ONCE) flush();
  });
  flush();
  return 0;
}

if (import.meta.main) await main(auditCommand);
