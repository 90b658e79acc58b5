/**
 * The entries in Xen's slots of a guest's tables, and the tables that they point to.
 *
 * The machine-to-physical table is always mapped, read-only. The 32-bit modes need no more: the guest's segments end below the rest of Xen's area,
 * and this Xen reads page tables as physical memory. In a 64-bit guest's L4 the rest is mapped on request.
 *
 * @module
 */

import { highWord, lowWord } from "../mmu/entry.ts";
import { A, D, NX, P, PS, RW, US } from "../mmu/mod.ts";
import type { PrivateEntry } from "./contract.ts";
import type { Domain } from "./domain.ts";
import type { LevelRules } from "./level_rules.ts";
import { m2pFrames } from "./m2p.ts";

/** An entry for one of Xen's slots. */
export interface FilledSlot {
  /** Rules of the level that has the slot. */
  readonly rules: LevelRules;
  /** The slot. */
  readonly slot: number;
  /** Machine frame that the entry leads to; -1 for the table that holds it. */
  readonly target: number;
  /** Flags, low word. */
  readonly lo: number;
  /** Flags, high word. */
  readonly hi: number;
  /** Whether it is filled when the table is loaded. */
  readonly whenLoaded: boolean;
}

/**
 * Builds the tables behind Xen's slots, and returns the entries for the slots.
 *
 * @param domain The domain; its machine-to-physical table has its frames.
 * @param ownMappings Whether to map more than that table.
 * @returns The entries.
 */
export function privateSlots(domain: Domain, ownMappings: boolean): FilledSlot[] {
  const { nx } = domain.machine.cpu;
  return domain.levels.flatMap((rules) => {
    const entries = rules.row.privateSlots?.entries ?? [];
    return entries.filter(({ holds }) => ownMappings || holds === "m2p").flatMap((entry) =>
      targetsOf(domain, rules, entry).map((target, i) => ({
        rules,
        slot: entry.slot + i,
        target,
        lo: entry.flags,
        hi: entry.nx && nx ? NX : 0,
        whenLoaded: entry.whenLoaded,
      }))
    );
  });
}

function targetsOf(domain: Domain, rules: LevelRules, { holds }: PrivateEntry): number[] {
  if (holds === "self") return [-1];
  if (holds === "direct-map") return [directMap(domain)];
  let targets = Array.from({ length: m2pFrames(domain) }, (_, i) => domain.m2pFirstMfn + i);
  for (let depth = 1; depth < rules.depth; depth++) targets = tablesOver(domain, depth, targets);
  return targets;
}

/** Tables of one level whose entries point to frames, in their order: read-only, and open to ring 3 where the guest's kernel runs there. */
function tablesOver(domain: Domain, depth: number, targets: readonly number[]): number[] {
  const { entries } = domain.rulesOf(depth);
  const flags = P | A | (domain.contract.kernelRing === 3 ? US : 0);
  const tables: number[] = [];
  targets.forEach((target, i) => {
    if (i % entries === 0) tables.push(domain.allocateXenFrame());
    domain.writeEntry(tables[tables.length - 1] ?? 0, i % entries, highWord(target), lowWord(target, flags));
  });
  return tables;
}

/** An L3 whose first entry maps the first gigabyte of memory, in 2M pages, for the supervisor only. */
function directMap(domain: Domain): number {
  const l3 = domain.allocateXenFrame();
  const l2 = domain.allocateXenFrame();
  const flags = P | RW | A | D;
  domain.writeEntry(l3, 0, 0, lowWord(l2, flags));
  for (let i = 0; i < 512; i++) domain.writeEntry(l2, i, 0, (i << 21) | flags | PS);
  return l3;
}
