import { assertEquals } from "@std/assert";
import { access, CPUS, explain, Machine, PhysicalMemory } from "@pagetable-init/textbook";
import { mustFlush } from "./exercise.ts";

const FRAME = 0x300000;
const [P, RW, US, A, D] = [0x01, 0x02, 0x04, 0x20, 0x40];
const ADDRESS = 0x5000;

const TRIES = [["read", false], ["read", true], ["write", false], [
  "write",
  true,
]] as const;

/**
 * A machine that remembers an entry: used as its `D` bit says, for reading alone or for
 * writing too.
 */
function remembering(old: number): Machine {
  const machine = new Machine(CPUS.p6, new PhysicalMemory(1 << 24));
  machine.memory.write(0x1, 0, 0x2067);
  machine.memory.write(0x2, 5, old);
  machine.writeCr3(0x1000);
  machine.writeCr0(0x80010001);
  for (const [kind, user] of TRIES) {
    const isAllowed = explain(machine, ADDRESS, kind, { user }).outcome.ok;
    if (isAllowed && (kind === "read" || (old & D) !== 0)) {
      access(machine, ADDRESS, kind, { user });
    }
  }
  return machine;
}

/** Whether the machine, not flushed, does anything but what the new entry says. */
function goesWrong(old: number, next: number): boolean {
  return TRIES.some(([kind, user]) => {
    const machine = remembering(old);
    machine.memory.write(0x2, 5, next);
    const said = explain(machine, ADDRESS, kind, { user }).outcome;
    const done = access(machine, ADDRESS, kind, { user });
    if (done.ok !== said.ok) return true;
    if (!done.ok || !said.ok) return false;
    return done.physical !== said.physical ||
      (kind === "write" && (machine.memory.read(0x2, 5) & D) === 0);
  });
}

Deno.test("a page that is taken away must be flushed", () => {
  assertEquals(
    mustFlush(FRAME | P | RW | US, 0),
    true,
    "P is gone: without a flush the page is still there",
  );
});

Deno.test("a right that is taken away must be flushed", () => {
  assertEquals(
    mustFlush(FRAME | P | RW, FRAME | P),
    true,
    "RW is gone: without a flush the page can still be written",
  );
  assertEquals(
    mustFlush(FRAME | P | RW | US, FRAME | P | RW),
    true,
    "US is gone: without a flush user mode still gets in",
  );
});

Deno.test("giving needs no flush", () => {
  const gifts = [[P, P | RW], [P, P | US], [P | RW, P | RW | D], [
    P,
    P | RW | US | D,
  ]] as const;
  for (const [old, next] of gifts) {
    assertEquals(
      mustFlush(FRAME | old, FRAME | next),
      false,
      "Giving needs no flush: a missing right leads to a walk before a fault",
    );
  }
  assertEquals(
    mustFlush(FRAME | P | A, FRAME | P),
    false,
    "The bit A is not among those that matter here",
  );
});

Deno.test("an absent page is never remembered", () => {
  const message =
    "The old entry was absent, so it is not in the TLB, whatever its other bits say";
  assertEquals(mustFlush(0, FRAME | P), false, message);
  assertEquals(mustFlush(FRAME | RW | US | D, 0x500000 | P), false, message);
});

Deno.test("another frame must be flushed", () => {
  const message =
    "The page has another frame: without a flush the old one is still read and written";
  assertEquals(mustFlush(FRAME | P | RW, 0x500000 | P | RW), true, message);
  assertEquals(mustFlush(0xc0300000 | P, 0x40300000 | P), true, message);
});

Deno.test("a page that is marked clean must be flushed", () => {
  const message =
    "D is gone: without a flush the page is written and its entry does not say so";
  assertEquals(mustFlush(FRAME | P | RW | D, FRAME | P | RW), true, message);
});

Deno.test("no change that goes wrong is left without a flush", () => {
  const flags = Array.from({ length: 16 }, (_, bits) => (bits & 7) | ((bits & 8) << 3));
  for (const old of flags) {
    for (const next of flags.flatMap((it) => [FRAME | it, 0x500000 | it])) {
      if (!goesWrong(FRAME | old, next)) continue;
      const words = `0x${(FRAME | old).toString(16)} to 0x${next.toString(16)}`;
      assertEquals(
        mustFlush(FRAME | old, next),
        true,
        `The machine goes wrong without a flush: ${words}`,
      );
    }
  }
});

Deno.test("the bits that are not named here do not matter", () => {
  for (const bit of [0x08, 0x10, A, 0x80, 0x100, 0x200, 0x800]) {
    for (const [old, next] of [[bit, 0], [0, bit]] as const) {
      assertEquals(
        mustFlush(FRAME | P | RW | old, FRAME | P | RW | next),
        false,
        `Bit 0x${bit.toString(16)} is none of P, RW, US, D and the frame`,
      );
    }
  }
});

Deno.test("no flush where nothing is taken", () => {
  const sets = Array.from({ length: 16 }, (_, bits) => (bits & 7) | ((bits & 8) << 3));
  for (const old of sets) {
    for (const next of sets.filter((it) => (old & P) === 0 || (old & ~it) === 0)) {
      const words = `0x${(FRAME | old).toString(16)} to 0x${(FRAME | next).toString(16)}`;
      assertEquals(
        mustFlush(FRAME | old, FRAME | next),
        false,
        `Nothing is taken that could be remembered, so no flush: ${words}`,
      );
    }
  }
});

Deno.test("each bit of the frame number counts", () => {
  for (let bit = 12; bit < 32; bit++) {
    const next = (FRAME | P | RW) ^ (1 << bit);
    assertEquals(
      mustFlush(FRAME | P | RW, next),
      true,
      `The frame differs in bit ${bit} of the entry: bits 12 to 31 are the frame`,
    );
  }
});
