import { assert, assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { askedTooEarly, eventsOf, type PageEvent } from "./exercise.ts";

const leaf = (pfn: number, writable = true): PageEvent => ({ kind: "leaf", pfn, writable });
const table = (pfn: number): PageEvent => ({ kind: "table", pfn, writable: false });

Deno.test("a table whose leaf nobody wrote is not among them", () => {
  assertEquals(
    askedTooEarly([table(5)]),
    [],
    "Page 5 became a table, but no leaf was written for it: that question was never asked",
  );
});

Deno.test("a leaf that is written read-only was no mistake", () => {
  assertEquals(askedTooEarly([leaf(5, false), table(5)]), [], "Page 5 was written read-only: the answer was right");
});

Deno.test("a leaf that is written after the page became a table was not too early", () => {
  assertEquals(
    askedTooEarly([table(5), leaf(5)]),
    [],
    "Page 5 was a table first: that is another error, and not one of time",
  );
});

Deno.test("pages come in the order in which they became tables", () => {
  assertEquals(
    askedTooEarly([leaf(2), leaf(3), leaf(4), table(4), table(2)]),
    [4, 2],
    "Page 4 became a table before page 2",
  );
});

Deno.test("a boot with PAE under Xen asks too early for thirty pages", () => {
  const pages = askedTooEarly(eventsOf(boot({ platform: "xen-pae", strategy: "query-special" })));
  assert(pages[0] === 0x2, "Page 2 is the first; page 1 was read-only before its leaf was written");
  assertEquals(pages, Array.from({ length: 30 }, (_, at) => at + 2));
});

Deno.test("with the highest pages first it asks too early for two", () => {
  const run = boot({ platform: "xen-pae", strategy: "query-special", bootmem: "highest-first" });
  const pages = askedTooEarly(eventsOf(run));
  assertEquals(
    pages,
    [0x3fe2, 0x3fe1],
    "All tables of lowmem are known before their leaves; two more tables come after lowmem",
  );
});
