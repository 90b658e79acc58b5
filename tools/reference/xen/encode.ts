/**
 * Operations as the probe reads them: a 16-byte header and 32 bytes an operation, little-endian. The README has the
 * layout, `kernel/ops.h` the other side of it.
 *
 * @module
 */
import { type FrameRef, frameRef, type Guest } from "../../../chapters/recorded/settle/guest.ts";
import type { FrameName, XenOp } from "../../../chapters/recorded/settle/op.ts";

const MAGIC = 0x53504f58; // "XOPS"
const HEADER_BYTES = 16;
/** Bytes an operation. */
export const OP_BYTES = 32;
const LIST_FLUSH = 1;

const KIND = Object.freeze({
  mmu_update: 0,
  update_va_mapping: 1,
  mmuext: 2,
  store32: 3,
  store64: 4,
  load64: 5,
  set_gdt: 6,
});
const MMUEXT = Object.freeze({ pin: 0, unpin: 4, new_baseptr: 5, tlb_flush: 6, invlpg: 7, clear_page: 16 });

/** One operation in numbers; what it does not use is absent. */
interface Fields {
  readonly kind: number;
  readonly command?: number;
  readonly index?: number;
  readonly table?: FrameRef;
  readonly frame?: FrameRef;
  readonly va?: bigint;
  readonly flags?: bigint;
}

/** The op list of a guest: what makes it, then `ops`. Throws RangeError for a name or number that does not fit. */
export function encodeOps(guest: Guest, ops: readonly XenOp[]): Uint8Array<ArrayBuffer> {
  const all = [...guest.setup, ...ops];
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + all.length * OP_BYTES));
  const header = [MAGIC, guest.pages, all.length, guest.flush ? LIST_FLUSH : 0];
  header.forEach((word, i) => view.setUint32(4 * i, word, true));
  all.forEach((op, i) => writeOp(view, HEADER_BYTES + i * OP_BYTES, fieldsOf(guest, op)));
  return new Uint8Array(view.buffer);
}

function writeOp(view: DataView, at: number, { kind, command, index, table, frame, va, flags }: Fields): void {
  view.setUint16(at, kind, true);
  view.setUint16(at + 2, command ?? 0, true);
  view.setUint16(at + 4, index ?? 0, true);
  view.setUint32(at + 8, refWord(table), true);
  view.setUint32(at + 12, refWord(frame), true);
  view.setBigUint64(at + 16, va ?? 0n, true);
  view.setBigUint64(at + 24, flags ?? 0n, true);
}

/** Bits 31 and 30: what kind of frame; the others: which. */
function refWord(ref: FrameRef | undefined): number {
  if (ref === undefined) return 0;
  if ("known" in ref) return ref.known === "home" ? 0x8000_0000 : 0xc000_0000;
  return "machine" in ref ? 0x4000_0000 + ref.machine : ref.page;
}

function fieldsOf(guest: Guest, op: XenOp): Fields {
  switch (op.op) {
    case "mmu_update":
      return { kind: KIND[op.op], command: below(op.command ?? 0, 8), ...slot(guest, op), ...value(guest, op) };
    case "update_va_mapping":
      return { kind: KIND[op.op], va: addressOf(guest, op), ...value(guest, op) };
    case "store32":
    case "store64":
      return { kind: KIND[op.op], va: addressOf(guest, op), ...value(guest, op) };
    case "load64":
      return { kind: KIND[op.op], va: addressOf(guest, op) };
    case "invlpg":
      return { kind: KIND.mmuext, command: MMUEXT[op.op], va: word(op.va) };
    case "tlb_flush":
      return { kind: KIND.mmuext, command: MMUEXT[op.op] };
    case "set_gdt":
      return { kind: KIND[op.op], ...page(guest, op.page) };
    case "pin":
      return { kind: KIND.mmuext, command: MMUEXT.pin + below(op.level - 1, 4), ...page(guest, op.page) };
    default:
      return { kind: KIND.mmuext, command: MMUEXT[op.op], ...page(guest, op.page) };
  }
}

function value(guest: Guest, { frame, flags }: { frame: FrameName; flags: string }): Pick<Fields, "frame" | "flags"> {
  return { frame: frameRef(guest, frame), flags: word(flags) };
}

function slot(guest: Guest, at: { table: FrameName; index: number }): Pick<Fields, "table" | "index" | "va"> {
  const va = linearOf(guest, at.table);
  return { table: frameRef(guest, at.table), index: below(at.index, 512), ...(va === undefined ? {} : { va }) };
}

/** A page that the operation names, and its address if it has one, so that its entry is reported. */
function page(guest: Guest, name: FrameName): Pick<Fields, "table" | "va"> {
  const va = linearOf(guest, name);
  return { table: frameRef(guest, name), ...(va === undefined ? {} : { va }) };
}

function linearOf(guest: Guest, name: FrameName): bigint | undefined {
  const ref = frameRef(guest, name);
  return "page" in ref ? guest.pageAddress(ref.page) : undefined;
}

type Place = { va: string } | { page: FrameName } | { table: FrameName; index: number };

function addressOf(guest: Guest, place: Place): bigint {
  if ("va" in place) return word(place.va);
  const name = "page" in place ? place.page : place.table;
  const base = linearOf(guest, name);
  if (base === undefined) throw new RangeError(`Expected a page with a linear address but found ${name}`);
  return "page" in place ? base : base + BigInt(below(place.index, 512)) * 8n;
}

function word(text: string): bigint {
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) {
    throw new RangeError(`Expected a 64-bit hexadecimal number but found ${text}`);
  }
  return BigInt(text);
}

function below(n: number, bound: number): number {
  if (!Number.isInteger(n) || n < 0 || n >= bound) {
    throw new RangeError(`Expected an integer from 0 to ${bound - 1} but found ${n}`);
  }
  return n;
}
