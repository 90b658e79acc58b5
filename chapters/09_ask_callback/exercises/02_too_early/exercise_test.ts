import { assert, assertEquals } from "@std/assert";
import { boot, type BootOptions } from "@pagetable-init/textbook";
import type { Write } from "@pagetable-init/textbook/boot";
import { askedTooEarly } from "./exercise.ts";

const hex = (pages: readonly number[]) => pages.map((pfn) => `0x${pfn.toString(16)}`);

function early(options: Omit<BootOptions, "strategy" | "memory">): string[] {
  const { trace, kernel } = boot({
    strategy: "ask-callback",
    memory: "16M",
    ...options,
  });
  return hex(askedTooEarly([...trace], (mfn) => kernel.ops.toPfn(mfn)));
}

const row = (first: number, last: number) =>
  hex(Array.from({ length: last - first + 1 }, (_, at) => first + at));

/** A trace of a few writes: an operation and the low word that it stores. */
const written = (...writes: readonly (readonly [string, number])[]): Write[] =>
  writes.map(([op, lo], at) => {
    const entry = { lo, hi: 0 };
    const place = { step: at + 1, pfn: 0x515, index: 0 };
    return { ...place, op, old: entry, asked: entry, stored: entry };
  });

/** Expects pages for a few writes; `why` is what to think about. */
function expectPages(writes: readonly Write[], pages: number[], why: string): void {
  const said = writes.map(({ op, stored: { lo } }) => `${op} 0x${lo.toString(16)}`);
  const found = hex(askedTooEarly(writes, (mfn) => mfn));
  assertEquals(found, hex(pages), `${why} (writes: ${said.join(", ")})`);
}

Deno.test("with PAE new tables are asked about too early, the copied L2 is not", () => {
  const found = early({ platform: "xen-pae" });
  assert(!found.includes("0x1"), "Page 1 was known: it was a table before anybody asked");
  const why =
    "The pages from 0x2 on were mapped writable and became tables later; their " +
    "numbers are pfns: an entry under Xen holds a machine frame, and toPfn translates it";
  assertEquals(found, row(0x2, 0x7), why);
});

Deno.test("with two levels too, from page 1 on", () => {
  const why = "There is no copied L2 on xen-2level: page 1 is the first table made there";
  assertEquals(early({ platform: "xen-2level" }), row(0x1, 0x4), why);
});

Deno.test("a page that is a table when it is mapped is no mistake", () => {
  const found = early({
    platform: "xen-pae",
    bootmem: "highest-first",
    earlyIoremap: true,
  });
  const wrong = `${found.length} pages: most of these were tables first and ` +
    "mapped later, read-only; order matters";
  assert(found.length <= 2, wrong); // the last tables that are made
  expectPages(
    written(["set_pmd", 0x5067], ["set_pte", 0x5063]),
    [],
    "It was a table first and mapped writable later, as bare metal may: order matters",
  );
});

Deno.test("bare metal makes the same mistake, and nobody minds", () => {
  const why = "On a 486 tables come from low pages that are mapped already";
  assertEquals(early({ platform: "native-486" }), row(0x1, 0x3), why);
});

Deno.test("a large page is not a table", () => {
  const { length } = early({ platform: "native-p6" });
  assert(
    length === 0,
    `${length} pages: entries with PS map large pages, and what they lead to is ` +
      "no table",
  );
});

Deno.test("what counts is whether the page was mapped writable", () => {
  expectPages(
    written(["set_pte", 0x5063], ["set_pmd", 0x5067]),
    [5],
    "Mapped, then a table",
  );
  expectPages(
    written(["set_pte", 0x5061], ["set_pmd", 0x5067]),
    [],
    "Mapped read-only: the answer was right",
  );
  expectPages(
    written(["set_pte", 0x5063], ["set_pte", 0x5061], ["set_pmd", 0x5067]),
    [5],
    "A later mapping was read-only; the first answer was wrong all the same",
  );
  expectPages(
    written(["set_pte", 0x5061], ["set_pte", 0x5063], ["set_pmd", 0x5067]),
    [5],
    "The first mapping was read-only, a later one writable: one is enough",
  );
});

Deno.test("an entry of a higher level maps no page", () => {
  expectPages(
    written(["set_pud", 0x5067], ["set_pmd", 0x5067]),
    [],
    "set_pud leads to a table: only what set_pte writes maps a page",
  );
});

Deno.test("what counts is the entry that was stored", () => {
  const [leaf, link] = written(["set_pte", 0x5061], ["set_pmd", 0x5067]);
  if (leaf === undefined || link === undefined) {
    throw new RangeError("Expected two writes");
  }
  expectPages(
    [{ ...leaf, asked: { lo: 0x5063, hi: 0 } }, link],
    [],
    "RW was asked for and not stored: look at `stored`",
  );
});

Deno.test("bit 7 of a last-level entry is no PS", () => {
  expectPages(
    written(["set_pte", 0x50e3], ["set_pmd", 0x5067]),
    [5],
    "In an entry that set_pte writes, bit 7 is PAT: the page is mapped all the same",
  );
});

Deno.test("an entry that is cleared leads nowhere", () => {
  expectPages(
    written(["set_pte", 0x5062], ["set_pmd", 0x5067]),
    [],
    "An entry without P maps nothing and links nothing, whatever else is in it",
  );
  expectPages(
    written(["set_pte", 0x5063], ["set_pmd", 0x5066]),
    [],
    "An entry without P maps nothing and links nothing, whatever else is in it",
  );
});

Deno.test("a page is named once, by its number", () => {
  expectPages(
    written(["set_pte", 0x5063], ["set_pmd", 0x5067], ["set_pmd", 0x5067]),
    [5],
    "A page that is linked twice is one page",
  );
  expectPages(
    written(
      ["set_pte", 0x5063],
      ["set_pte", 0x6063],
      ["set_pmd", 0x5067],
      ["set_pmd", 0x6067],
      ["set_pmd", 0x5067],
    ),
    [5, 6],
    "Page 0x5 is linked again after page 0x6, and is one page all the same",
  );
  expectPages(
    written(["set_pte", 0x8000_5063], ["set_pmd", 0x8000_5067]),
    [0x80005],
    "Bit 31 belongs to the frame number: >> is signed, >>> is not",
  );
});
