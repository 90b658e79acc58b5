import { assertEquals } from "@std/assert";
import { audit, boot, type Platform, type Strategy } from "@pagetable-init/textbook";
import { bareMachine, MEMORY, ODD, xenOptions } from "./face_rows.ts";
import { findPlatform } from "@pagetable-init/textbook/boot";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { Hypervisor } from "@pagetable-init/textbook/xen";

const strategyWith = (part: Partial<Strategy>) =>
  boot({ platform: "native-486", memory: MEMORY, strategy: { ...findStrategy("write-always"), id: "own", ...part } });
const platformWith = (part: object) =>
  boot({ platform: { ...findPlatform("native-486"), id: "own", ...part } as Platform, strategy: "write-always" });

const booted = boot({ platform: "native-486", strategy: "write-always", memory: MEMORY });

/** What a caller's function answers, or what a part of an object holds, and the odd values that are right there. */
const PLACES: readonly (readonly [place: string, use: (odd: never) => unknown, takes: readonly string[]])[] = [
  ["the order of mapping", (odd) => strategyWith({ mappingOrder: () => odd }), ["list", "map"]],
  ["a range of the order", (odd) => strategyWith({ mappingOrder: () => [odd] }), []],
  ["a page for a table", (odd) => strategyWith({ allocTable: () => odd }), []],
  ["an intent", (odd) => audit(booted, { intent: () => odd }), ["list"]],
  ["a range of an intent", (odd) => audit(booted, { intent: () => [odd] }), []],
  [
    "the memory of a machine",
    (odd) => boot({ platform: "native-486", strategy: "write-always", memory: MEMORY, physicalMemory: () => odd }),
    [],
  ],
  ["a frame of a p2m", (odd) => new Hypervisor({ ...xenOptions(), p2m: () => odd }), []],
  ["a CPU", (cpu) => platformWith({ cpu }), []],
  ["an address space", (space) => platformWith({ space }), []],
  ["the TLB of a snapshot", (tlb) => bareMachine().restore({ ...bareMachine().snapshot(), tlb }), []],
  ["the registers of a snapshot", (registers) => bareMachine().restore({ ...bareMachine().snapshot(), registers }), []],
  ["the memory of a snapshot", (memory) => bareMachine().restore({ ...bareMachine().snapshot(), memory }), []],
];

function complaint(use: (odd: never) => unknown, odd: unknown): string | undefined {
  try {
    use(odd as never);
    return "took it in silence";
  } catch (error) {
    const refused = error instanceof TypeError || error instanceof RangeError;
    return refused && /^Expected [^]* but found /.test(error.message) ? undefined : String(error);
  }
}

for (const [place, use, takes] of PLACES) {
  Deno.test(`${place} is refused in the words of the house if it is no such thing`, () => {
    const wrong = Object.entries(ODD).filter(([odd]) => !takes.includes(odd));
    const complaints = wrong.flatMap(([odd, value]) => {
      const said = complaint(use, value);
      return said === undefined ? [] : [`${odd}: ${said}`];
    });
    assertEquals(complaints, []);
  });
}
