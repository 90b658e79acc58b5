/**
 * From a machine on which something fails to the simplest one that can be reached from it.
 *
 * fast-check shrinks a value field by field in the order in which it was generated. Here the order is stated across fields
 * (`complexityOf`), and least memory is a search of its own, so that the last steps are taken here.
 *
 * @module
 */

import { findPlatform, type PlatformId, PLATFORMS } from "../../core/platforms.ts";
import type { PageRun } from "../../core/kernel/mod.ts";
import { isSimpler, type MachineCase, MIN_MEMORY, OTHERS, PLAIN } from "./machine.ts";

/** Boots that one search may take. */
const MAX_TRIALS = 600;

/**
 * Makes a machine simpler as long as the failure stays.
 *
 * @param machine A machine that fails.
 * @param allowed The platforms that are searched.
 * @param fails Whether a machine fails.
 * @returns A machine that fails and of which no single step to a simpler one does.
 */
export function minimize(
  machine: MachineCase,
  allowed: readonly PlatformId[],
  fails: (machine: MachineCase) => boolean,
): MachineCase {
  let trials = 0;
  const still = (candidate: MachineCase) => trials++ < MAX_TRIALS && fails(candidate);
  let best = machine;
  for (let changed = true; changed && trials < MAX_TRIALS;) {
    changed = false;
    for (const candidates of [features, memory, plainOptions, nearer, platforms]) {
      for (const candidate of candidates(best, allowed)) {
        const fitted = fit(candidate);
        if (!isSimpler(fitted, best) || !still(fitted)) continue;
        best = fitted;
        changed = true;
        break;
      }
      if (changed) break;
    }
  }
  return best;
}

/** With one CPU feature less, or none. */
function* features(machine: MachineCase): Generator<MachineCase> {
  yield { ...machine, pse: false, pge: false, nx: false };
  for (const name of ["nx", "pge", "pse"] as const) if (machine[name]) yield { ...machine, [name]: false };
}

/** With less memory: as little as there is, half way there, and so on to one page less. */
function* memory(machine: MachineCase): Generator<MachineCase> {
  for (const pages of between(MIN_MEMORY, machine.memory)) yield { ...machine, memory: pages };
}

/** With one option plain, or all. */
function* plainOptions(machine: MachineCase): Generator<MachineCase> {
  yield { ...machine, ...PLAIN, memory: machine.memory };
  for (const name of OTHERS) yield { ...machine, [name]: PLAIN[name] };
}

/** With one number nearer to the plain one, or one range of pages less or shorter. */
function* nearer(machine: MachineCase): Generator<MachineCase> {
  for (const name of ["kernelEnd", "bss", "template", "fixmapSlots", "lowPagesTaken"] as const) {
    for (const value of between(PLAIN[name], machine[name])) yield { ...machine, [name]: value };
  }
  for (const special of fewerPages(machine.special)) yield { ...machine, special };
  for (const reserved of fewerPages(machine.reserved)) yield { ...machine, reserved };
}

/** Ranges of pages with one range less, two that meet as one, or a shorter one. */
function* fewerPages<T extends PageRun>(ranges: readonly T[]): Generator<readonly T[]> {
  for (const [at, range] of ranges.entries()) {
    yield ranges.toSpliced(at, 1);
    for (const [to, other] of ranges.entries()) {
      const meets = range.end >= other.first && other.end > range.end;
      if (meets) yield ranges.with(at, { ...range, end: other.end }).toSpliced(to, 1);
    }
    for (const pages of between(1, range.end - range.first)) {
      yield ranges.with(at, { ...range, end: range.first + pages });
      yield ranges.with(at, { ...range, first: range.end - pages });
    }
  }
}

/** On a platform that stands earlier in the matrix, with such features as its CPU has. */
function* platforms(machine: MachineCase, allowed: readonly PlatformId[]): Generator<MachineCase> {
  for (const { id, cpu } of PLATFORMS) {
    if (id === machine.platform) return;
    if (!allowed.includes(id)) continue;
    yield {
      ...machine,
      platform: id,
      pse: machine.pse && cpu.pse,
      pge: machine.pge && cpu.pge,
      nx: machine.nx && cpu.nx,
    };
  }
}

/** Whole numbers from one to another, the first first, then halves of the way that is left, up to the next neighbour of the second. */
function* between(near: number, far: number): Generator<number> {
  for (let way = far - near; way !== 0; way = Math.trunc(way / 2)) yield far - way;
}

/** A machine whose sizes fit its memory, and whose CPU has no more than its platform's. */
function fit(machine: MachineCase): MachineCase {
  const { memory, platform } = machine;
  const { cpu } = findPlatform(platform);
  const within = <T extends PageRun>(ranges: readonly T[]) =>
    ranges.map((range) => ({ ...range, end: Math.min(range.end, memory) })).filter(({ first, end }) => first < end);
  return {
    ...machine,
    pse: machine.pse && cpu.pse,
    pge: machine.pge && cpu.pge,
    nx: machine.nx && cpu.nx,
    kernelEnd: Math.min(machine.kernelEnd, Math.floor(memory / 2)),
    template: Math.min(machine.template, memory),
    special: within(machine.special),
    reserved: within(machine.reserved),
  };
}
