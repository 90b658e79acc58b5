/**
 * Boot records: the writes of real kernels' boots as JSON lines, an older form of a recording. A line is a write, a run of writes or an event.
 *
 * @module
 */

import { Fields } from "../dump/fields.ts";
import { type Linear, parseAddress } from "../mmu/mod.ts";
import { MAX_STORES, RECORDED_MODES } from "./format.ts";
import {
  END_REASONS,
  type Log,
  NOBODY,
  type RecordedEvent,
  type RecordedRegister,
  type RegisterLoad,
  Stores,
  type Writer,
} from "./log.ts";

const KIND = "page-table writes of a real kernel";
const MAX_COUNT = 4096; // single bytes of a frame
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;

/** Whether bytes begin like a boot record. */
export function isBootRecord(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 100)).includes(KIND);
}

/** State shared by the reading of all lines. */
interface Shared {
  readonly log: { readonly stores: Stores; readonly events: RecordedEvent[]; readonly writers: Writer[] };
  readonly entryBytes: number;
  readonly numbers: Map<string, number>;
}

function linearIn(fields: Fields, name: string): Linear {
  return parseAddress(fields.text(name, "hexadecimal", (text) => /^0x[0-9a-f]{1,16}$/i.test(text)));
}

/** The writer of a line. A record under Xen names the function (`who`) and its caller (`by`: Xen or the guest), others an instruction. */
function writerOf({ log, numbers }: Shared, fields: Fields): number {
  const named = fields.text("who", "text", () => true);
  const name = fields.has("by") ? `${fields.text("by", "xen or guest", () => true)}: ${named}` : named;
  const pc = fields.has("pc") ? linearIn(fields, "pc") : NOBODY.pc;
  const key = `${name} ${pc.hi} ${pc.lo}`;
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = log.writers.push({ pc, name, offset: 0 }) - 1;
  numbers.set(key, number);
  return number;
}

function addWrites(shared: Shared, fields: Fields): void {
  const { log: { stores }, entryBytes } = shared;
  const frame = fields.integer(fields.has("pfn") ? "pfn" : "frame", 0, 2 ** 40 - 1);
  const index = fields.integer("index", 0, 1023);
  const count = fields.has("count") ? fields.integer("count", 1, MAX_COUNT) : 1;
  const n = fields.integer("n", 0, MAX_NUMBER - 4 * MAX_COUNT);
  const step = fields.has("step") ? linearIn(fields, "step").lo : 0;
  const bytes = fields.has("bytes") ? fields.integer("bytes", 1, entryBytes) : entryBytes;
  const order = fields.has("order")
    ? fields.text("order", "hi,lo or lo,hi", (it) => it === "hi,lo" || it === "lo,hi")
    : "";
  const { hi, lo } = linearIn(fields, "value");
  const writer = writerOf(shared, fields);
  const start = fields.has("offset") ? fields.integer("offset", 0, 4095) : index * entryBytes;
  for (let i = 0; i < count; i++) {
    const low = lo + i * step;
    const [valueLo, valueHi] = [low | 0, (hi + Math.floor(low / 2 ** 32)) | 0];
    const offset = start + i * bytes;
    if (offset + bytes > 4096) {
      throw new RangeError(`Expected writes inside frame ${frame} but found ${count} from ${index}`);
    }
    const address = frame * 4096 + offset;
    if (order === "") stores.add(n + i, address, writer, bytes, 0, valueLo, valueHi);
    else {
      const halves = [[0, valueLo], [4, valueHi]] as const;
      for (const [at, value] of order === "lo,hi" ? halves : halves.toReversed()) {
        stores.add(n + 2 * i + (order.startsWith("lo") === (at === 0) ? 0 : 1), address + at, writer, 4, 0, value, 0);
      }
    }
    if (stores.length > MAX_STORES) throw new RangeError(`Expected at most ${MAX_STORES} writes but found more`);
  }
}

/** Entries that were linked into the kernel's image, and were there before the first store. */
function addImage({ log, entryBytes }: Shared, header: Fields): void {
  if (!header.has("image")) return;
  for (const entry of header.objects("image", 0, 2 ** 16)) {
    const address = entry.integer("frame", 0, 2 ** 40 - 1) * 4096 + entry.integer("index", 0, 1023) * entryBytes;
    const { hi, lo } = linearIn(entry, "value");
    log.stores.add(0, address, 0, entryBytes, 2, lo | 0, hi | 0);
  }
}

/**
 * The register loads. Most moves in the record lack the value. So a root is loaded where the record gives its number, and from the first move to
 * CR0 on paging counts as on, with the registers of the end. Under Xen there are no moves: the root is the frame of the first PUD or PGD set.
 */
function registersOf(shared: Shared, header: Fields, lines: readonly Fields[]): RegisterLoad[] {
  const loads: RegisterLoad[] = [];
  const moves = lines.filter((line) => line.has("event"));
  const on = moves.find((line) => isMove(line, "cr0")) ?? lines.find(setsRoot);
  const add = (register: RecordedRegister, value: Linear, line: Fields | undefined) => {
    const stores = line?.integer("n", 0, MAX_NUMBER) ?? 0;
    const writer = shared.log.writers[line === undefined ? 0 : writerOf(shared, line)] ?? NOBODY;
    loads.push({ kind: "register", cpu: 0, register, value, stores, writer });
  };
  const defaults = shared.entryBytes === 4 ? TWO_LEVEL : UNDER_XEN;
  const known = (register: RecordedRegister) => header.has(register) ? linearIn(header, register) : defaults[register];
  const [first] = header.has("roots") ? header.list("roots", 1, 64) : [];
  add("cr4", known("cr4"), on);
  add("efer", known("efer"), on);
  add("cr3", typeof first === "string" ? parseAddress(first) : rootIn(lines), on);
  add("cr0", known("cr0"), on);
  for (const line of moves) if (isMove(line, "cr3") && !line.isNull("imm")) add("cr3", linearIn(line, "imm"), line);
  if (header.has("cr3")) add("cr3", linearIn(header, "cr3"), moves.findLast((line) => isMove(line, "cr3")) ?? on);
  return loads.sort((a, b) => a.stores - b.stores);
}

/** The registers of Xen's PAE guests: PG, WP and PE; PAE; NXE. */
const UNDER_XEN: Readonly<Record<RecordedRegister, Linear>> = {
  cr0: { hi: 0, lo: 0x8001_0001 },
  cr3: { hi: 0, lo: 0 },
  cr4: { hi: 0, lo: 0x20 },
  efer: { hi: 0, lo: 0x800 },
};

const TWO_LEVEL: Readonly<Record<RecordedRegister, Linear>> = {
  ...UNDER_XEN,
  cr4: { hi: 0, lo: 0x10 },
  efer: { hi: 0, lo: 0 },
};

function setsRoot(line: Fields): boolean {
  return !line.has("event") && /set_p[ug]d/.test(line.text("who", "text", () => true));
}

function rootIn(lines: readonly Fields[]): Linear {
  return { hi: 0, lo: (lines.find(setsRoot)?.integer("pfn", 0, 0xf_ffff) ?? 0) * 4096 };
}

function isMove(line: Fields, register: string): boolean {
  return line.text("event", "text", () => true) === `mov ${register}`;
}

/** A record under Xen has a list of frames; their levels are in what set the entries that point to them. */
function tablesOf(header: Fields, lines: readonly Fields[], mode: typeof RECORDED_MODES[number]): RecordedEvent[] {
  if (!header.hasObject("tables")) {
    const roots = lines.filter(setsRoot);
    const top = new Set(roots.map((line) => line.integer("pfn", 0, 0xf_ffff)));
    const middle = new Set(roots.map((line) => linearIn(line, "value").lo >>> 12));
    return header.list("tables", 0, 2 ** 16).map((text) => {
      const frame = parseAddress(String(text)).lo;
      return { kind: "table", stores: 0, frame, level: top.has(frame) ? 3 : middle.has(frame) ? 2 : 1, mode };
    });
  }
  const tables = header.object("tables");
  return tables.names().map((name) => {
    return { kind: "table", stores: 0, frame: parseAddress(name).lo, level: tables.integer(name, 1, 5), mode };
  });
}

/** Whether the last line was not cut short. */
function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads such a record.
 *
 * @param bytes JSON lines; the last may be cut short.
 * @returns The log, as of any recording.
 * @throws {RangeError} In one line, if a line is none of these.
 */
export function decodeBootRecord(bytes: Uint8Array): Log {
  const texts = new TextDecoder().decode(bytes).split("\n");
  if (!isWhole(texts.at(-1) ?? "")) texts.pop();
  const [header, ...lines] = texts.map((text) => Fields.parse(text, "a line of a boot's record"));
  if (header === undefined) throw new RangeError("Expected a boot record but found no whole line");
  const mode = header.has("mode")
    ? header.text("mode", RECORDED_MODES.join(", "), (it) => RECORDED_MODES.some((known) => known === it))
    : "pae";
  const known = RECORDED_MODES.find((it) => it === mode) ?? "pae";
  const log = { stores: new Stores(), events: tablesOf(header, lines, known), writers: [NOBODY] };
  const shared: Shared = { log, entryBytes: known === "two-level" ? 4 : 8, numbers: new Map() };
  log.events.push(...registersOf(shared, header, lines));
  addImage(shared, header);
  for (const line of lines) if (!line.has("event")) addWrites(shared, line);
  const megabytes = header.has("memory_mb") ? header.integer("memory_mb", 1, 2 ** 20) : 4096;
  const description = header.text(header.has("kernel") ? "kernel" : "name", "text", () => true);
  return {
    ...log,
    header: { description, ramBytes: megabytes * 2 ** 20 },
    marks: [],
    hasFlushes: false,
    end: { reason: END_REASONS[1], stores: log.stores.at[log.stores.length - 1] ?? 0 },
  };
}
