import { assert, assertEquals } from "@std/assert";
import { boot, type BootOptions } from "@pagetable-init/textbook";
import { askedTooEarly } from "./exercise.ts";

function early(options: Omit<BootOptions, "strategy" | "memory">): number[] {
  const { trace, kernel } = boot({ strategy: "ask-callback", memory: "16M", ...options });
  return askedTooEarly([...trace], (mfn) => kernel.ops.toPfn(mfn));
}

const row = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

Deno.test("with PAE the new tables are asked about early, the copied L2 is not", () => {
  const found = early({ platform: "xen-pae" });
  assert(!found.includes(0x1), "Page 1 was known: it was a table before anybody asked");
  assertEquals(
    found,
    row(0x2, 0x7),
    "The pages from 0x2 on were mapped writable and became tables later",
  );
});

Deno.test("with two levels too, from page 1 on", () => {
  assertEquals(early({ platform: "xen-2level" }), row(0x1, 0x4));
});

Deno.test("a page that is a table when it is mapped is no mistake", () => {
  const found = early({
    platform: "xen-pae",
    bootmem: "highest-first",
    earlyIoremap: true,
  });
  const wrong =
    `${found.length} pages: most of these were tables first and mapped later, ` +
    "read-only; order matters";
  // the tables of the fixmap and of high memory come last
  assert(found.length <= 2, wrong);
});

Deno.test("bare metal makes the same mistake, and nobody minds", () => {
  assertEquals(
    early({ platform: "native-486" }),
    row(0x1, 0x3),
    "On a 486 tables come from low pages that are mapped already",
  );
});

Deno.test("a large page is not a table", () => {
  const { length } = early({ platform: "native-p6" });
  assert(
    length === 0,
    `${length} pages: entries with PS map large pages, and what they lead to is no table`,
  );
});

Deno.test("an entry that is cleared leads nowhere", () => {
  const write = (op: string, lo: number) => {
    const entry = { lo, hi: 0 };
    return { step: 1, op, pfn: 0x515, index: 0, old: entry, asked: entry, stored: entry };
  };
  const same = (mfn: number) => mfn;
  assertEquals(
    askedTooEarly([write("set_pte", 0x5063), write("set_pmd", 0x5067)], same),
    [5],
    "Mapped, then a table",
  );
  assertEquals(
    askedTooEarly([write("set_pte", 0x5061), write("set_pmd", 0x5067)], same),
    [],
    "Mapped read-only: the answer was right",
  );
  const cleared =
    "An entry without P maps nothing and links nothing, whatever else is in it";
  assertEquals(
    askedTooEarly([write("set_pte", 0x5062), write("set_pmd", 0x5067)], same),
    [],
    cleared,
  );
  const twice = [
    write("set_pte", 0x5063),
    write("set_pmd", 0x5067),
    write("set_pmd", 0x5067),
  ];
  assertEquals(
    askedTooEarly(twice, same),
    [5],
    "A page that is linked twice is one page",
  );
});
