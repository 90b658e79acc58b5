import { assert, assertEquals } from "@std/assert";
import { boot, type Strategy } from "@pagetable-init/textbook";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { filteredPages } from "./exercise.ts";

const hex = (pages: readonly number[]) => pages.map((pfn) => `0x${pfn.toString(16)}`);

Deno.test("PAE: nine pages, in order", () => {
  const pages = hex(
    filteredPages(boot({ platform: "xen-pae", strategy: "filter-set-pte" })),
  );
  assert(!pages.includes("0x800"), "Page 0x800 was stored as it was asked for");
  assert(
    !pages.includes("0x2"),
    "Page 2 is made read-only by the alloc hook, with update_va_mapping: that was " +
      "asked for and done",
  );
  const nine = [
    "0x1",
    "0x480",
    "0x481",
    "0x513",
    "0x514",
    "0x515",
    "0x516",
    "0x517",
    "0x518",
  ];
  assertEquals(
    pages,
    nine,
    "The nine whose leaves were asked for writable and stored read-only, by pfn",
  );
});

Deno.test("two-level: five pages", () => {
  const pages = hex(
    filteredPages(
      boot({ platform: "xen-2level", strategy: "filter-set-pte", memory: "16M" }),
    ),
  );
  assertEquals(
    pages,
    ["0x480", "0x481", "0x507", "0x508", "0x509"],
    "On xen-2level there is no copied L2, and the builder made three tables",
  );
});

Deno.test("a refusal is not the work of a filter", () => {
  const run = boot({ platform: "xen-pae", strategy: "write-always", memory: "16M" });
  assertEquals(
    hex(filteredPages(run)),
    [],
    "Page 1 was refused by Xen; there is no filter in write-always",
  );
});

Deno.test("on bare hardware there is none", () => {
  assertEquals(
    hex(filteredPages(
      boot({ platform: "native-486", strategy: "filter-set-pte", memory: "16M" }),
    )),
    [],
    "On bare hardware nothing is filtered: every leaf is stored as asked for",
  );
});

Deno.test("a page that is asked for writable and becomes so was not filtered", () => {
  const strategy: Strategy = {
    ...findStrategy("filter-set-pte"),
    finish: (kernel) => {
      const entry = kernel.lookupAddress(kernel.va(0x300)) ?? 0;
      kernel.setPte(entry, 0x300, 0x061, false);
      kernel.setPte(entry, 0x300, 0x063, false);
    },
  };
  assertEquals(
    hex(filteredPages(boot({ platform: "native-486", strategy, memory: "16M" }))),
    [],
    "Page 0x300 was read-only, was asked for writable and is writable now: what was " +
      "stored counts, not what a filter would have done",
  );
});

Deno.test("a callback needs no filter", () => {
  const run = boot({ platform: "xen-pae", strategy: "ask-callback", memory: "16M" });
  assertEquals(
    hex(filteredPages(run)),
    [],
    "With ask-callback the kernel asks for what it gets: nothing is filtered",
  );
});

Deno.test("a boot that stopped may have filtered before", () => {
  const run = boot({
    platform: "xen-pae",
    strategy: "filter-set-pte",
    bootmem: "highest-first",
    earlyIoremap: true,
    memory: "16M",
  });
  assert(!run.outcome.ok, "With the highest pages first the filter is expected to fail");
  assertEquals(
    hex(filteredPages(run)),
    ["0x480", "0x481", "0x507", "0x508", "0x509", "0x50a", "0x50b", "0x50c"],
    "Eight pages were filtered before write 4,099 was refused: leave out that one alone",
  );
});
