import { assert, assertEquals } from "@std/assert";
import { audit, boot } from "@pagetable-init/textbook";
import { mustBeReadOnly, ranged } from "./exercise.ts";

const range = { start: 0x100, end: 0x104, top: 0x110 };

Deno.test("a page that is a table must be read-only", () => {
  assert(mustBeReadOnly(range, 0x100), "The first page of the range is a table");
  assert(mustBeReadOnly(range, 0x103), "The last page that is in use is a table");
});

Deno.test("a page that may become a table must be read-only", () => {
  assert(
    mustBeReadOnly(range, 0x104),
    "Page 0x104 is the next table: its leaf is written once, and if it is writable " +
      "then, it is writable for ever",
  );
  assert(
    mustBeReadOnly(range, 0x10f),
    "The last page of the range may become a table too",
  );
  assert(
    mustBeReadOnly({ start: 0x100, end: 0x100, top: 0x110 }, 0x100),
    "No page of the range is in use yet, but page 0x100 will be the first table",
  );
});

Deno.test("a page outside the range is ordinary", () => {
  assert(!mustBeReadOnly(range, 0x0ff), "The page before the range is ordinary");
  assert(
    !mustBeReadOnly(range, 0x110),
    "`top` is the first page that is not in the range",
  );
});

Deno.test("an empty range has no pages", () => {
  assert(
    !mustBeReadOnly({ start: 0x100, end: 0x100, top: 0x100 }, 0x100),
    "An empty range contains nothing",
  );
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
