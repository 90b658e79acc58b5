/**
 * Xen's types of the guest's frames, over time.
 *
 * @module
 */

import {
  type Hypervisor,
  PGT_COUNT_MASK,
  PGT_GDT,
  PGT_PINNED,
  PGT_TYPE_MASK,
  PGT_VALIDATED,
  PGT_WRITABLE,
  tableLevelOf,
} from "../../core/xen/mod.ts";
import { Names } from "./names.ts";
import { type Recording, type TypeWords, WIDTHS } from "./recording.ts";
import { RowPacker } from "./rows.ts";
import { type Stretch, writeFor } from "./stretches.ts";

const UNSEEN = 1; // no word that Xen gives a frame: a use of no type

function kindOf(info: number): string {
  if ((info & PGT_COUNT_MASK) === 0) return "none";
  const level = tableLevelOf(info);
  if (level > 0) return `L${level}`;
  if ((info & PGT_TYPE_MASK) === PGT_WRITABLE) return "writable";
  return (info & PGT_TYPE_MASK) === PGT_GDT ? "descriptors" : "none";
}

/** A type word as a table of types has it. A type that nobody uses is none. */
function wordsOf(info: number): TypeWords {
  const kind = kindOf(info);
  const pinned = (info & PGT_PINNED) === 0 ? "" : ", pinned";
  const unchecked = kind === "none" || (info & PGT_VALIDATED) !== 0 ? "" : ", being validated";
  return { kind, words: kind === "none" ? kind : `${kind} × ${info & PGT_COUNT_MASK}${pinned}${unchecked}` };
}

/** Collects the changes of the types. */
export class FrameTypes {
  readonly #words = new Names<number>();
  readonly #frames = new RowPacker(WIDTHS.frames);
  #last: Int32Array | undefined;

  /**
   * Looks at all frames after a stretch of writes. Stretches must come in order.
   *
   * @returns Whether every change can be told apart by its write.
   */
  see(stretch: Stretch, xen: Hypervisor | undefined): boolean {
    if (xen === undefined) return true;
    const changed = this.#changed(xen).map((pfn) => ({ pfn, step: writeFor(stretch, pfn) }));
    for (const { pfn, step } of changed) {
      if (step === undefined) return false;
      this.#frames.add(step, pfn, this.#words.numberOf(this.#last?.[xen.domain.p2m[pfn] ?? 0] ?? 0));
    }
    return true;
  }

  /** Pages whose type is not what it was at the last look, in order. */
  #changed({ domain: { m2p, frames: { typeInfo } } }: Hypervisor): number[] {
    const last = this.#last ??= new Int32Array(typeInfo.length).fill(UNSEEN);
    const pfns: number[] = [];
    for (let mfn = 0; mfn < typeInfo.length; mfn++) {
      if (typeInfo[mfn] === last[mfn]) continue;
      last[mfn] = typeInfo[mfn] ?? 0;
      const pfn = m2p[mfn] ?? -1;
      if (pfn >= 0) pfns.push(pfn);
    }
    return pfns.sort((a, b) => a - b);
  }

  /** The collected changes. */
  recorded(): Pick<Recording, "types" | "frames"> {
    return { types: this.#words.all.map(wordsOf), frames: this.#frames.packed };
  }
}
