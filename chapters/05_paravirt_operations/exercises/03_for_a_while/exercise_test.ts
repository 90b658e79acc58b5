import { assert, assertEquals, fail } from "@std/assert";
import type { EntryWriter } from "@pagetable-init/textbook/paravirt";
import { forAWhile } from "./exercise.ts";

const RW = 0x002;
const hex = (word: number | undefined) => `0x${(word ?? 0).toString(16)}`;

/** A record whose `set_pte` writes into a map. */
function recordOf(written: Map<number, number>): { setPte: EntryWriter | undefined } {
  return { setPte: (entry, _hi, lo) => void written.set(entry, lo) };
}

/** Makes a `set_pte` that never gives RW. */
function withoutRw(plain: EntryWriter): EntryWriter {
  return (entry, hi, lo) => plain(entry, hi, lo & ~RW);
}

/** Runs something, and says in words what went wrong if it calls itself for ever. */
function ending(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    fail("The other operation calls itself: give temporary the old one, not ops.setPte");
  }
}

Deno.test("the work is done with the other operation", () => {
  const written = new Map<number, number>();
  const ops = recordOf(written);
  ending(() => forAWhile(ops, withoutRw, () => ops.setPte?.(8, 0, 0x1063)));
  assert(
    written.size > 0,
    "The work was not done, or its writes were lost: temporary needs the plain " +
      "operation to write with",
  );
  assertEquals(
    hex(written.get(8)),
    "0x1061",
    "During the work the other operation must be in the record",
  );
});

Deno.test("the work is done once", () => {
  let done = 0;
  forAWhile(recordOf(new Map()), withoutRw, () => void done++);
  assertEquals(done, 1, "The work must be done once, with the other operation in place");
});

Deno.test("afterwards the old operation is back", () => {
  const ops = recordOf(new Map());
  const before = ops.setPte;
  forAWhile(ops, withoutRw, () => {});
  assert(
    ops.setPte === before,
    "The other operation is still in the record: no page will ever become writable again",
  );
});

Deno.test("it is back even if the work throws", () => {
  const ops = recordOf(new Map());
  const before = ops.setPte;
  let thrown = false;
  try {
    forAWhile(ops, withoutRw, () => {
      throw new Error("the work fails");
    });
  } catch {
    thrown = true;
  }
  assert(
    thrown,
    "The error of the work was swallowed: the caller believes that all is well",
  );
  assert(
    ops.setPte === before,
    "The work threw, and the other operation has stayed: put the old one back in a " +
      "finally",
  );
});

Deno.test("where there was none there is none", () => {
  const ops: { setPte: EntryWriter | undefined } = { setPte: undefined };
  let done = 0;
  forAWhile(ops, withoutRw, () => void done++);
  assertEquals(done, 1, "Without a set_pte the work is to be done all the same, once");
  assertEquals(
    ops.setPte,
    undefined,
    "There was no set_pte before, and there is one afterwards",
  );
});

Deno.test("one while within another", () => {
  const written = new Map<number, number>();
  const ops = recordOf(written);
  const before = ops.setPte;
  const inner = () => {
    forAWhile(
      ops,
      (plain) => (entry, hi, lo) => plain(entry, hi, lo | 0x100),
      () => ops.setPte?.(4, 0, 0x63),
    );
    ops.setPte?.(8, 0, 0x63);
  };
  ending(() => forAWhile(ops, withoutRw, inner));
  assertEquals(
    [hex(written.get(4)), hex(written.get(8))],
    ["0x161", "0x61"],
    "The inner operation must build on the outer one, and give way to it",
  );
  assert(ops.setPte === before, "After two whiles the first operation should be back");
});

Deno.test("the other operation is made once", () => {
  let made = 0;
  const counting = (plain: EntryWriter) => (made++, plain);
  forAWhile(recordOf(new Map()), counting, () => {});
  assertEquals(
    made,
    1,
    "temporary makes one operation out of the plain one: call it once",
  );
});
