// A guest in PAE: entries of eight bytes, a root in the middle of a frame, tables that change their roles.
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NX } from "../../../core/mmu/mod.ts";
import { decodeRecording } from "../../../core/recording/decode.ts";
import { type Log, NOBODY, type RecordedEvent, Stores, type Writer } from "../../../core/recording/log.ts";
import { blame, formatWriter, loadRecording, Recording } from "../../../core/recording/mod.ts";
import { access } from "../../../mod.ts";
import { encodeRecording } from "../../../tools/record/encode.ts";

const writer: Writer = { pc: { hi: 0, lo: 0xc010_0012 }, name: "set_pte", offset: 0x12 };
const at = (lo: number) => ({ hi: 0, lo });

/** A store of eight bytes, or of fewer. */
type Row = readonly [stores: number, address: number, size: number, hi: number, lo: number];

const ROWS: readonly Row[] = [
  [1, 0x1038, 8, 0, 0x2001], // PDPT entry 3 of the root at 0x1020
  [2, 0x2000, 8, 0, 0x3063],
  [3, 0x3008, 8, 0, 0x5063],
  [20, 0x3008, 8, NX >>> 0, 0x5063],
  [21, 0x300c, 4, 0, 0], // the high word alone: NX goes
  [22, 0x3009, 1, 0, 0x60], // one byte: frame 6
  [23, 0x3012, 8, 0x1234_5678, 0x9abc_def0], // eight bytes across two entries
];
const REGISTERS = [["cr4", 0x20], ["efer", 0x800], ["cr3", 0x1020], ["cr0", 0x8001_0011]] as const;
const EVENTS: readonly RecordedEvent[] = [
  ...REGISTERS.map(([register, value]): RecordedEvent => ({
    kind: "register",
    stores: 10,
    cpu: 0,
    register,
    value: at(value),
    writer,
  })),
  { kind: "table", stores: 10, frame: 2, level: 2, mode: "pae" },
  { kind: "table", stores: 10, frame: 3, level: 1, mode: "pae" },
];

function logOf(change: Partial<Log> = {}): Log {
  const stores = new Stores();
  for (const [number, address, size, hi, lo] of ROWS) stores.add(number, address, 1, size, 0, lo, hi);
  return {
    header: { description: "PAE", ramBytes: 1 << 24 },
    writers: [NOBODY, writer],
    stores,
    events: EVENTS,
    marks: [],
    hasFlushes: true,
    end: { reason: "the guest ended", stores: 30 },
    ...change,
  };
}

Deno.test("in PAE an entry is told whole, whichever bytes of it a store writes", () => {
  const recording = new Recording(logOf());
  const told = [...recording].slice(2).map(({ index, old, stored, bytes }) => [index, old, stored, bytes]);
  const entry = (hi: number, lo: number) => ({ hi, lo });
  assertEquals(told, [
    [1, entry(0, 0), entry(0, 0x5063), 8],
    [1, entry(0, 0x5063), entry(0x8000_0000, 0x5063), 8],
    [1, entry(0x8000_0000, 0x5063), entry(0, 0x5063), 4],
    [1, entry(0, 0x5063), entry(0, 0x6063), 1],
    [2, entry(0, 0), entry(0x5678_9abc, 0xdef0_0000), 8],
  ]);
  assertEquals(formatWriter(writer), "set_pte+0x12");
  assertEquals(formatWriter({ ...writer, offset: 0 }), "set_pte");
});

Deno.test("blame follows the walk from a PDPT inside a frame, and names a right that one word gave and took", () => {
  const rows = blame(new Recording(logOf()), 0xc000_1000).filter(({ step }) => step > 3);
  assertEquals(rows.map(({ step, gained, lost, before, after }) => [step, gained, lost, before.frame, after.frame]), [
    [4, [], ["execute"], 5, 5],
    [5, ["execute"], [], 5, 5],
    [6, [], [], 5, 6],
  ]);
});

Deno.test("an entry's final value is there at the last step alone, in both its words", () => {
  const marks = [{ address: 0x3008, size: 8, value: { hi: 0x8000_0000, lo: 0x7063 }, byCpu: false }];
  const recording = new Recording(logOf({ marks }));
  const frameAt = (step: number) => {
    const found = access(recording.at(step), 0xc000_1000);
    return found.ok ? found.frame : -1;
  };
  assertEquals([frameAt(6), frameAt(7)], [6, 7]);
  const fetch = access(recording.at(7), 0xc000_1000, "fetch");
  assertEquals(fetch.ok, false);
});

Deno.test("a flush counts for its own page only, a released table for none, a load of CR3 for what is not global", () => {
  const flushOf = (event: Partial<RecordedEvent>) => {
    const last = { stores: 25, cpu: 0, writer, ...event } as RecordedEvent;
    return blame(new Recording(logOf({ events: [...EVENTS, last] })), 0xc000_1000).at(-1)?.stale;
  };
  assertEquals(flushOf({ kind: "flush", linear: at(0xc000_1fff) }), false);
  assertEquals(flushOf({ kind: "flush", linear: at(0xc000_2000) }), true);
  assertEquals(flushOf({ kind: "released", frame: 3, level: 1, mode: "pae" }), true);
  assertEquals(flushOf({ kind: "register", register: "cr3", value: at(0x1020) }), false);
  assertEquals(flushOf({ kind: "register", register: "efer", value: at(0x800) }), true);
});

Deno.test("a frame has the role of its time, the nearest to the root of several, the next one before and the last one after", () => {
  const events: RecordedEvent[] = [
    ...EVENTS.slice(0, 4),
    { kind: "table", stores: 21, frame: 3, level: 1, mode: "pae" },
    { kind: "table", stores: 21, frame: 3, level: 2, mode: "pae" },
    { kind: "released", stores: 22, frame: 3, level: 2, mode: "pae" },
    { kind: "released", stores: 22, frame: 3, level: 1, mode: "pae" },
    { kind: "table", stores: 10, frame: 2, level: 5, mode: "pae" }, // PAE has no such level
  ];
  const recording = new Recording(logOf({ events }));
  assertEquals([...recording].map(({ level }) => level?.entry), [
    undefined,
    undefined,
    "PDE",
    "PDE",
    "PDE",
    "PDE",
    "PDE",
  ]);
});

Deno.test("a recording with a table beyond memory, or a level that no mode has, is refused in words", () => {
  const encoded = (event: Partial<RecordedEvent>) =>
    encodeRecording(
      logOf({ events: [{ kind: "table", stores: 1, frame: 2, level: 1, mode: "pae", ...event } as RecordedEvent] }),
    );
  assertThrows(() => decodeRecording(encoded({ frame: 1 << 12 })), RangeError, "a table in memory");
  assertThrows(() => decodeRecording(encoded({ level: 6 })), RangeError, "a level of a paging mode");
  const released = decodeRecording(encoded({ kind: "released" })).events;
  assertEquals(released, [{ kind: "released", stores: 1, frame: 2, level: 1, mode: "pae" }]);
});

Deno.test("a boot's record of which no line is whole is refused in words", async () => {
  const bytes = new TextEncoder().encode('{"name": "cut sho');
  await assertRejects(() => loadRecording(bytes), RangeError, "Expected");
});
