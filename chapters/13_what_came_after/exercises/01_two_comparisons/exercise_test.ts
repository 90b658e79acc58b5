import { assert, assertEquals } from "@std/assert";
import { audit, boot } from "@pagetable-init/textbook";
import { mustBeReadOnly, type Range, ranged } from "./exercise.ts";

const RANGE = { start: 0x100, end: 0x104, top: 0x110 };
const EMPTY = { start: 0x100, end: 0x100, top: 0x100 };

/** Expects an answer for a page of a range; `why` is what to think about. */
function expectReadOnly(range: Range, pfn: number, expected: boolean, why: string): void {
  const hex = (page: number) => `0x${page.toString(16)}`;
  const found = mustBeReadOnly(range, pfn);
  assert(
    found === expected,
    `start ${hex(range.start)}, end ${hex(range.end)}, top ${hex(range.top)}, page ` +
      `${hex(pfn)}: expected ${expected} but found ${found}. ${why}`,
  );
}

Deno.test("a page that is a table must be read-only", () => {
  expectReadOnly(RANGE, 0x100, true, "The first page of the range is a table");
  expectReadOnly(RANGE, 0x103, true, "The last page that is in use is a table");
});

Deno.test("a page that may become a table must be read-only", () => {
  const next = "Page 0x104 is the next table: its leaf is written once, and if it is " +
    "writable then, it is writable for ever";
  expectReadOnly(RANGE, 0x104, true, next);
  const last = "The last page of the range may become a table too";
  expectReadOnly(RANGE, 0x10f, true, last);
  const unused = "No page of the range is in use yet, but page 0x100 will be the first " +
    "table";
  expectReadOnly({ ...RANGE, end: 0x100 }, 0x100, true, unused);
});

Deno.test("a page outside the range is ordinary", () => {
  expectReadOnly(RANGE, 0x0ff, false, "The page before the range is ordinary");
  const top = "`top` is the first page that is not in the range";
  expectReadOnly(RANGE, 0x110, false, top);
});

Deno.test("an empty range has no pages", () => {
  expectReadOnly(EMPTY, 0x100, false, "An empty range contains nothing");
});

Deno.test("Xen boots with it, whichever pages come first; all pages are right", () => {
  for (const bootmem of ["lowest-first", "highest-first"] as const) {
    const { machine, outcome } = boot({
      platform: "xen-pae",
      strategy: ranged,
      bootmem,
      earlyIoremap: true,
      memory: "32M",
    });
    const said = outcome.ok ? "" : outcome.stop.message;
    assertEquals(said, "", `With ${bootmem} every write should pass Xen`);
    const { writablePageTable, notWritable } = audit(machine).permissionErrors;
    assertEquals(
      [writablePageTable.pages, notWritable.pages],
      [0, 0],
      `With ${bootmem}: page tables that can be written, and data that cannot`,
    );
  }
});
