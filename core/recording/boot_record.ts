/**
 * Writes of real kernels' boots as JSON lines: another form of a recording, made before there was a recorder. A line is a write, a run of writes or an event.
 *
 * @module
 */

import { Fields } from "../dump/fields.ts";
import { type Linear, parseAddress } from "../mmu/mod.ts";
import { MAX_STORES, RECORDED_MODES } from "./format.ts";
import { type Log, NOBODY, type RecordedEvent, type RecordedRegister, Stores, type Writer } from "./log.ts";

const KIND = "page-table writes of a real kernel";
const MAX_COUNT = 1024;
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;

/** Whether bytes are such a record, by their beginning. */
export function isBootRecord(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 100)).includes(KIND);
}

/** What the lines share. */
interface Shared {
  readonly log: { readonly stores: Stores; readonly events: RecordedEvent[]; readonly writers: Writer[] };
  readonly entryBytes: number;
  readonly numbers: Map<string, number>;
}

function linearIn(fields: Fields, name: string): Linear {
  return parseAddress(fields.text(name, "hexadecimal", (text) => /^0x[0-9a-f]{1,16}$/i.test(text)));
}

/** A record under Xen names the function and who did it for whom, the others an instruction. */
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
 * The registers. The record has moves to them without most of their values, so a root is loaded where its number stands, and paging counts as on, with the
 * registers of the end, from the first move to CR0 on that follows a root.
 */
function registersOf(header: Fields, lines: readonly Fields[]): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  const add = (register: RecordedRegister, value: Linear, stores: number) =>
    events.push({ kind: "register", cpu: 0, register, value, stores, writer: NOBODY });
  const paging = lines.find((line) => line.has("event") && isRegister(line, "cr0"));
  const on = paging?.integer("n", 0, MAX_NUMBER) ?? 0;
  const root = header.has("roots") ? header.list("roots", 1, 64)[0] : undefined;
  for (const register of ["cr4", "efer"] as const) {
    if (header.has(register)) add(register, linearIn(header, register), on);
  }
  if (typeof root === "string") add("cr3", parseAddress(root), on);
  if (header.has("cr0")) add("cr0", linearIn(header, "cr0"), on);
  for (const line of lines) {
    if (!line.has("event") || !isRegister(line, "cr3") || line.isNull("imm")) continue;
    add("cr3", linearIn(line, "imm"), line.integer("n", 0, MAX_NUMBER));
  }
  const last = lines.at(-1)?.integer("n", 0, MAX_NUMBER) ?? 0;
  if (header.has("cr3")) add("cr3", linearIn(header, "cr3"), last + 4 * MAX_COUNT);
  return events.sort((a, b) => a.stores - b.stores);
}

function isRegister(line: Fields, register: string): boolean {
  return line.text("event", "text", () => true) === `mov ${register}`;
}

/** A record under Xen has a list of frames, and their levels only in what points to them. */
function tablesOf(header: Fields, mode: typeof RECORDED_MODES[number]): RecordedEvent[] {
  if (!header.hasObject("tables")) {
    const frames = header.list("tables", 0, 2 ** 16).map((frame) => parseAddress(String(frame)).lo);
    return frames.map((frame) => ({ kind: "table", stores: 0, frame, level: 1, mode }));
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
 * @returns What it says.
 * @throws {RangeError} In one line, if a line is none of these.
 */
export function decodeBootRecord(bytes: Uint8Array): Log {
  const texts = new TextDecoder().decode(bytes).split("\n");
  if (!isWhole(texts.at(-1) ?? "")) texts.pop();
  const [header, ...lines] = texts.map((text) => Fields.parse(text, "a line of a boot's record"));
  if (header === undefined) throw new RangeError("Expected a boot's record but found none of its lines whole");
  const mode = header.has("mode")
    ? header.text("mode", RECORDED_MODES.join(", "), (it) => RECORDED_MODES.some((known) => known === it))
    : "pae";
  const known = RECORDED_MODES.find((it) => it === mode) ?? "pae";
  const log = {
    stores: new Stores(),
    events: [...tablesOf(header, known), ...registersOf(header, lines)],
    writers: [NOBODY],
  };
  const shared: Shared = { log, entryBytes: known === "two-level" ? 4 : 8, numbers: new Map() };
  addImage(shared, header);
  for (const line of lines) if (!line.has("event")) addWrites(shared, line);
  const megabytes = header.has("memory_mb") ? header.integer("memory_mb", 1, 2 ** 20) : 4096;
  const description = header.text(header.has("kernel") ? "kernel" : "name", "text", () => true);
  return { ...log, header: { description, ramBytes: megabytes * 2 ** 20 }, marks: [], end: undefined };
}
