/**
 * Why no test takes a branch, line by line. The defaults behind an index have a reason of their own (`defaults.ts`).
 *
 * @module
 */

/** The reasons. */
export const REASONS = {
  typed: "the value is always there, and its type does not say so",
  limit: "a limit that takes gigabytes, or minutes, to reach",
  guard: "nobody in the project comes here with that; it stops who did",
  excluded: "an earlier check, or arithmetic, excludes it",
} as const;

/** A reason's name. */
export type Reason = keyof typeof REASONS;

/** Lines by reason and file: a text that stands in one line of the file alone. */
export const LINES: Readonly<Record<Reason, Readonly<Record<string, readonly string[]>>>> = {
  typed: {
    "core/audit/permission_errors.ts": ["range === undefined ? 0 : range.firstPfn + range.pages"],
    "core/audit/search.ts": ["this.#places.get(id) ?? {}"],
    "core/audit/system.ts": ["(root?.shift ?? 12)"],
    "core/kernel/after.ts": ["root === undefined ? 0"],
    "core/memory_size.ts": ["digits === undefined ? NaN"],
    "core/mmu/explain.ts": ["const lo = (inRegister", "const hi = mode.entryWords === 1"],
    "core/mmu/machine.ts": ["this.mode?.entryWords ?? 1", "if (leaf === undefined) return;"],
    "core/mmu/tlb.ts": ["?? this.small"],
    "core/recording/boot_record.ts": ["RECORDED_MODES.find((it) => it === mode)", 'texts.at(-1) ?? ""'],
    "core/xen/log.ts": ['conversion = "d"'],
    "core/xen/mod_entry.ts": ["rules.row.privateSlots?.error ?? EINVAL"],
    "core/xen/refusal.ts": ["?? USES[0]!", "(hi ?? 0) >>> 0"],
  },
  limit: {
    "core/audit/error_ranges.ts": ["list.length >= MAX_RANGES"],
    "core/audit/findings.ts": ["this.ranges.length >= MAX_FINDING_RANGES"],
    "core/audit/map_rows.ts": ["this.rows.length >= MAX_ROWS"],
    "core/dump/save.ts": ["frames.size > MAX_STATE_FRAMES"],
    "core/kernel/kernel.ts": ["if (trace === undefined) return write(entry, hi, lo);"],
    "core/recording/boot_record.ts": ["stores.length > MAX_STORES"],
    "core/recording/decode.ts": ["=== MAX_EVENTS", "=== MAX_STORES", "Number.isSafeInteger(this.#now)"],
    "core/recording/load.ts": ["size > MAX_BYTES", "if (error instanceof RangeError) throw error;"],
  },
  excluded: {
    "core/environment.ts": [
      "if (release === undefined) throw new TypeError",
      ".find((prime) => pages % prime !== 0) ?? 1",
    ],
    "core/audit/search.ts": ["if (frame < 0) return;"],
    "core/kernel/kernel.ts": ["} // not reached: the last level"],
    "core/recording/moments.ts": [".exec(word) ?? []"],
    "core/recording/replay.ts": ["place === undefined ? -1", "while (this.#copies.length <= wanted) {"],
    "core/xen/domain.ts": ["} // not reached: L1 returns"],
    "core/strategies/map_from_mapped.ts": ["first === undefined ? NO_PAGES"],
  },
  guard: {
    "core/dump/write.ts": ["MODE_NAMES[name]?.id === mode.id"],
    "core/mmu/fault_at.ts": ["outcome.ok ? generalProtection"],
    "core/xen/store_emulation.ts": [
      "return GUESTS_FAULT; // a load: none comes here",
      "return GUESTS_FAULT; // an unaligned load: none comes here",
    ],
    "core/xen/domain.ts": [
      "this.#nextXenFrame > XEN_FRAMES",
      "if (mfn < 0) return false;",
      "mfn >= this.frames.length",
    ],
    "core/xen/domain_builder.ts": ["if (refusal !== undefined) {"],
    "core/xen/level_rules.ts": ["if (level === undefined) throw"],
  },
};

/** Why no test takes the branches of a line; undefined if nothing is known. */
export function reasonOf(file: string, line: string): Reason | undefined {
  const names = Object.keys(LINES) as Reason[];
  return names.find((name) => LINES[name][file]?.some((text) => line.includes(text)));
}
