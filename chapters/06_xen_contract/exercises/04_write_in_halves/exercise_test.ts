import { assert, assertEquals } from "@std/assert";
import { formatFlags, NX, P } from "@pagetable-init/textbook/mmu";
import { type Entry, setEntry } from "./exercise.ts";

const ABSENT: Entry = { lo: 0, hi: 0 };
const CODE: Entry = { lo: 0x00300063, hi: 0 };
const DATA: Entry = { lo: 0x00300063, hi: NX };
const HIGH: Entry = { lo: 0x00700063, hi: 0x2 };
const READ_ONLY: Entry = { lo: 0x00300061, hi: 0 };

/** Every state that the CPU can see, after each store. */
function statesOf(old: Entry, wanted: Entry): Entry[] {
  const now = { lo: old.lo, hi: old.hi };
  const states: Entry[] = [];
  setEntry(
    (half, value) => {
      now[half] = value;
      states.push({ ...now });
    },
    old,
    wanted,
  );
  return states;
}

const same = (one: Entry, other: Entry) => one.lo === other.lo && one.hi === other.hi;
const words = ({ lo, hi }: Entry) =>
  `${formatFlags(hi, lo)} of frame 0x${(hi & 0xfffff).toString(16)}_${
    (lo >>> 12).toString(16)
  }`;

function neverMixed(old: Entry, wanted: Entry, why: string): void {
  const mixed = statesOf(old, wanted).find((it) =>
    (it.lo & P) !== 0 && !same(it, old) && !same(it, wanted)
  );
  assert(
    mixed === undefined,
    `${why} (the CPU sees ${mixed === undefined ? "" : words(mixed)})`,
  );
}

Deno.test("the new entry is complete in the end", () => {
  for (
    const [old, wanted] of [[ABSENT, CODE], [ABSENT, DATA], [CODE, DATA], [DATA, HIGH], [
      CODE,
      READ_ONLY,
    ]] as const
  ) {
    const last = statesOf(old, wanted).at(-1);
    assert(
      last !== undefined && same(last, wanted),
      "The upper half was forgotten, or the entry is not complete in the end",
    );
  }
});

Deno.test("an entry that appears is present only when it is complete", () => {
  neverMixed(
    ABSENT,
    DATA,
    "Lower half first: the page is present before its NX is there",
  );
  neverMixed(
    ABSENT,
    HIGH,
    "Lower half first: for a moment the entry leads to a frame below 4 GiB",
  );
});

Deno.test("an entry that goes is gone before it is incomplete", () => {
  neverMixed(
    DATA,
    ABSENT,
    "Upper half first: the page is still present when its NX is taken away",
  );
  const last = statesOf(DATA, ABSENT).at(-1);
  assert(
    ((last?.lo ?? 1) & P) === 0,
    `The entry is still present: ${words(last ?? DATA)}`,
  );
});

Deno.test("an entry that changes is absent in between", () => {
  neverMixed(CODE, HIGH, "A present entry was changed half by half: take P away first");
  neverMixed(HIGH, DATA, "A present entry was changed half by half: take P away first");
});

Deno.test("where the upper half stays, one store is enough", () => {
  for (const [old, wanted] of [[CODE, READ_ONLY], [ABSENT, CODE]] as const) {
    assertEquals(
      statesOf(old, wanted).length,
      1,
      "A half that stays need not be stored: on Xen each store is a page fault",
    );
  }
});

Deno.test("where the lower half stays, one store is enough", () => {
  const message =
    "Only the upper half changes: one store leads from the old entry to the new one, " +
    "and nothing lies between";
  assertEquals(statesOf(CODE, DATA).length, 1, message);
  assertEquals(statesOf(DATA, CODE).length, 1, message);
});

Deno.test("where both halves stay, nothing is stored", () => {
  const message = "The entry is what it should be already: no store is necessary";
  assertEquals(statesOf(CODE, CODE).length, 0, message);
});

Deno.test("no entry takes more than three stores", () => {
  const count = (old: Entry, wanted: Entry) => statesOf(old, wanted).length;
  assert(count(CODE, HIGH) <= 3, "More than three stores");
  assert(
    count(ABSENT, DATA) <= 2,
    "An absent entry needs no third store: there is no P to take away",
  );
});

Deno.test("an entry that goes takes at most two stores", () => {
  for (const absent of [ABSENT, { lo: 0x00700062, hi: 0 }]) {
    assert(
      statesOf(DATA, absent).length <= 2,
      "An entry that goes needs no third store: its last lower half can be stored first",
    );
  }
});
