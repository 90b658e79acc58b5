/**
 * Converts the recording of a real guest into one for the stepper.
 *
 * @module
 */

import { audit, type TablesAudit } from "../../core/audit/mod.ts";
import { formatFlags, frameOf, P } from "../../core/mmu/mod.ts";
import { formatWriter, type RecordedWrite, type Recording as GuestRecording } from "../../core/recording/mod.ts";
import { tablesOf } from "../../core/tables/mod.ts";
import { Squares } from "./address_space.ts";
import { Names } from "./names.ts";
import { type Recording, WIDTHS } from "./recording.ts";
import { RowPacker } from "./rows.ts";

/** Leaves that all looks together may see: two million take some seconds. */
const MAX_SEEN = 4_000_000;
const MIN_LOOKS = 40;
const MAX_LOOKS = 600;
/** Writes of a page: each is some bytes of it. */
const MAX_WRITES = 500_000;

/** The tables at a step. */
interface Look {
  readonly step: number;
  readonly found: TablesAudit;
}

/** The steps to look at: all of a small guest, evenly spread ones of a large one, and always the last. */
function stepsToSee(recording: GuestRecording): number[] {
  const last = recording.length;
  const leaves = foundAt(recording, last)?.leaves ?? 0;
  const looks = Math.min(last + 1, MAX_LOOKS, Math.max(MIN_LOOKS, Math.floor(MAX_SEEN / (leaves + 1000))));
  const loads = recording.events.filter((event) => event.kind === "register" && event.register === "cr0").map((
    { step },
  ) => step);
  const even = Array.from({ length: looks }, (_, i) => Math.round(last * (i + 1) / looks));
  return [...new Set([...loads.slice(0, looks), ...even])].sort((a, b) => a - b);
}

/** The audit of a step; undefined while paging is off, or if the tables cannot be read. */
function foundAt(recording: GuestRecording, step: number): TablesAudit | undefined {
  const { machine } = recording.at(step);
  return machine.mode === undefined ? undefined : audit(tablesOf(machine));
}

/** The collected states, packed for a page. */
function packMap(looks: readonly Look[]): Pick<Recording, "pages" | "states" | "map" | "space"> {
  const squares = new Squares(looks.map(({ found }) => found));
  const map = new RowPacker(WIDTHS.map);
  let before: Uint16Array = new Uint16Array(squares.count);
  for (const { step, found } of looks) {
    const now = squares.at(found);
    for (let from = 0; from < now.length;) {
      let to = from + 1;
      while (to < now.length && now[to] === now[from] && before[to] === before[from]) to++;
      if (now[from] !== before[from]) map.add(step, from, to - from, now[from] ?? 0);
      from = to;
    }
    before = now;
  }
  return { pages: squares.count, states: squares.states, map: map.packed, space: squares.space };
}

const COUNTS: readonly (readonly [name: string, value: (found: TablesAudit) => number])[] = [
  ["leaves", ({ leaves }) => leaves],
  ["page tables", ({ tables }) => new Set(tables.map(({ frame }) => frame)).size],
];

function packTotals(looks: readonly Look[]): Recording["totals"] {
  const ids = [...new Set(looks.flatMap(({ found }) => found.findings.map(({ id }) => id)))];
  const findings = ids.map((id) => {
    return [id, (found: TablesAudit) => found.findings.find((finding) => finding.id === id)?.pages ?? 0] as const;
  });
  return [...COUNTS, ...findings].map(([name, value]) => {
    const rows = new RowPacker(WIDTHS.totals);
    for (const { step, found } of looks) rows.add(step, value(found));
    return { name, rows: rows.packed };
  });
}

/** A line for each finding that comes or goes. */
function findingLines(looks: readonly Look[]): Recording["log"] {
  let before = new Map<string, number>();
  return looks.flatMap(({ step, found }) => {
    const now = new Map(found.findings.map(({ id, pages }) => [id as string, pages]));
    const came = [...now].filter(([id]) => !before.has(id)).map(([id, pages]) => `${id} appears, ${pages} pages`);
    const went = [...before.keys()].filter((id) => !now.has(id)).map((id) => `${id} is gone`);
    before = now;
    return [...came, ...went].map((text) => ({ step, text: `by write ${step}: ${text}` }));
  });
}

function packWrites(recording: GuestRecording): Pick<Recording, "operations" | "flags" | "writes"> {
  const [operations, flags] = [new Names<string>(), new Names<string>()];
  const writes = new RowPacker(WIDTHS.writes);
  for (const { writer, pfn, index, old, stored, level } of recording) {
    const entry = ({ hi, lo }: RecordedWrite["old"]) => [
      (lo & P) === 0 ? -1 : frameOf(hi, lo),
      flags.numberOf(formatFlags(hi, lo & 0xfff, level)),
    ];
    const after = entry(stored);
    writes.add(operations.numberOf(formatWriter(writer)), pfn, index, ...entry(old), ...after, ...after);
  }
  return { operations: operations.all, flags: flags.all, writes: writes.packed };
}

/**
 * A recording of a guest as one to step through: each write, and the address space, its totals and what an audit finds at as many moments as take some seconds.
 *
 * @param recording The guest (`loadRecording`).
 * @param title The title; the recording's description unless said otherwise.
 * @returns The recording for `new Stepper` and for figures of a step.
 * @throws {RangeError} If it has more than half a million writes, or paging never is on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadRecording } from "@pagetable-init/textbook/recording";
 * import { recordGuest } from "@pagetable-init/chapters";
 *
 * const header = { kind: "page-table writes of a real kernel", kernel: "2.6.20", memory_mb: 16, mode: "two-level", roots: ["0x1000"], tables: { "0x1": 2 } };
 * const lines = [header, { n: 10, who: "head.S", frame: 1, index: 768, value: "0xe3" }, { n: 11, who: "head.S", event: "mov cr0", imm: null }];
 * const recording = await loadRecording(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")));
 * assertEquals(recordGuest(recording).space?.ranges.map(({ linear }) => linear), ["0xc0000000"]);
 * ```
 */
export function recordGuest(recording: GuestRecording, title: string = recording.header.description): Recording {
  if (recording.length > MAX_WRITES) {
    throw new RangeError(
      `Expected at most ${MAX_WRITES} writes for a page but found ${recording.length}; record with an earlier --until`,
    );
  }
  const looks = stepsToSee(recording).flatMap((step): Look[] => {
    const found = foundAt(recording, step);
    return found === undefined ? [] : [{ step, found }];
  });
  if (looks.length === 0) throw new RangeError("Expected a recording in which paging is on but found that it never is");
  return {
    title,
    end: recording.end === undefined ? "The recording was cut short." : `It ended because ${recording.end.reason}.`,
    refused: 0,
    steps: recording.length,
    ...packWrites(recording),
    ...packMap(looks),
    types: [],
    frames: [],
    totals: packTotals(looks),
    log: findingLines(looks),
  };
}
