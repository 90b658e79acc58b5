/**
 * A guest's stores: they land, or they hit a read-only L1 table and are emulated after a check, or the fault goes back to the guest.
 *
 * Since August 2006 (228f081e08, Xen 3.0.3) "writable page tables" means this: each store is emulated by itself. Direct stores to tables above L1
 * never are (trap T10).
 *
 * Source: Xen 3.1, arch/x86/mm.c, `ptwr_do_page_fault` and `ptwr_emulated_update`; Xen 4.17, pv/ro-page-fault.c.
 *
 * @module
 */

import { A, type Fault, faultAt, P, PF_U, PF_W, READ, RW, WRITE } from "../mmu/mod.ts";
import type { Domain } from "./domain.ts";
import { OWNER_GUEST, PGT_COUNT_MASK, PGT_L1, PGT_TYPE_MASK } from "./frame_table.ts";
import { getPageFromL1Entry, putPageFromL1Entry } from "./l1_entry.ts";
import { formatEntry } from "./type_info.ts";

const OFFSET = 0xfff;

/**
 * A 4-byte store of the guest's kernel.
 *
 * @param domain The domain.
 * @param hi High word of the linear address, signed.
 * @param lo Low word, signed.
 * @param value What is stored.
 * @returns Undefined if the store was made, by the CPU or by Xen; else the fault that the guest gets.
 */
export function store32(domain: Domain, hi: number, lo: number, value: number): Fault | undefined {
  const { machine } = domain;
  if ((lo & 3) !== 0) return storeUnaligned(domain, hi, lo, [value]);
  const frame = machine.translate(hi, lo, WRITE + domain.ring);
  if (frame >= 0) {
    machine.memory.write(frame, (lo & OFFSET) >>> 2, value);
    return undefined;
  }
  return emulate(domain, frame, hi, lo, 4, value, 0) ? undefined : reflect(domain, hi, lo, WRITE);
}

/**
 * An 8-byte store of the guest's kernel: of a 64-bit one, or `cmpxchg8b`.
 *
 * @param domain The domain; its entries have two words.
 * @param hi High word of the linear address, signed.
 * @param lo Low word, signed.
 * @param valueLo Low word of what is stored.
 * @param valueHi High word.
 * @returns As `store32`.
 */
export function store64(
  domain: Domain,
  hi: number,
  lo: number,
  valueLo: number,
  valueHi: number,
): Fault | undefined {
  const { machine } = domain;
  if ((lo & 7) !== 0) return storeUnaligned(domain, hi, lo, [valueLo, valueHi]);
  const frame = machine.translate(hi, lo, WRITE + domain.ring);
  if (frame >= 0) {
    const word = (lo & OFFSET) >>> 2;
    machine.memory.write(frame, word, valueLo);
    machine.memory.write(frame, word + 1, valueHi);
    return undefined;
  }
  return emulate(domain, frame, hi, lo, 8, valueLo, valueHi) ? undefined : reflect(domain, hi, lo, WRITE);
}

/**
 * A page filled with zeros by the guest's kernel. What is no ordinary page is not emulated: kernels clear a page before it becomes a table.
 *
 * @param domain The domain.
 * @param hi High word of the page's linear address, signed.
 * @param lo Low word, signed.
 * @returns As `store32`.
 */
export function clearPage(domain: Domain, hi: number, lo: number): Fault | undefined {
  const { machine } = domain;
  const frame = machine.translate(hi, lo, WRITE + domain.ring);
  if (frame < 0) return reflect(domain, hi, lo, WRITE);
  machine.memory.clearFrame(frame);
  return undefined;
}

/**
 * A 4-byte load of the guest's kernel.
 *
 * @param domain The domain.
 * @param hi High word of the linear address, signed.
 * @param lo Low word, signed, a multiple of 4.
 * @returns The word, signed, or the fault.
 */
export function load32(domain: Domain, hi: number, lo: number): number | Fault {
  const { machine } = domain;
  const frame = machine.translate(hi, lo, READ + domain.ring);
  return frame >= 0 ? machine.memory.read(frame, (lo & OFFSET) >>> 2) : reflect(domain, hi, lo, READ);
}

/** Whether Xen makes the store. `fault` is what `translate` returned. */
function emulate(
  domain: Domain,
  fault: number,
  hi: number,
  lo: number,
  bytes: number,
  valueLo: number,
  valueHi: number,
): boolean {
  if (((-1 - fault) & PF_W) === 0 || !findTable(domain, hi, lo)) return false;
  const { words } = domain;
  const table = foundFrame(domain);
  const index = (lo & OFFSET) >>> (words + 1);
  const oldLo = domain.entryLo(table, index);
  const oldHi = domain.entryHi(table, index);
  if (bytes === words * 4) return update(domain, table, index, oldLo, oldHi, valueLo, valueHi, false);
  readOtherHalf(domain, hi, lo);
  return (lo & 4) === 0
    ? update(domain, table, index, oldLo, oldHi, valueLo, oldHi, false)
    : update(domain, table, index, oldLo, oldHi, oldLo, valueLo, domain.contract.rescuesUpperHalf);
}

/** The other half of an entry is read through the guest's mapping, which marks that accessed. */
function readOtherHalf(domain: Domain, hi: number, lo: number): void {
  const accessed = (domain.entryLo(domain.foundMfn, domain.foundIndex) & A) !== 0;
  if (!accessed) domain.machine.translate(hi, lo, READ + domain.ring);
}

/** Finds the entry that maps an address, and whether what it maps read-only is an L1 table in use. */
function findTable(domain: Domain, hi: number, lo: number): boolean {
  if (domain.isXenAddress(hi, lo) || !domain.findL1Entry(hi, lo)) return false;
  if ((domain.entryLo(domain.foundMfn, domain.foundIndex) & (P | RW)) !== P) return false;
  const { frames } = domain;
  const mfn = foundFrame(domain);
  if (mfn >= frames.length || frames.owner[mfn] !== OWNER_GUEST) {
    if (domain.release.logsForeignFault) domain.print("no-frame", { mfn });
    return false;
  }
  const info = frames.typeInfo[mfn] ?? 0;
  return (info & PGT_TYPE_MASK) === PGT_L1 && (info & PGT_COUNT_MASK) !== 0;
}

/** Frame that the found entry maps. */
function foundFrame(domain: Domain): number {
  const { foundMfn, foundIndex } = domain;
  return (domain.entryHi(foundMfn, foundIndex) & 0xf_ffff) * 0x10_0000 + (domain.entryLo(foundMfn, foundIndex) >>> 12);
}

/** Checks the whole new entry, writes it, and lets go of the old one. There is no fast path: the result is the same. */
function update(
  domain: Domain,
  table: number,
  index: number,
  oldLo: number,
  oldHi: number,
  lo: number,
  hi: number,
  rescue: boolean,
): boolean {
  const { l1 } = domain;
  let flipped = getPageFromL1Entry(domain, lo, hi);
  if (flipped < 0) {
    if (!rescue || (lo & P) === 0) {
      domain.print("ptwr-refused", {});
      return false;
    }
    domain.print("ptwr-rescue", { entry: formatEntry(domain, lo, hi) });
    flipped = P;
  }
  const newLo = lo ^ flipped;
  domain.writeEntry(table, index, l1.addedLo(newLo, hi), l1.addedHi(newLo, hi));
  putPageFromL1Entry(domain, oldLo, oldHi);
  domain.cost.emulatedStores++;
  return true;
}

/** A store that is not aligned lands where it can, byte by byte; on a table it is refused. */
function storeUnaligned(domain: Domain, hi: number, lo: number, words: readonly number[]): Fault | undefined {
  const { machine } = domain;
  const bytes = 4 * words.length;
  const last = (lo + bytes - 1) | 0;
  const lastHi = (last >>> 0) < (lo >>> 0) ? (hi + 1) | 0 : hi;
  const first = machine.translate(hi, lo, WRITE + domain.ring);
  const second = first < 0 ? first : machine.translate(lastHi, last, WRITE + domain.ring);
  if (second < 0) {
    const [faultHi, faultLo] = first < 0 ? [hi, lo] : [lastHi, last & ~OFFSET];
    if (((-1 - second) & PF_W) !== 0 && findTable(domain, faultHi, faultLo)) {
      domain.print("ptwr-access", { cr2: formatEntry(domain, faultLo, faultHi), bytes });
    }
    return reflect(domain, faultHi, faultLo, WRITE);
  }
  for (let byte = 0; byte < bytes; byte++) {
    const at = lo + byte;
    const frame = ((at ^ lo) & ~OFFSET) === 0 ? first : second;
    writeByte(machine.memory, frame, at & OFFSET, ((words[byte >> 2] ?? 0) >>> (8 * (byte & 3))) & 0xff);
  }
  return undefined;
}

function writeByte(memory: Domain["machine"]["memory"], frame: number, offset: number, value: number): void {
  const shift = 8 * (offset & 3);
  const word = memory.read(frame, offset >>> 2);
  memory.write(frame, offset >>> 2, (word & ~(0xff << shift)) | (value << shift));
}

/** The fault as the guest gets it: it does not learn that its kernel runs in ring 3. */
function reflect(domain: Domain, hi: number, lo: number, access: number): Fault {
  const fault = faultAt(domain.machine, hi, lo, access + domain.ring);
  return fault.vector === 14 ? { ...fault, errorCode: fault.errorCode & ~PF_U } : fault;
}
