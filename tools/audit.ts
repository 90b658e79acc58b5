/**
 * `deno task audit`: audits the page tables of a real machine: what is mapped, with which rights, and the findings.
 *
 * @module
 */

import { saveState } from "../core/dump/mod.ts";
import { type Linear, parseAddress } from "../core/mmu/mod.ts";
import { printLeafText, tablesOf } from "../core/tables/mod.ts";
import { audit, FINDINGS, type TablesAudit } from "../mod.ts";
import { printable, printableJson } from "../chapters/recorded/files/printable.ts";
import type { ReadState } from "../chapters/recorded/files/state.ts";
import { stateFiles, writeState } from "./capture/write.ts";
import { type Arguments, type Command, main, Misuse, oneOf, pathOf, type Streams } from "./command.ts";
import { writeWhole } from "./command/whole_file.ts";
import { auditListing } from "./inputs/listing/audit_listing.ts";
import { INPUT_HELP, INPUT_VALUES, inputOptions } from "./inputs/options.ts";
import { type Input, readInput } from "./inputs/read_input.ts";
import { compareStates, comparisonJson, comparisonText } from "./states/compare.ts";
import { findingsText } from "./states/findings_text.ts";
import { mapText } from "./states/map_text.ts";
import { auditText } from "./states/report.ts";
import { auditJson } from "./states/report_json.ts";
import { type Reported, reportedOf } from "./states/reported.ts";

/** The forms of output; the first screen without any of them. */
const FORMS = ["json", "leaves", "map", "frames", "findings"] as const;

const MORE =
  "--findings lists every place, --map the map, --frames the map with its frames; deno task explain FILE ADDRESS walks";

/** The command. */
export const auditCommand: Command = {
  name: "audit",
  words: 1,
  options: FORMS,
  values: [...INPUT_VALUES, "against", "kernel", "fail-on", "save", "out"],
  help:
    `Audits the page tables of a real machine: on one screen what it is, how much is mapped, what the tables cost, what is
wrong with them, and the regions of the address space.

usage: deno task audit FILE [--json | --leaves | --map | --frames | --findings] [options]
       deno task audit --against EARLIER FILE [--json]

  FILE              a state, or a moment of a recording: FILE@STEP, @end, @FUNCTION, @FUNCTION+3, "@write-to ADDRESS";
                    an ELF core, a dump of memory (raw, LiME), or text: info tlb, info mem, debugfs page_tables
                    (docs/inputs.md says how to get each)
${INPUT_HELP}  --json            print the same as JSON
  --findings        print every place of every finding
  --map             print the map; neighbours that differ only in their frames are one line (the rights are those that
                    all levels together leave: u user, r read, w write, x execute)
  --frames          print the map with all frames
  --leaves          print every leaf, a line each, as QEMU's "info tlb" does (flags: the leaf's own)
  --against EARLIER print what changed since an earlier state of the same machine, or moment of the same recording
  --kernel ADDRESS  first address of the kernel half (default: the upper half; in 32-bit modes a guess)
  --fail-on ID,...  exit 1 if one of these is found (docs/findings.md has the ids)
  --out PAGE.html   write a page with the address space as a map to zoom into (no request leaves it)
  --save NAME.json  write the tables as a state: NAME.json and NAME.pt.gz beside it
  --help            print this

Exit codes: 0 done, 1 a finding of --fail-on, 2 a file that cannot be used.

example: deno task audit tests/fixtures/kernels/linux61-amd64-4level.json
`,
  async run(args, streams) {
    const { words: [path = ""], options, values } = args;
    const forms = FORMS.filter((form) => options.has(form));
    if (forms.length > 1) {
      throw new Misuse(`expected one of --${FORMS.join(", --")} but found --${forms.join(" and --")}`);
    }
    refuseUnused(args, forms[0]);
    const failing = idsIn(values["fail-on"] ?? []);
    const input = await readInput(pathOf(path, streams), await inputOptions(args, streams));
    const earlier = values["against"]?.at(-1);
    if (earlier !== undefined) {
      return await compare(earlier, tablesIn(input, "--against"), options.has("json"), streams);
    }
    await save(args, input, streams);
    if (options.has("leaves")) {
      printLeafText(tablesOf(tablesIn(input, "--leaves").machine), streams.out);
      return 0;
    }
    const found = auditOf(input, values["kernel"]?.at(-1));
    const reported = reportedOf(input, found);
    const page = values["out"]?.at(-1);
    if (page !== undefined) await writePage(page, tablesIn(input, "--out"), reported, streams);
    streams.out(printed(forms[0], reported));
    return found.findings.some(({ id }) => failing.has(id)) ? 1 : 0;
  },
};

/** Refuses options that would be ignored: a comparison and a list of leaves are no audit. */
function refuseUnused({ values, options }: Arguments, form: typeof FORMS[number] | undefined): void {
  const against = values["against"] !== undefined;
  if (!against && form !== "leaves") return;
  const unused = against
    ? ["leaves", "map", "frames", "findings", "kernel", "fail-on", "out", "save"]
    : ["kernel", "fail-on", "out"];
  const found = unused.find((name) => options.has(name) || values[name] !== undefined);
  if (found === undefined) return;
  throw new Misuse(`expected --${against ? "against" : "leaves"} without --${found} but found both`);
}

function auditOf({ state, listed }: Input, kernel: string | undefined): TablesAudit {
  const half: Linear | undefined = kernel === undefined ? undefined : parseAddress(kernel);
  if (state === undefined) return auditListing(listed, half);
  return audit(state.machine, half === undefined ? {} : { kernelHalf: half });
}

function printed(form: typeof FORMS[number] | undefined, reported: Reported): string {
  const { found: { map, dropped }, mode, pat } = reported;
  if (form === "json") return `${printableJson(auditJson(reported), 1)}\n`;
  if (form === "findings") return findingsText(reported);
  if (form !== "map" && form !== "frames") return `${auditText(reported)}\n${MORE}\n`;
  const rest = dropped === 0 ? [] : [`... and ${dropped} ranges that this map has no room for`];
  return `${[...mapText(map, mode.linearBits, form === "frames", pat), ...rest].join("\n")}\n`;
}

/** The tables of an input, for what a map as text cannot do. */
function tablesIn({ state, listed }: Input, what: string): ReadState {
  if (state !== undefined) return state;
  throw new Misuse(`expected page tables for ${what} but found a map, from ${listed.source}`);
}

async function compare(earlier: string, { machine }: ReadState, json: boolean, streams: Streams): Promise<number> {
  const before = tablesIn(await readInput(pathOf(earlier, streams), { registers: {} }), "--against");
  const compared = compareStates(before.machine, machine);
  streams.out(`${json ? printableJson(comparisonJson(compared), 1) : comparisonText(compared)}\n`);
  return 0;
}

/** The code that makes the page is loaded only if the page is wanted. */
async function writePage(path: string, { machine }: ReadState, reported: Reported, streams: Streams): Promise<void> {
  const { auditPage } = await import("./states/page/page.ts");
  await writeWhole(pathOf(path, streams), await auditPage(machine, reported));
}

async function save({ values }: Arguments, input: Input, streams: Streams): Promise<void> {
  const path = values["save"]?.at(-1);
  if (path === undefined) return;
  const { machine, header: { description } } = tablesIn(input, "--save");
  const files = stateFiles(pathOf(path, streams), "--save");
  await writeState(
    files,
    await saveState(machine, { name: files.name, description: printable(description) }),
    "--save",
  );
}

/** The ids of `--fail-on`. */
function idsIn(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.flatMap((value) => value.split(",")).map((id) => oneOf(Object.keys(FINDINGS), id)));
}

if (import.meta.main) await main(auditCommand);
