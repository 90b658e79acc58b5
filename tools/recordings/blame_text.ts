/**
 * The writers of a mapping, as text and as JSON.
 *
 * @module
 */

import {
  type Blame,
  formatWriter,
  type Happened,
  type RecordedWrite,
  type Recording,
} from "../../core/recording/mod.ts";
import { formatAddress, formatFlags } from "../../core/mmu/mod.ts";
import type { Address, Linear } from "../../mod.ts";
import { columns } from "../../chapters/shown/columns.ts";
import { printable } from "../../chapters/recorded/files/printable.ts";

type View = Blame["before"];

/**
 * The rows of a blame for people.
 *
 * @param recording The recording.
 * @param address The address.
 * @param rows What shaped its walk.
 * @param shown How many rows are shown at most: the last ones.
 * @returns Lines.
 */
export function blameText(recording: Recording, address: Address, rows: readonly Blame[], shown: number): string {
  const last = rows.slice(-shown);
  const cells = last.map(cellsOf);
  const left = rows.length - last.length;
  return [
    printable(recording.header.description.slice(0, 200)),
    `${formatAddress(address)}: ${viewText(rows.at(-1)?.after)}`,
    ...(recording.end === undefined ? ["The recording was cut short: what came later is not known."] : []),
    "",
    ...(left > 0 ? [`${left} earlier writes and loads are left out; --all has them`] : []),
    ...(last.length === 0
      ? ["nothing in this recording shaped its walk"]
      : columns([["step", "who", "entry", "what"], ...cells], { right: [0] })),
    "",
  ].join("\n");
}

function cellsOf(row: Blame): readonly string[] {
  const { write, event } = row;
  const who = printable(
    formatWriter(
      write?.writer ??
        (event !== undefined && "writer" in event ? event.writer : { name: "", offset: 0, pc: { hi: 0, lo: 0 } }),
    ),
  );
  return [write === undefined ? "" : `${write.step}`, who, write === undefined ? "" : entryText(write), whatText(row)];
}

function entryText({ level, pfn, index }: RecordedWrite): string {
  return `${level?.entry ?? "word"} ${index} of 0x${pfn.toString(16)}`;
}

function whatText(row: Blame): string {
  const { write, event } = row;
  const change = write === undefined
    ? event?.kind === "register" ? `${event.register} = 0x${hex(event.value)}` : ""
    : `0x${hex(write.old)} -> 0x${hex(write.stored)}${flagsText(write)}${knownText(write)}`;
  return [change, effectText(row), flushText(row)].filter((part) => part !== "").join("; ");
}

function flagsText({ level, stored }: RecordedWrite): string {
  return (stored.lo & 1) === 0 ? "" : ` (${formatFlags(stored.hi, stored.lo, level)})`;
}

function knownText({ known }: RecordedWrite): string {
  return known === "found" ? ", there before the first store" : "";
}

/** The effect of a write or a load on the address. */
function effectText({ linked, before, after, gained, lost }: Blame): string {
  if (!linked) return "its table was not linked yet";
  if (before.frame < 0) return after.frame < 0 ? "" : `now mapped: ${viewText(after)}`;
  if (after.frame < 0) return "now not mapped";
  const parts = [
    before.frame !== after.frame ? `now frame 0x${after.frame.toString(16)}` : "",
    before.pageBytes !== after.pageBytes ? `now in a page of ${after.pageBytes / 1024}K` : "",
    gained.length > 0 ? `GAINED ${gained.join(", ")}` : "",
    lost.length > 0 ? `lost ${lost.join(", ")}` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function flushText({ flush, stale }: Blame): string {
  if (stale) return "NEVER FLUSHED: a CPU may go on with the old translation";
  return flush === undefined ? "" : `flushed by ${flushName(flush)}`;
}

function flushName(flush: Happened): string {
  if (flush.kind === "register") return `a load of ${flush.register} in ${printable(formatWriter(flush.writer))}`;
  if (flush.kind !== "flush") return flush.kind;
  return `${flush.linear === undefined ? "a flush" : "invlpg"} in ${printable(formatWriter(flush.writer))}`;
}

function viewText(view: View | undefined): string {
  if (view === undefined || view.frame < 0) return "not mapped";
  const size = view.pageBytes >= 2 ** 30
    ? `${view.pageBytes / 2 ** 30}G`
    : view.pageBytes >= 2 ** 20
    ? `${view.pageBytes / 2 ** 20}M`
    : `${view.pageBytes / 1024}K`;
  return `frame 0x${view.frame.toString(16)}, in a page of ${size}, ${["read", ...view.rights].join(" ")}${
    view.global ? ", global" : ""
  }`;
}

function hex({ hi, lo }: Linear): string {
  return hi === 0 ? lo.toString(16) : `${hi.toString(16)}${lo.toString(16).padStart(8, "0")}`;
}

/**
 * The rows of a blame for programs.
 *
 * @param address The address.
 * @param rows What shaped its walk.
 * @returns What `JSON.stringify` is to print: addresses and entries as hexadecimal text.
 */
export function blameJson(address: Address, rows: readonly Blame[]): unknown {
  return { address: formatAddress(address), rows: rows.map(rowJson) };
}

function rowJson({ write, event, linked, before, after, gained, lost, flush, stale }: Blame): unknown {
  return {
    ...(write === undefined ? {} : {
      step: write.step,
      who: formatWriter(write.writer),
      pc: formatAddress(write.writer.pc),
      entry: write.level?.entry,
      table: write.pfn,
      index: write.index,
      old: `0x${hex(write.old)}`,
      stored: `0x${hex(write.stored)}`,
      known: write.known,
    }),
    ...(event?.kind === "register"
      ? { who: formatWriter(event.writer), register: event.register, value: `0x${hex(event.value)}` }
      : {}),
    linked,
    before,
    after,
    gained,
    lost,
    ...(flush === undefined ? {} : { flush: flushName(flush) }),
    stale,
  };
}
