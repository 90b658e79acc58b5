/**
 * A small recording: two-level tables of two pages, built, switched on, changed.
 *
 * @module
 */
import { type Log, NOBODY, type RecordedEvent, Stores, type Writer } from "../../../core/recording/log.ts";

/** Who stores in the sample. */
export const WRITERS: readonly Writer[] = [
  NOBODY,
  { pc: { hi: 0, lo: 0x100010 }, name: "head", offset: 0x10 },
  { pc: { hi: 0, lo: 0xc0100020 }, name: "set_pte", offset: 0 },
  { pc: { hi: 0xffffffff, lo: 0x81000000 }, name: "0xffffffff81000000", offset: 0 },
];
const [, head = NOBODY, setPte = NOBODY] = WRITERS;

/** A store of the sample: number, address, writer, bytes, value. */
type Row = readonly [at: number, address: number, writer: number, size: number, value: number, kind?: number];

const ROWS: readonly Row[] = [
  [10, 0x1c00, 1, 4, 0x2067],
  [12, 0x2004, 1, 4, 0x5067, 1],
  [30, 0x2008, 2, 4, 0x6067],
  [31, 0x2008, 2, 1, 0x65],
  [40, 0x2004, 2, 4, 0],
  [50, 0x2005, 3, 2, 0x70],
  [51, 0x2004, 2, 1, 0x67],
];

const EVENTS: readonly RecordedEvent[] = [
  { kind: "register", stores: 20, cpu: 0, register: "cr3", value: { hi: 0, lo: 0x1000 }, writer: head },
  { kind: "register", stores: 20, cpu: 0, register: "cr0", value: { hi: 0, lo: 0x8001_0011 }, writer: head },
  { kind: "table", stores: 20, frame: 1, level: 2, mode: "two-level" },
  { kind: "table", stores: 20, frame: 2, level: 1, mode: "two-level" },
  { kind: "flush", stores: 31, cpu: 0, linear: { hi: 0, lo: 0xc0002000 }, writer: setPte },
  { kind: "flush", stores: 40, cpu: 0, linear: undefined, writer: setPte },
];

/** The sample. */
export function sampleLog(): Log {
  const stores = new Stores();
  for (const [at, address, writer, size, value, kind = 0] of ROWS) {
    stores.add(at, address, writer, size, kind, value, 0);
  }
  return {
    header: { description: "a sample", ramBytes: 1 << 24 },
    writers: WRITERS,
    stores,
    events: EVENTS,
    marks: [{ address: 0x1c00, size: 4, value: { hi: 0, lo: 0x2067 }, byCpu: true }],
    hasFlushes: true,
    end: { reason: "the guest ended", stores: 60 },
  };
}
