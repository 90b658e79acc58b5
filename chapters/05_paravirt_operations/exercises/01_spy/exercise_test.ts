import { assert, assertEquals, fail } from "@std/assert";
import { audit, boot } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import type { EntryWriter } from "@pagetable-init/textbook/paravirt";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { watchSetPte } from "./exercise.ts";

type Watched = { setPte: EntryWriter | undefined };

/** Runs something, and says in words what went wrong if it calls itself for ever. */
function ending<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) {
      fail("The spy calls itself: keep the old function, ops.setPte is the spy by then");
    }
    throw error;
  }
}

function called(ops: Watched, entry: number, hi: number, lo: number): void {
  ending(() => ops.setPte?.(entry, hi, lo));
}

Deno.test("the spy is told every write", () => {
  const told: number[][] = [];
  const ops: Watched = { setPte: () => {} };
  watchSetPte(ops, (entry, hi, lo) => void told.push([entry, lo, hi]));
  called(ops, 0xc0500000, 0, 0x63);
  called(ops, 0xc0500004, -1, 0x1063);
  assertEquals(
    told,
    [[0xc0500000, 0x63, 0], [0xc0500004, 0x1063, -1]],
    "onWrite gets the entry and both words of each write",
  );
});

Deno.test("the old operation is still done, once", () => {
  const done: number[][] = [];
  const ops: Watched = { setPte: (entry, hi, lo) => void done.push([entry, lo, hi]) };
  watchSetPte(ops, () => {});
  called(ops, 0xc0500000, -1, 0x63);
  assert(
    done.length > 0,
    "The write is not made any more: a spy that swallows calls is a saboteur",
  );
  assertEquals(
    done,
    [[0xc0500000, 0x63, -1]],
    "The old operation gets what the spy got, both words, once",
  );
});

Deno.test("the spy stays", () => {
  let told = 0;
  const ops: Watched = { setPte: () => {} };
  watchSetPte(ops, () => void told++);
  for (let at = 0; at < 3; at++) called(ops, 0xc0500000, 0, 0x63);
  const words =
    "Of three writes of one entry some were not told: the spy must stay in place";
  assertEquals(told, 3, words);
});

Deno.test("the spy comes first", () => {
  const order: string[] = [];
  const ops: Watched = { setPte: () => void order.push("write") };
  watchSetPte(ops, () => void order.push("told"));
  called(ops, 0xc0500000, 0, 0x63);
  assertEquals(
    order,
    ["told", "write"],
    "The spy is told after the write: the old entry is gone by then",
  );
});

Deno.test("where there is no set_pte there is none afterwards", () => {
  const ops: Watched = { setPte: undefined };
  watchSetPte(ops, () => {});
  assertEquals(
    ops.setPte,
    undefined,
    "There was no set_pte: a spy in its place hides the mistake of calling it",
  );
});

Deno.test("a kernel boots as before", () => {
  let writes = 0;
  const prepare = ({ ops }: Kernel) => watchSetPte(ops, () => void writes++);
  const strategy = { ...findStrategy("write-always"), prepare };
  const { machine, outcome, kernel } = ending(() =>
    boot({ platform: "native-486", strategy })
  );
  assertEquals(outcome.ok, true, "The kernel does not boot any more");
  assertEquals(
    audit(machine).coverage.mapped,
    kernel.layout.maxLowPfn,
    "Pages are missing in the map",
  );
  assertEquals(writes, 16_385, "Some writes were not told");
});
