/**
 * Repeats recorded operations on the emulated hypervisor, and compares the answers.
 *
 * @module
 */

import { type Fault, frameOf, P } from "../../../core/mmu/mod.ts";
import { kindOfLog, MMUEXT, OWNER_GUEST, XEN_RELEASES } from "../../../core/xen/mod.ts";
import { entryText, flagsText, pv32Guest, pv64Guest, type RecordedGuest } from "./guest.ts";
import type { RecordedAnswer, RecordedLine, Words } from "./operation.ts";

/** The result of a replay. */
export interface ReplayResult {
  /** Operations with equal answers. */
  readonly passed: number;
  /** Operations with an answer that differs. */
  readonly failed: number;
  /** The first of them, one line each. */
  readonly differences: readonly string[];
}

const MAX_DIFFERENCES = 10;

/**
 * Does the operations of one recording, in order, on a fresh guest.
 *
 * @param lines The recording. One with `entry` in an answer was made by a 64-bit guest.
 * @returns Number of equal answers: return code, fault, flags and entry afterwards, and the kind of each message if the recording has messages.
 * @throws {RangeError} If a line names a frame that the guest does not have.
 */
export function replayXen(lines: readonly RecordedLine[]): ReplayResult {
  const wide = lines.some(({ answer }) => answer.entry !== undefined);
  const guest = wide ? pv64Guest() : pv32Guest();
  const withLog = lines.some(({ answer }) => answer.log !== undefined);
  const differences: string[] = [];
  let failed = 0;
  for (const line of lines) {
    if (line.answer.skipped) continue;
    const difference = differenceOf(line.answer, answerTo(guest, line), withLog);
    if (difference === undefined) continue;
    if (failed++ < MAX_DIFFERENCES) differences.push(`line ${line.number}, ${line.op}: ${difference}`);
  }
  return { passed: lines.length - failed, failed, differences };
}

/**
 * Does one operation.
 *
 * @param guest The guest; its log is emptied first.
 * @param line The operation.
 * @returns The answer, messages included.
 * @throws {RangeError} If the line names a frame that the guest does not have.
 */
export function answerTo(guest: RecordedGuest, line: RecordedLine): RecordedAnswer {
  const { xen } = guest;
  xen.log.length = 0;
  const outcome = perform(guest, line);
  if (guest.flushes) xen.domain.flushTlb();
  const address = addressOf(guest, line);
  const mapped = address !== undefined && xen.domain.findL1Entry(address.hi, address.lo) &&
    xen.frames.owner[xen.domain.foundMfn] === OWNER_GUEST;
  const pteLo = mapped ? xen.domain.entryLo(xen.domain.foundMfn, xen.domain.foundIndex) : 0;
  const pteHi = mapped ? xen.domain.entryHi(xen.domain.foundMfn, xen.domain.foundIndex) : 0;
  return {
    ...outcome,
    pteFlags: mapped ? flagsText(guest, pteHi, pteLo) : null,
    entry: entryAfter(guest, line, pteHi, pteLo),
    log: xen.log.map(({ text }) => text),
    skipped: false,
  };
}

function perform(guest: RecordedGuest, line: RecordedLine): Pick<RecordedAnswer, "rc" | "fault"> {
  const { op } = line;
  if (op === "store32" || op === "store64" || op === "load64") {
    return { rc: undefined, fault: faultText(access(guest, line)) };
  }
  return { rc: hypercall(guest, line), fault: undefined };
}

function hypercall(guest: RecordedGuest, line: RecordedLine): number {
  const { xen } = guest;
  const { op, index, level, command } = line;
  const target = line.target === "" ? 0 : mfnOf(guest, line.target);
  const { lo, hi } = valueOf(guest, line);
  const va = addressOf(guest, line) ?? { hi: 0, lo: 0 };
  switch (op) {
    case "mmu_update":
      return xen.mmuUpdate(target, index, hi, lo, command).rc;
    case "update_va_mapping":
      return xen.updateVaMapping(va.hi, va.lo, hi, lo, 2).rc;
    case "set_gdt":
      return xen.setGdt([target]).rc;
    case "pin":
      return xen.mmuextOp(MMUEXT.PIN_L1_TABLE + level - 1, target).rc;
    case "invlpg":
      return xen.mmuextOp(MMUEXT.INVLPG_LOCAL, 0, va.hi, va.lo).rc;
    case "unpin":
      return xen.mmuextOp(MMUEXT.UNPIN_TABLE, target).rc;
    case "new_baseptr":
      return xen.mmuextOp(MMUEXT.NEW_BASEPTR, target).rc;
    case "clear_page":
      return xen.mmuextOp(MMUEXT.CLEAR_PAGE, target).rc;
    default:
      return xen.mmuextOp(MMUEXT.TLB_FLUSH_LOCAL).rc;
  }
}

function access(guest: RecordedGuest, line: RecordedLine): Fault | undefined {
  const { xen } = guest;
  const va = addressOf(guest, line);
  if (va === undefined) throw new RangeError(`Expected a page with an address but found ${line.target}`);
  const { lo, hi } = valueOf(guest, line);
  if (line.op === "store32") return xen.store32(va.hi, va.lo, lo).fault;
  if (line.op === "store64") return xen.store64(va.hi, va.lo, hi, lo).fault;
  return xen.load32(va.hi, va.lo).fault;
}

/** The linear address that a line is about: its own, or that of its page, for a plain access with the entry's offset. */
function addressOf({ pageBase }: RecordedGuest, { op, target, index, va }: RecordedLine): Words | undefined {
  if (va !== undefined) return va;
  const page = /^page(\d+)$/.exec(target)?.[1];
  if (page === undefined) return undefined;
  const offset = op === "store32" || op === "store64" || op === "load64" ? index * 8 : 0;
  return { hi: pageBase.hi, lo: (pageBase.lo + Number(page) * 4096 + offset) | 0 };
}

/** The present contents of the line's entry. */
function entryAfter(guest: RecordedGuest, line: RecordedLine, pteHi: number, pteLo: number): string | undefined {
  const { xen } = guest;
  if (line.op === "update_va_mapping") return entryText(guest, pteHi, pteLo);
  if (line.op === "mmu_update") {
    const table = mfnOf(guest, line.target);
    return entryText(guest, xen.domain.entryHi(table, line.index), xen.domain.entryLo(table, line.index));
  }
  const va = addressOf(guest, line);
  if (va === undefined || (pteLo & P) === 0) return undefined;
  const frame = frameOf(pteHi, pteLo);
  const index = (va.lo & 0xfff) >>> 3;
  return entryText(guest, xen.domain.entryHi(frame, index), xen.domain.entryLo(frame, index));
}

function valueOf(guest: RecordedGuest, { frame, flags }: RecordedLine): Words {
  const mfn = mfnOf(guest, frame);
  return { lo: (mfn << 12) | flags.lo, hi: Math.floor(mfn / 0x10_0000) | flags.hi };
}

function mfnOf({ frames }: RecordedGuest, name: string): number {
  const mfn = frames.get(name);
  if (mfn === undefined) {
    throw new RangeError(`Expected the name of a frame (${[...frames.keys()].join(", ")}) but found ${name}`);
  }
  return mfn;
}

/**
 * A fault, as the recordings write it.
 *
 * @param fault The fault, if there was one.
 * @returns For example `0x3` for a page fault, `#13 0x0` for another; null for none.
 */
export function faultText(fault: Fault | undefined): string | null {
  if (fault === undefined) return null;
  const code = `0x${fault.errorCode.toString(16)}`;
  return fault.vector === 14 ? code : `#${fault.vector} ${code}`;
}

/**
 * The first field that differs; what was not recorded is not compared.
 *
 * @param recorded The recorded answer.
 * @param ours The answer of the emulated hypervisor.
 * @param withLog Whether the kinds of messages are compared.
 * @returns The difference in words, or undefined.
 */
export function differenceOf(recorded: RecordedAnswer, ours: RecordedAnswer, withLog: boolean): string | undefined {
  for (const field of ["rc", "fault", "pteFlags", "entry"] as const) {
    if (recorded[field] === undefined || recorded[field] === ours[field]) continue;
    return `${field} is ${ours[field]}, Xen's ${recorded[field]}`;
  }
  if (!withLog) return undefined;
  const [mine, theirs] = [kinds(ours.log), kinds(recorded.log)];
  return mine === theirs ? undefined : `messages are ${mine || "none"}, Xen's ${theirs || "none"}`;
}

/** What messages are about; one of an unknown kind stands for itself. */
function kinds(log: readonly string[] | undefined): string {
  const { texts } = XEN_RELEASES["4.17"];
  return (log ?? []).map((line) => kindOfLog(texts, line) ?? JSON.stringify(line)).join(", ");
}
