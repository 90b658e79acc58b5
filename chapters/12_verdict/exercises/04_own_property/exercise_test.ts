import { assert, assertEquals } from "@std/assert";
import { boot, type BootOptions, type Strategy } from "@pagetable-init/textbook";
import { Bootmem, type Kernel } from "@pagetable-init/textbook/kernel";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { counterExample, type Property } from "@pagetable-init/chapters/hunting";
import { tableOutsideMemory } from "./exercise.ts";

const property: Property = {
  id: "tables-in-memory-too",
  claims: "no page table lies where there is no memory",
  refute: ({ run }) => run.outcome.ok ? tableOutsideMemory(run) : undefined,
};

/** Boots with tables from a list of pages, one after the other. */
function tablesFrom(pfns: readonly number[], more: Partial<BootOptions> = {}) {
  let at = 0;
  const strategy: Strategy = {
    ...findStrategy("write-always"),
    id: "from-a-list",
    prepare: () => at = 0,
    allocTable: (kernel) => {
      const pfn = pfns[at++] ?? 0x600 + at;
      kernel.zero(pfn);
      return pfn;
    },
  };
  return boot({ platform: "native-486", strategy, memory: "16M", ...more });
}

/** Bootmem as version 0.1 of the book had it: every page up to the end is memory. */
function withoutMap({ bus, layout }: Kernel): Bootmem {
  const all = [{ first: 0, end: layout.maxLowPfn }];
  return new Bootmem(
    bus,
    { ...layout, usable: all },
    layout.kernelEnd / 4096 + 8,
    "lowest-first",
  );
}

Deno.test("an honest boot is left in peace", () => {
  for (const platform of ["native-486", "native-p6-pae", "xen-pae", "xen-4level"]) {
    const run = boot({ platform, strategy: "filter-set-pte", memory: "16M" });
    assertEquals(
      tableOutsideMemory(run),
      undefined,
      `Every table of an honest boot on ${platform} lies in memory: the property has ` +
        "nothing to say",
    );
  }
});

Deno.test("a table in the hole of a PC is found, and named", () => {
  const why = tableOutsideMemory(tablesFrom([0xa0]));
  assert(
    why !== undefined,
    "Page 0xa0 is a table, and a PC has no memory there: expected a reason but found " +
      "undefined. Does the property look at the kernel's memory map?",
  );
  assert(
    why.includes("0xa0"),
    `The reason should name the page, 0xa0, but says "${why}"`,
  );
});

Deno.test("not only the first table is looked at", () => {
  assert(
    tableOutsideMemory(tablesFrom([0x10, 0x11, 0xb8])) !== undefined,
    "The third table that the kernel takes, page 0xb8, is in the hole: look at all of " +
      "them",
  );
});

Deno.test("a range ends before its `end`", () => {
  assertEquals(
    tableOutsideMemory(tablesFrom([0x9e])),
    undefined,
    "Page 0x9e is the last one below the hole: it is memory",
  );
  assert(
    tableOutsideMemory(tablesFrom([0x9f])) !== undefined,
    "Page 0x9f is the first one of the hole, for a range of pages ends before its " +
      "`end`: it is no memory",
  );
  assert(
    tableOutsideMemory(tablesFrom([0xff])) !== undefined,
    "Page 0xff is the last one of the hole: it is no memory",
  );
});

Deno.test("the hunt finds version 0.1 with it, and no rule that is innocent", () => {
  const old: Strategy = {
    ...findStrategy("write-always"),
    id: "version-0.1",
    prepare: (kernel) => kernel.bootmem = withoutMap(kernel),
  };
  const space = {
    property,
    platforms: ["native-486", "native-p6-pae"] as const,
    maxMemory: 0x1000,
    of2007: true,
  };
  const innocent = counterExample({ ...space, strategy: "write-always", runs: 30 });
  assertEquals(
    innocent.boot,
    undefined,
    `write-always takes its tables from memory only, but the property says of one of ` +
      `its boots: ${innocent.why}`,
  );
  const { boot: found } = counterExample({ ...space, strategy: old, runs: 40 });
  assert(
    found !== undefined,
    "In 40 machines the hunt finds no table of version 0.1 outside memory, and there " +
      "are some",
  );
  assert(
    /memory: "16M", reserved: \[\{ first: 0x., end: 0x. \}\] \}\)$/.test(found),
    `The simplest machine has 16M and one range of pages that is no memory, but found ` +
      found,
  );
});

Deno.test("the page that is named is one that is no memory", () => {
  const why = tableOutsideMemory(tablesFrom([0x11, 0xa0])) ?? "";
  assert(
    why.includes("0xa0") && !why.includes("0x11"),
    `Page 0x11 is memory and page 0xa0 is not: name what is wrong, but found "${why}"`,
  );
});

Deno.test("memory may end below the last page", () => {
  const reserved = [{ first: 0xb00, end: 0x1000 }];
  assert(
    tableOutsideMemory(tablesFrom([0xb80], { reserved })) !== undefined,
    "The last range of memory ends at page 0xaff, and page 0xb80 is a table: what " +
      "lies above the last range is no memory either",
  );
});
