import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { boot, explain, PLATFORMS } from "@pagetable-init/textbook";
import { MemMap, memMapPages } from "@pagetable-init/textbook/kernel";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { tablesOf, tableUses } from "@pagetable-init/textbook/tables";

const XENS = PLATFORMS.filter(({ host }) => host === "xen").map(({ id }) => id);

Deno.test("the page structures do not exist yet: a strategy that needs them stops there (trap T31)", () => {
  for (const platform of ["native-486", "native-k8-pae", "lguest"]) {
    const { outcome } = boot({ platform, strategy: "stash-in-struct-page" });
    assert(!outcome.ok);
    assertEquals(outcome.stop.kind, "no-page-structure");
    assertStringIncludes(outcome.stop.message, "mem_map is NULL");
  }
});

Deno.test("mem_map is there when the boot is over, and at no write of paging_init", () => {
  for (const { id } of PLATFORMS) {
    const run = boot({ platform: id, strategy: "filter-set-pte" });
    assert(run.outcome.ok && run.kernel.memMap !== undefined, id);
    assertEquals(run.at(10).kernel.memMap, undefined, id);
  }
});

Deno.test("mem_map lies from 16M on where there is such memory, and fills 32 bytes a page", () => {
  const addressOf = (memory: string) =>
    boot({ platform: "native-p6", strategy: "write-always", memory }).kernel.memMap?.address ?? 0;
  assertEquals([addressOf("64M"), addressOf("896M")], [0xc100_0000, 0xc100_0000]);
  assert(addressOf("16M") < 0xc100_0000);
  assertEquals([memMapPages(0x4000), memMapPages(1)], [128, 1]);
});

for (const platform of XENS) {
  Deno.test(`after the boot PG_pinned marks the tables of ${platform}, and no other page`, () => {
    const { outcome, kernel, machine } = boot({ platform, strategy: "filter-set-pte" });
    assert(outcome.ok);
    const pages = [...tableUses(tablesOf(machine))].map(({ frame }) => kernel.ops.toPfn(frame));
    const tables = new Set(pages.filter((pfn) => pfn >= 0 && pfn !== kernel.image.emptyZeroPage));
    for (let pfn = 0; pfn < 0x4000; pfn++) {
      assertEquals(kernel.memMap?.isPinned(pfn), tables.has(pfn), `page 0x${pfn.toString(16)}`);
    }
  });

  Deno.test(`at run time on ${platform} a page that becomes a table is marked and read-only, until it is released`, () => {
    const run = boot({ platform, strategy: "filter-set-pte" });
    const { kernel } = run;
    const state = () => [
      kernel.memMap?.isPinned(0x2000),
      ((explain(run, { hi: kernel.bus.hi >>> 0, lo: kernel.va(0x2000) }).steps.at(-1)?.lo ?? 0) & 2) !== 0,
    ];
    assertEquals(state(), [false, true]);
    kernel.ops.allocPt(0x2000);
    assertEquals(state(), [true, false]);
    kernel.ops.releasePt(0x2000);
    assertEquals(state(), [false, true]);
    kernel.ops.releasePt(0x2000); // no table: nothing happens
    assertEquals(state(), [false, true]);
  });
}

Deno.test("the rule that could not map a page during the boot is right about tables and pages after it", () => {
  const run = boot({ platform: "xen-pae", strategy: "filter-set-pte" });
  const { kernel } = run;
  const stash = findStrategy("stash-in-struct-page");
  const flagsOf = (pfn: number) => {
    stash.mapPage(kernel, kernel.lookupAddress(kernel.va(pfn)) ?? 0, pfn, 0x063, false);
    return (explain(run, kernel.va(pfn)).steps.at(-1)?.lo ?? 0) & 0xfff;
  };
  assertEquals([flagsOf(0x2), flagsOf(0x515), flagsOf(0x2000)], [0x061, 0x061, 0x063]);
});

Deno.test("a map that leaves mem_map's pages read-only leaves the kernel without page structures", () => {
  const { outcome, kernel } = boot({ platform: "xen-pae", strategy: "filter-literal" });
  assertEquals([outcome.ok, kernel.memMap], [true, undefined]);
  assertThrows(() => new MemMap(kernel.bus, kernel.va(0x1000), 0x4000), Stopped, "#PF(0x3) at 0xc1000000");
});

Deno.test("Xen's alloc hook looks for the page structures as soon as the first tables are finished", () => {
  const run = boot({ platform: "xen-pae", strategy: "filter-set-pte" });
  run.kernel.memMap = undefined;
  assertThrows(() => run.kernel.ops.allocPt(0x2000), Stopped, "pfn_to_page(0x2000): mem_map is NULL");
});
