/**
 * A hypervisor that records its guest's requests, as operations that the live Xen can repeat.
 *
 * @module
 */

import { frameOf, P, READ } from "../../../core/mmu/mod.ts";
import { type HypercallResult, Hypervisor, MMUEXT, type StoreResult } from "../../../core/xen/mod.ts";
import { HOME_SLOT } from "./guest.ts";
import type { EntryValue, FrameName, RecordedOp, XenOp } from "./op.ts";
import { hex64 } from "../hypercalls/operation.ts";
import { faultText } from "../hypercalls/play.ts";

const ENTRIES = 512;
const FRAME_HI = 0x000f_ffff;

/** A 64-bit hypervisor that keeps a list. */
export class Recorder extends Hypervisor {
  /** The guest's requests and their answers, in order. */
  readonly requests: RecordedOp[] = [];
  /** Writes of the tables that the domain builder left, as they were before the first request. */
  template: readonly XenOp[] = [];
  /** pfn of the L4 that the domain builder left. */
  templateRoot = 0;
  /** Roots that have the probe's own entry. */
  readonly #homes = new Set<number>();

  override mmuUpdate(mfn: number, index: number, hi: number, lo: number, command = 0): HypercallResult {
    this.#begin();
    const result = super.mmuUpdate(mfn, index, hi, lo, command);
    const slot = { table: this.#page(mfn), index };
    return this.#called({
      op: "mmu_update",
      ...slot,
      ...this.#entry(hi, lo),
      ...(command === 0 ? {} : { command }),
    }, result);
  }

  override updateVaMapping(hi: number, lo: number, entryHi: number, entryLo: number, flags = 0): HypercallResult {
    this.#begin();
    const result = super.updateVaMapping(hi, lo, entryHi, entryLo, flags);
    return this.#called({ op: "update_va_mapping", va: hex64(hi, lo), ...this.#entry(entryHi, entryLo) }, result);
  }

  override mmuextOp(command: number, mfn = 0, hi = 0, lo = 0): HypercallResult {
    this.#begin();
    if (command === MMUEXT.NEW_BASEPTR || command === MMUEXT.PIN_L4_TABLE) this.#giveHome(mfn);
    const result = super.mmuextOp(command, mfn, hi, lo);
    return this.#called(this.#mmuext(command, mfn, hi, lo), result);
  }

  override store32(hi: number, lo: number, value: number): StoreResult {
    this.#begin();
    const stored = super.store32(hi, lo, value);
    const wanted = (lo & 4) === 0 ? this.#entry(0, value) : raw(0, value);
    return this.#stored({ op: "store32", va: hex64(hi, lo), ...wanted }, stored);
  }

  override store64(hi: number, lo: number, valueHi: number, valueLo: number): StoreResult {
    this.#begin();
    const stored = super.store64(hi, lo, valueHi, valueLo);
    return this.#stored({ op: "store64", va: hex64(hi, lo), ...this.#entry(valueHi, valueLo) }, stored);
  }

  /** Recorded as a store to the first entry, which any fault of the page would hit, and one to each entry that is not 0 already. */
  override clearPage(hi: number, lo: number): StoreResult {
    this.#begin();
    const frame = this.machine.translate(hi, lo, READ + this.domain.ring);
    const used = (index: number) =>
      frame >= 0 && (this.domain.entryLo(frame, index) | this.domain.entryHi(frame, index)) !== 0;
    const cleared = Array.from({ length: ENTRIES }, (_, index) => index).filter((index) => index === 0 || used(index));
    const stored = super.clearPage(hi, lo);
    for (const index of stored.ok ? cleared : [0]) {
      this.#stored({ op: "store64", va: hex64(hi, lo + index * 8), ...raw(0, 0) }, stored);
    }
    return stored;
  }

  /** Before the first request the tables are the domain builder's. */
  #begin(): void {
    if (this.requests.length > 0 || this.template.length > 0) return;
    this.templateRoot = this.domain.m2p[this.domain.rootMfn] ?? 0;
    this.template = [...this.#tableWrites(this.domain.rootMfn, this.domain.levels.length)];
  }

  *#tableWrites(table: number, depth: number): Generator<XenOp> {
    for (let index = 0; index < ENTRIES; index++) {
      const [lo, hi] = [this.domain.entryLo(table, index), this.domain.entryHi(table, index)];
      if ((lo & P) === 0 || this.domain.rulesOf(depth).isPrivate(index, false)) continue;
      if (depth > 1) yield* this.#tableWrites(frameOf(hi, lo), depth - 1);
      yield { op: "mmu_update", table: this.#page(table), index, ...this.#entry(hi, lo) };
    }
  }

  /** The one operation that is not the guest's: a new root gets the entry that leads to the probe. The live template has it, so a copy would have. */
  #giveHome(mfn: number): void {
    if (this.#homes.has(mfn) || this.domain.m2p[mfn] === this.templateRoot) return;
    this.#homes.add(mfn);
    const slot = { table: this.#page(mfn), index: HOME_SLOT };
    this.requests.push({ op: "mmu_update", ...slot, frame: "home", flags: "0x67", rc: 0 });
  }

  #mmuext(command: number, mfn: number, hi: number, lo: number): XenOp {
    switch (command) {
      case MMUEXT.NEW_BASEPTR:
        return { op: "new_baseptr", page: this.#page(mfn) };
      case MMUEXT.UNPIN_TABLE:
        return { op: "unpin", page: this.#page(mfn) };
      case MMUEXT.TLB_FLUSH_LOCAL:
        return { op: "tlb_flush" };
      case MMUEXT.INVLPG_LOCAL:
        return { op: "invlpg", va: hex64(hi, lo) };
    }
    if (command > MMUEXT.PIN_L4_TABLE) {
      throw new RangeError(`Expected a command that the probe knows but found ${command}`);
    }
    return { op: "pin", page: this.#page(mfn), level: command + 1 };
  }

  #called(op: XenOp, result: HypercallResult): HypercallResult {
    this.requests.push({ ...op, rc: result.rc });
    return result;
  }

  #stored(op: XenOp, stored: StoreResult): StoreResult {
    this.requests.push({ ...op, fault: faultText(stored.fault) });
    return stored;
  }

  /** The name of a frame that must be the guest's. */
  #page(mfn: number): FrameName {
    const pfn = this.domain.m2p[mfn] ?? -1;
    if (pfn < 0) throw new RangeError(`Expected a frame of the guest's but found 0x${mfn.toString(16)}`);
    return `page${pfn}`;
  }

  /** A value as an entry, if it is a present one that leads to a frame with a name; else as a word. Frames of Xen's own go by `foreign`. */
  #entry(hi: number, lo: number): EntryValue {
    const mfn = frameOf(hi, lo);
    const flags = hex64(hi & ~FRAME_HI, lo & 0xfff);
    if ((lo & P) === 0 || mfn >= this.frames.length) return raw(hi, lo);
    if ((this.domain.m2p[mfn] ?? -1) >= 0) return { frame: this.#page(mfn), flags };
    return { frame: mfn === this.domain.sharedInfoMfn ? "shared-info" : "foreign", flags };
  }
}

/** A word that is no entry. */
function raw(hi: number, lo: number): EntryValue {
  return { frame: "none", flags: hex64(hi, lo) };
}
