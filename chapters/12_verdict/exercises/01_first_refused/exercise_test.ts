import { assert, assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { causeOf } from "./exercise.ts";

Deno.test("a boot that went through has no cause of death", () => {
  const run = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "16M" });
  assertEquals(causeOf(run), undefined, "This domain is alive");
});

Deno.test("a kernel that stops by itself was not refused", () => {
  const run = boot({
    platform: "xen-pae",
    strategy: "stash-in-struct-page",
    memory: "16M",
  });
  assertEquals(
    causeOf(run),
    undefined,
    "There was no page structure to look into: Xen had no part in it",
  );
});

Deno.test("write-always with PAE: page 1, a table since write 2", () => {
  const cause = causeOf(boot({ platform: "xen-pae", strategy: "write-always" }));
  assertEquals(cause?.refused, 6, "The sixth write is the one that Xen refused");
  assertEquals(
    cause?.page,
    0x1,
    "The page is a pfn: entries under Xen hold machine frames, and pageOf translates",
  );
  assert(
    cause?.tableSince !== 1,
    "Write 1 made the page read-only; a table it became when something pointed to it",
  );
  assertEquals(cause?.tableSince, 2);
});

Deno.test("write-always without PAE: the root, to which no write points", () => {
  const cause = causeOf(boot({ platform: "xen-2level", strategy: "write-always" }));
  assertEquals(cause?.page, 0x480, "swapper_pg_dir was refused");
  assertEquals(
    cause?.tableSince,
    undefined,
    "CR3 made it a table: no write in the trace points to it",
  );
});

Deno.test("the filter, with the highest pages first", () => {
  const cause = causeOf(
    boot({
      platform: "xen-pae",
      strategy: "filter-set-pte",
      bootmem: "highest-first",
      earlyIoremap: true,
    }),
  );
  assertEquals(
    cause,
    { refused: 16387, page: 0x3fe3, tableSince: 15903 },
    "Its leaf was written long after it became a table",
  );
});
