/**
 * A refusal by Xen, with its rule, as a value. The check that fails makes it, and all callers pass it on unchanged.
 *
 * @module
 */

import { oneOf, shape, text } from "../check.ts";
import type { Linear } from "../mmu/mod.ts";
import type { XenRelease } from "./contract.ts";
import type { Domain } from "./domain.ts";
import {
  PGT_COUNT_MASK,
  PGT_GDT,
  PGT_L1,
  PGT_L2,
  PGT_L3,
  PGT_L4,
  PGT_NONE,
  PGT_PAE_XEN_L2,
  PGT_PINNED,
  PGT_TYPE_MASK,
  PGT_VALIDATED,
  PGT_WRITABLE,
} from "./frame_table.ts";
import { XEN_RULES, type XenRule } from "./rules.ts";

/** The uses of a frame. `L2 of slot 3` is the L2 table of a PAE root that carries Xen's own entries (trap T5). */
export type FrameUse = "nothing" | "L1" | "L2" | "L2 of slot 3" | "L3" | "L4" | "descriptor table" | "writable page";

/**
 * A refusal by Xen. Frozen.
 *
 * @category Types
 */
export interface XenRefusal {
  /** Id of the rule (`XEN_RULES`). */
  readonly rule: XenRule;
  /** Machine frame that the rule is about; undefined if it is about none. */
  readonly mfn: number | undefined;
  /** Its pfn; undefined if it has none. */
  readonly pfn: number | undefined;
  /** The frame's type and count in the frame table at that moment. */
  readonly seen: {
    /** The frame's type; if `count` is 0, its last one. */
    readonly type: FrameUse;
    /** Type count: number of uses as `type`. */
    readonly count: number;
    /** True if a pin of the guest's held one of the uses. */
    readonly pinned: boolean;
    /** True if Xen had checked all its entries. */
    readonly validated: boolean;
  };
  /** The use that was asked for: a `FrameUse`, or other words. */
  readonly wanted: string;
  /** The entry that was to be written, or that was found in a table; undefined for a request without one. */
  readonly entry: Linear | undefined;
  /** Level of that entry: 1 for L1; 0 without an entry. */
  readonly level: number;
  /** The release that refused. */
  readonly release: XenRelease["id"];
  /** Functions of that release which make the check. */
  readonly source: string;
  /** Error number, positive. A hypercall returns it negated. */
  readonly errno: number;
}

/** The subject of a refusal: the fields that the failing check knows. */
export interface RefusalSubject {
  readonly mfn?: number;
  readonly wanted: string;
  readonly lo?: number;
  readonly hi?: number;
  readonly level?: number;
}

/** The type bits of a use. */
export const TYPE_BITS: { readonly [use in FrameUse]: number } = Object.freeze({
  "nothing": PGT_NONE,
  "L1": PGT_L1,
  "L2": PGT_L2,
  "L2 of slot 3": PGT_L2 | PGT_PAE_XEN_L2,
  "L3": PGT_L3,
  "L4": PGT_L4,
  "descriptor table": PGT_GDT,
  "writable page": PGT_WRITABLE,
});

const USES = Object.entries(TYPE_BITS) as readonly (readonly [FrameUse, number])[];

/** The use that type bits stand for. */
export function useOf(typeInfo: number): FrameUse {
  const bits = typeInfo & (PGT_TYPE_MASK | PGT_PAE_XEN_L2);
  return (USES.find(([, type]) => type === bits) ?? USES[0]!)[0];
}

/**
 * Makes a refusal. Only a failed check calls it, so a request that succeeds allocates nothing.
 *
 * @param domain The domain.
 * @param rule The rule.
 * @param errno Error number, positive.
 * @param subject What it is about.
 * @returns The refusal.
 */
export function refuse(domain: Domain, rule: XenRule, errno: number, subject: RefusalSubject): XenRefusal {
  const { mfn, wanted, lo, hi, level = 0 } = subject;
  const info = mfn === undefined ? 0 : domain.frames.typeInfo[mfn] ?? 0;
  const pfn = mfn === undefined ? -1 : domain.m2p[mfn] ?? -1;
  const { id } = domain.release;
  return Object.freeze({
    rule,
    mfn,
    pfn: pfn < 0 ? undefined : pfn,
    seen: Object.freeze({
      type: useOf(info),
      count: info & PGT_COUNT_MASK,
      pinned: (info & PGT_PINNED) !== 0,
      validated: (info & PGT_VALIDATED) !== 0,
    }),
    wanted,
    entry: lo === undefined ? undefined : Object.freeze({ hi: (hi ?? 0) >>> 0, lo: lo >>> 0 }),
    level,
    release: id,
    source: `Xen ${id}, ${XEN_RULES[rule].source[id]}`,
    errno,
  });
}

/**
 * A refusal in words: the rule, the frame, its type, and the use that was asked for.
 *
 * @param refusal The refusal.
 * @returns One line.
 *
 * @example
 * ```ts
 * import { assertEquals, assertMatch } from "@std/assert";
 * import { boot } from "@pagetable-init/textbook";
 * import { describeRefusal } from "@pagetable-init/textbook/xen";
 *
 * const { outcome } = boot({ platform: "xen-pae", strategy: "write-always", memory: "64M" });
 * const refusal = !outcome.ok && outcome.stop.kind === "refused-by-xen" && outcome.stop.refusal;
 * assertEquals(refusal && refusal.rule, "type-conflict");
 * assertMatch(refusal ? describeRefusal(refusal) : "", /^Xen 3\.1 refuses \(type-conflict\): .* is pfn 0x1, in use as L2 of slot 3 once/);
 * ```
 */
export function describeRefusal(refusal: XenRefusal): string {
  refusalShape(refusal, "refusal");
  const { rule, mfn, pfn, seen, wanted, entry, release } = refusal;
  const frame = mfn === undefined ? "" : `; mfn 0x${mfn.toString(16)} ${pfnWords(pfn)}, ${seenWords(seen)}`;
  const asked = entry === undefined ? "" : ` for entry 0x${entryDigits(entry)}`;
  return `Xen ${release} refuses (${rule}): ${XEN_RULES[rule].says}${frame}; wanted${asked}: ${wanted}`;
}

function pfnWords(pfn: number | undefined): string {
  return pfn === undefined ? "without a pfn" : `is pfn 0x${pfn.toString(16)}`;
}

function seenWords({ type, count, pinned }: XenRefusal["seen"]): string {
  if (count === 0) return "not in use as anything";
  return `in use as ${type} ${count === 1 ? "once" : `${count} times`}${pinned ? ", pinned" : ""}`;
}

function entryDigits({ hi, lo }: Linear): string {
  return hi === 0 ? lo.toString(16) : hi.toString(16) + lo.toString(16).padStart(8, "0");
}

const refusalShape = shape("a refusal by Xen", {
  rule: oneOf(...Object.keys(XEN_RULES)),
  seen: shape("what the frame table said", { type: text }),
  wanted: text,
  release: text,
});
