/**
 * The recorded boot under a real Xen: every leaf that the kernel asked for, beside the result of the rule of `filter-set-pte`.
 *
 * @module
 */

import { NX, P, RW } from "../../../core/mmu/mod.ts";
import { maskRw } from "../../../core/strategies/mod.ts";
import { type Line, linesOf } from "./line.ts";
import type { Comparison } from "./play.ts";

/** One entry that changed. */
interface Change {
  readonly who: string;
  readonly how: string;
  readonly page: number;
  readonly index: number;
  readonly lo: number;
  readonly hi: number;
  /** Low word of what Xen found there, where it was recorded. */
  readonly old: number | undefined;
}

/** The result of a replay of a boot under Xen. */
export interface XenReplay {
  /** Name and kernel of the record. */
  readonly title: string;
  /** The comparison. */
  readonly comparison: Comparison;
  /** Stores that came apart in the recording: the high half was seen by itself. */
  readonly halves: number;
}

const MOST_DIFFERENCES = 5;
/** `PTE_IDENT_ATTR` and `PAGE_KERNEL`, without RW: what the two passes ask for. */
const FIRST_PASS = 0x001;
const SECOND_PASS = 0x061;

/**
 * Whether a file is a record of a kernel under Xen.
 *
 * @param path The file's name, for messages.
 * @param bytes Its contents, unpacked.
 * @returns Whether it says so.
 * @throws {UnreadableFile} If its first line is no header.
 */
export function isUnderXen(path: string, bytes: Uint8Array): boolean {
  return linesOf(path, bytes)[0].text("kind").endsWith("under Xen");
}

/**
 * Applies the rule to every leaf of lowmem that the kernel set. The kernel asks for a writable page each time; by the rule the old entry decides
 * whether it gets one.
 *
 * @param path The file's name, for messages.
 * @param bytes Its contents, unpacked.
 * @returns Number of stores that follow the rule.
 * @throws {UnreadableFile} If a line does not follow the format.
 */
export function replayUnderXen(path: string, bytes: Uint8Array): XenReplay {
  const [header, ...lines] = linesOf(path, bytes);
  const entries = new Map<string, Change>();
  const differences: string[] = [];
  let [passed, failed, halves] = [0, 0, 0];
  for (const change of lines.flatMap((line) => [...changes(line)])) {
    const key = `${change.page}/${change.index}`;
    const before = entries.get(key);
    entries.set(key, change);
    if (!isLeafOfLowmem(change)) continue;
    const old = change.old ?? before?.lo;
    if (old === undefined) continue;
    if (isHalf(change)) halves++;
    else if (maskRw(old, change.lo | RW) === change.lo) passed++;
    else if (failed++ < MOST_DIFFERENCES) {
      const [was, is] = [old, change.lo].map((word) => `0x${(word >>> 0).toString(16)}`);
      differences.push(`entry ${change.index} of page 0x${change.page.toString(16)}: ${was} became ${is}`);
    }
  }
  const title = `Linux ${header.text("kernel")}, Xen ${header.text("xen")}`;
  return { title, comparison: { what: "leaves set", passed, failed, differences }, halves };
}

/** A present leaf, set by `set_pte` with the flags of one of the passes. The fixmap's leaves have others. */
function isLeafOfLowmem({ who, how, lo }: Change): boolean {
  const flags = lo & 0xfff & ~RW;
  return who === "xen_set_pte" && how === "emulated store" && (lo & P) !== 0 &&
    (flags === FIRST_PASS || flags === SECOND_PASS);
}

/** The first pass asks for no NX: a leaf of it with NX is half of the second. */
function isHalf({ lo, hi }: Change): boolean {
  return (lo & 0xfff & ~RW) === FIRST_PASS && (hi & NX) !== 0;
}

function* changes(line: Line): Generator<Change> {
  if (!line.has("pfn")) return;
  const count = line.has("count") ? line.integer("count", 1, 65_536) : 1;
  const step = line.has("step") ? line.hex("step") : 0;
  const value = BigInt(line.hexText("value"));
  const old = line.has("old") ? Number(BigInt(line.hexText("old")) & 0xffff_ffffn) : undefined;
  const common = { who: line.text("who"), how: line.text("how"), page: line.integer("pfn", 0, 2 ** 20) };
  const index = line.integer("index", 0, 511);
  for (let i = 0; i < count; i++) {
    const lo = (Number(value & 0xffff_ffffn) + i * step) | 0;
    // entries that held nothing before hold nothing all along the run
    const was = old === undefined || old === 0 ? old : (old + i * step) | 0;
    yield { ...common, index: index + i, lo, hi: Number(value >> 32n) | 0, old: was };
  }
}
