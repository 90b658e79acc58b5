/**
 * A page that the TLB remembers, for the tests of what makes it forget.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Machine } from "../../../core/mmu/mod.ts";
import { machineIn, outcome, PAGE, setEntry, tableAbove } from "./machines.ts";

const PT = tableAbove("4-level");

/** A machine in 4-level paging whose page 1 is frame 5, walked and remembered. */
export function remembering(flags: number = PAGE, setting: { cr4?: number; efer?: number } = {}): Machine {
  const machine = machineIn("4-level", setting);
  setEntry(machine, PT, 1, 0x5000 | flags);
  assertEquals(outcome(machine, 0x1000), "frame 5");
  return machine;
}

/** Remaps page 1 from frame 5 to frame 6. */
export function remap(machine: Machine, flags: number = PAGE): void {
  setEntry(machine, PT, 1, 0x6000 | flags);
}
