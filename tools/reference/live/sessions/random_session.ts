/**
 * Random sessions.
 *
 * @module
 */

import type { Random } from "../../../../chapters/guests/random.ts";
import { type LiveMode, liveMode } from "../paging/modes.ts";
import { A, CR0_WP, CR4_PGE, CR4_SMAP, CR4_SMEP, D, EFER_NXE, G, NX, P, RW, US } from "../../../../core/mmu/mod.ts";
import {
  CR0_ON,
  type EntryPlace,
  FIRST_FRAME,
  FRAMES,
  isWide,
  PAGES,
  PLACES,
  type Session,
  type Step,
  TABLES,
} from "./session.ts";

const STEPS = 24;

/** How often a flag of an entry is set. */
const ODDS: readonly (readonly [flag: number, odds: number])[] = [[P, 0.93], [RW, 0.7], [US, 0.7], [A, 0.3], [D, 0.3]];
const GLOBAL: readonly (readonly [flag: number, odds: number])[] = [...ODDS, [G, 0.3]];

/** What a session has set so far. */
interface State {
  readonly mode: LiveMode;
  root: 0 | 1;
  cr4: number;
}

/**
 * Makes a session.
 *
 * @param random The generator.
 * @param modes The paging modes to choose from.
 * @param flushed Whether every change is followed by a flush.
 * @returns The session: all entries are stored, then changes and accesses follow.
 */
export function randomSession(random: Random, modes: readonly LiveMode[], flushed: boolean): Session {
  const mode = random.pick(modes);
  const state: State = { mode, root: 0, cr4: liveMode(mode).cr4 };
  const steps: Step[] = PLACES.map((place) => store(random, mode, place));
  steps.push(...register(random, state), ...efer(random, state), { op: "cr3", root: 0 });
  for (let i = 0; i < STEPS; i++) {
    const change = random.chance(0.5) ? [] : changeOf(random, state);
    steps.push(...change);
    if (flushed && change.length > 0) steps.push(...flush(random, state, change));
    steps.push(access(random));
    if (random.chance(0.3)) steps.push(access(random));
  }
  return { mode, flushed, steps };
}

function access(random: Random): Step {
  const kind = random.pick(["read", "read", "write", "write", "fetch"] as const);
  return { op: "access", page: random.below(PAGES), kind, user: random.chance(0.5), ac: random.chance(0.3) };
}

function changeOf(random: Random, state: State): Step[] {
  const roll = random.below(100);
  if (roll < 45) return [store(random, state.mode, random.pick(PLACES))];
  if (roll < 60) return [{ op: "invlpg", page: random.below(PAGES) }];
  if (roll < 75) return [{ op: "cr3", root: state.root = random.below(2) as 0 | 1 }];
  if (roll < 85) return [{ op: "cr0", value: CR0_ON + (random.chance(0.5) ? CR0_WP : 0) }];
  if (roll < 95) return register(random, state);
  return efer(random, state);
}

function register(random: Random, state: State): Step[] {
  const bits = [CR4_PGE, CR4_SMEP, CR4_SMAP].filter((bit) => random.chance(bit === CR4_PGE ? 0.6 : 0.3));
  state.cr4 = bits.reduce((all, bit) => all | bit, liveMode(state.mode).cr4);
  return [{ op: "cr4", value: state.cr4 }];
}

/** NXE decides how an entry is read, and the manual asks for a flush after a change of it: there always is one. */
function efer(random: Random, state: State): Step[] {
  if (!isWide(state.mode)) return [];
  const { efer } = liveMode(state.mode);
  return [{ op: "efer", value: random.chance(0.7) ? efer | EFER_NXE : efer }, ...flushAll(state)];
}

function store(random: Random, mode: LiveMode, place: EntryPlace): Step {
  const isTable = place.level === "directory";
  const frame = isTable ? random.pick(TABLES) : FIRST_FRAME + random.below(FRAMES);
  const flags = (isTable ? ODDS : GLOBAL).filter(([, odds]) => random.chance(odds));
  const hi = isWide(mode) && random.chance(0.15) ? NX >>> 0 : 0;
  return { op: "store", place, hi, lo: flags.reduce((all, [flag]) => all | flag, frame * 4096) };
}

/** A flush of all that a change concerns: all pages one by one, or everything. */
function flush(random: Random, state: State, change: readonly Step[]): Step[] {
  const onlyEntries = change.every(({ op }) => op === "store");
  if (!onlyEntries || random.chance(0.5)) return flushAll(state);
  return Array.from({ length: PAGES }, (_, page) => ({ op: "invlpg", page }));
}

/** Global translations go with a change of CR4.PGE, the others with CR3. */
function flushAll({ cr4, root }: State): Step[] {
  const reload: Step = { op: "cr3", root };
  if ((cr4 & CR4_PGE) === 0) return [{ op: "cr4", value: cr4 | CR4_PGE }, { op: "cr4", value: cr4 }, reload];
  return [{ op: "cr4", value: cr4 & ~CR4_PGE }, { op: "cr4", value: cr4 }, reload];
}
