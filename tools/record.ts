/**
 * `deno task record`: every store to a page table of a guest of QEMU, as a recording that `blame`, `timeline`, `audit` and `explain` read.
 *
 * @module
 */

import { dirname } from "node:path";
import { printable } from "../chapters/recorded/files/printable.ts";
import { readBounded } from "../chapters/recorded/files/read_bounded.ts";
import { END_REASONS, type Log } from "../core/recording/log.ts";
import { parseAddress } from "../core/mmu/mod.ts";
import { type Arguments, type Command, main, Misuse, pathOf, type Streams } from "./command.ts";
import { cacheFolder } from "./command/cache.ts";
import { withScratch } from "./command/scratch.ts";
import { writeWhole } from "./command/whole_file.ts";
import { encodeRecording } from "./record/encode.ts";
import { sparseFile } from "./record/control.ts";
import { parseGuest } from "./record/guest.ts";
import { findKernel } from "./record/kallsyms.ts";
import { compiledPlugin } from "./record/plugin.ts";
import { readRawLog } from "./record/raw_log.ts";
import { type Ended, runGuest } from "./record/run_guest.ts";
import { parseSymbols, type Symbol, writerNames } from "./record/symbols.ts";
import { parseUntil, type Until } from "./record/until.ts";
import { qemuVersion } from "./record/version.ts";

/** Records that the log may have: half a gigabyte. */
const MAX_RECORDS = 16_000_000;
const MAX_SYMBOL_FILE = 2 ** 30;
/** Exit code of a program that stored to a file for which its disk has no room (SIGBUS). */
const NO_ROOM = 135;

/** The command. */
export const recordCommand: Command = {
  name: "record",
  words: "any",
  options: [],
  values: ["out", "until", "symbols", "root", "description"],
  help:
    `Runs a guest in QEMU and records every store to a page table: which entry, old and new value, and which instruction
stored. Page tables are what is linked below the roots that CR3 ever held. "blame", "timeline", "audit" and "explain" read it.

usage: deno task record --out FILE [--until END]... [--symbols FILE]... [--root ADDRESS]... [--description TEXT]
                        -- qemu-system-x86_64 ARGUMENTS

  --out FILE          file for the recording
  --until END         when to end: after 20s (ms, s, m), stores:N (stores of the whole guest), symbol:NAME (before it
                      is executed; 0x and an address will do), serial:TEXT (when it appears on the serial line)
  --symbols FILE      names of the guest's functions: a System.map or an ELF file. Those of Linux are found in its memory
  --root ADDRESS      physical address of a root table that CR3 never holds
  --description TEXT  what ran, for the recording's first line
  --help              print this

Ctrl-C ends a recording too, and loses nothing. The recorder is compiled by gcc, once. The guest runs on TCG and has at most 2G.

Exit codes: 0 done, 2 no QEMU with plugins, no gcc, a guest without page tables, or a file that cannot be written.

example: deno task record --out boot.rec --until serial:Freeing -- qemu-system-i386 -m 128M -kernel vmlinuz -append console=ttyS0
`,
  async run(args, streams) {
    const out = args.values["out"]?.at(-1);
    if (out === undefined) {
      throw new Misuse("expected --out and a file for the recording but found none; see deno task record --help");
    }
    const guest = parseGuest(args.words);
    const symbols = await symbolsIn(args, streams);
    const until = parseUntil(args.values["until"] ?? [], symbols);
    const version = await qemuVersion(guest.program);
    const plugin = await compiledPlugin(version, `${cacheFolder()}/record`);
    return await withScratch(async (folder) => {
      const wiring = { plugin, folder, more: optionsOf(args, until) };
      sparseFile(`${folder}/ram`, guest.ramBytes).close();
      const ended = await runGuest(guest, wiring, until, streams);
      if (ended.code === NO_ROOM) throw new Misuse(noRoom(`memory of ${guest.ramBytes / 2 ** 20}M`, folder));
      const kernel = await findKernel(`${folder}/ram`);
      const description = descriptionOf(args, kernel.banner, version);
      const log = await readLog(`${folder}/log`, { description, ramBytes: guest.ramBytes }, [
        ...symbols,
        ...kernel.symbols,
      ], ended);
      const isFull = END_REASONS[ended.reason - 1] === "the disk was full";
      if (isFull && log.stores.length === 0) throw new Misuse(noRoom("log", folder));
      checkTables(log, ended);
      await write(pathOf(out, streams), log);
      if (isFull) throw new Misuse(`${noRoom("log", folder)}; what it holds is in ${out}`);
      streams.out(summary(out, log, ended));
      return 0;
    });
  },
};

async function symbolsIn({ values }: Arguments, streams: Streams): Promise<Symbol[]> {
  const symbols: Symbol[] = [];
  for (const path of values["symbols"] ?? []) {
    symbols.push(...parseSymbols(await readBounded(pathOf(path, streams), MAX_SYMBOL_FILE)));
  }
  return symbols;
}

function optionsOf({ values }: Arguments, { stores, symbols }: Until): string[] {
  const roots = (values["root"] ?? []).map((text) => parseAddress(text)).map(({ hi, lo }) => hi * 2 ** 32 + lo);
  return [
    `records=${MAX_RECORDS}`,
    ...(Number.isFinite(stores) ? [`stores=${stores}`] : []),
    ...symbols.map((address) => `stop=${address.toString(16)}`),
    ...roots.map((root) => `root=${root.toString(16)}`),
  ];
}

function descriptionOf({ values }: Arguments, banner: string | undefined, version: string): string {
  return printable(values["description"]?.at(-1) ?? `${banner ?? "a guest"} in QEMU ${version}`);
}

async function readLog(path: string, header: Log["header"], symbols: readonly Symbol[], ended: Ended): Promise<Log> {
  const file = await Deno.open(path).catch(() => undefined);
  if (file === undefined) throw new Misuse(complaintOf(ended));
  const log = await readRawLog(file.readable, header, writerNames(symbols));
  const reason = END_REASONS[ended.reason - 1];
  return log.end !== undefined || reason === undefined ? log : { ...log, end: { reason, stores: ended.stores } };
}

function checkTables({ stores }: Log, ended: Ended): void {
  if (stores.length > 0) return;
  if (ended.code !== 0) throw new Misuse(complaintOf(ended));
  throw new Misuse(
    `expected a guest that uses page tables but found none in ${ended.stores} stores: it ended, or was ended, before it switched paging on`,
  );
}

/** The folder is the one for temporary files: TMPDIR. */
function noRoom(what: string, folder: string): string {
  return `expected room for the guest's ${what} in ${
    dirname(folder)
  } but its disk is full; TMPDIR names another folder`;
}

/** Why QEMU ran no guest. */
function complaintOf({ complaint, code }: Ended): string {
  if (/plugin.*invalid option|invalid option.*plugin/i.test(complaint.replaceAll("\n", " "))) {
    return "expected a QEMU with plugins but found one that was built without them (--enable-plugins)";
  }
  const [line] = complaint.split("\n").filter((line) => line.trim() !== "");
  return `expected QEMU to run the guest but it ended with code ${code}${
    line === undefined ? "" : `: ${line.slice(0, 300)}`
  }`;
}

async function write(path: string, log: Log): Promise<void> {
  const packed = new Blob([encodeRecording(log)]).stream().pipeThrough(new CompressionStream("gzip"));
  await writeWhole(path, await new Response(packed).bytes());
}

function summary(out: string, { stores, events, end }: Log, { time }: Ended): string {
  const tables = new Set(events.flatMap((event) => event.kind === "table" ? [event.frame] : []));
  const all = end === undefined ? "" : ` of ${end.stores} stores`;
  const why = end === undefined ? "it was cut short" : `it ended because ${end.reason}`;
  return `${stores.length} writes to ${tables.size} page tables${all}, ${(time / 1000).toFixed(1)} s; ${why}: ${
    printable(out)
  }\n`;
}

if (import.meta.main) await main(recordCommand);
