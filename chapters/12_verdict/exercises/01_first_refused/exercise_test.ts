import { assert, assertEquals } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import type { Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { type Cause, causeOf } from "./exercise.ts";

/** A cause in words, with the page in hexadecimal. */
function inWords(cause: Cause | undefined): string {
  if (cause === undefined) return "no cause";
  const since = cause.tableSince === undefined ? "" : `, since write ${cause.tableSince}`;
  return `write ${cause.refused}, page 0x${cause.page.toString(16)}, a table${since}`;
}

Deno.test("a boot that went through has no cause of death", () => {
  const run = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "16M" });
  assertEquals(inWords(causeOf(run)), "no cause", "This domain is alive");
});

Deno.test("a kernel that stops by itself was not refused", () => {
  const run = boot({
    platform: "xen-pae",
    strategy: "stash-in-struct-page",
    memory: "16M",
  });
  assertEquals(
    inWords(causeOf(run)),
    "no cause",
    "There was no page structure to look into: Xen had no part in it",
  );
});

Deno.test("write-always with PAE: page 1, a table since write 2", () => {
  const cause = causeOf(
    boot({ platform: "xen-pae", strategy: "write-always", memory: "16M" }),
  );
  const found = `found: ${inWords(cause)}`;
  assertEquals(
    cause?.refused,
    6,
    `The sixth write is the one that Xen refused; ${found}`,
  );
  assert(
    cause?.page === 0x1,
    "The page is a pfn: entries under Xen hold machine frames, and pageOf translates; " +
      found,
  );
  assert(
    cause?.tableSince !== 1,
    "Write 1 made the page read-only; a table it became when something pointed to it",
  );
  assertEquals(
    cause?.tableSince,
    2,
    "An L2 is made a table by set_pud, an L1 by set_pmd: look for both",
  );
});

Deno.test("write-always without PAE: the root, to which no write points", () => {
  const cause = causeOf(
    boot({ platform: "xen-2level", strategy: "write-always", memory: "16M" }),
  );
  assertEquals(
    inWords(cause),
    "write 1155, page 0x480, a table",
    "swapper_pg_dir was refused. CR3 made it a table: no write in the trace points to it",
  );
});

Deno.test("the filter, with the highest pages first", () => {
  const cause = causeOf(
    boot({
      platform: "xen-pae",
      strategy: "filter-set-pte",
      bootmem: "highest-first",
      earlyIoremap: true,
      memory: "16M",
    }),
  );
  assertEquals(
    inWords(cause),
    "write 4099, page 0xffb, a table, since write 3591",
    "Its leaf was written long after it became a table; a refused write stores " +
      "nothing, so look at what was asked for",
  );
});

Deno.test("a link that is written again makes no new table", () => {
  const prepare = (kernel: Kernel) => {
    const setPmd = kernel.setPmd.bind(kernel);
    kernel.setPmd = (...link) => {
      setPmd(...link);
      setPmd(...link);
    };
  };
  const cause = causeOf(
    boot({
      platform: "xen-pae",
      strategy: { ...findStrategy("filter-set-pte"), prepare },
      bootmem: "highest-first",
      earlyIoremap: true,
      memory: "16M",
    }),
  );
  assertEquals(
    inWords(cause),
    "write 4103, page 0xffb, a table, since write 3594",
    "Each link is written twice here: the first made the page a table, the second " +
      "changed nothing",
  );
});
