import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { access, audit, boot, explain, type Run } from "@pagetable-init/textbook";
import type { Write } from "@pagetable-init/textbook/boot";
import { KERNEL_RELEASES } from "@pagetable-init/textbook/kernel";
import { RW } from "@pagetable-init/textbook/mmu";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { findStrategy, maskRw } from "@pagetable-init/textbook/strategies";

const leafOf = (run: Run, pfn: number) => explain(run.machine, 0xc000_0000 + pfn * 4096).steps.at(-1)?.lo ?? 0;
const traces = new WeakMap<Run, ReadonlyMap<string, Write[]>>();
/** The writes of a boot by operation and by the pfn that they map, read out of the trace once. */
function writesOf(run: Run): ReadonlyMap<string, Write[]> {
  const { m2p } = run.machine.guest;
  const known = traces.get(run) ?? Map.groupBy(run.trace, ({ op, asked }) => `${op} ${m2p?.[asked.lo >>> 12]}`);
  traces.set(run, known);
  return known;
}
const writes = (run: Run, op: string, pfn: number): readonly Write[] => writesOf(run).get(`${op} ${pfn}`) ?? [];

Deno.test("the 64M PAE machine stores after the filter what the field says, page by page", () => {
  const run = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
  assert(run.outcome.ok);
  const { swapperPgDir, emptyZeroPage } = run.kernel.image;
  const rows = [
    [1, 0x021, 0x063, 0x061],
    [swapperPgDir, 0x021, 0x063, 0x061],
    [emptyZeroPage, 0x021, 0x063, 0x061],
    [0x513, 0x021, 0x063, 0x061],
    [0x518, 0x021, 0x063, 0x061],
    [0x519, 0x023, 0x063, 0x063],
    [0x800, 0x000, 0x063, 0x063],
  ] as const;
  for (const [pfn, before, requested, stored] of rows) {
    const [write] = writes(run, "set_pte", pfn);
    const flags = [write?.old.lo, write?.asked.lo, write?.stored.lo].map((lo) => (lo ?? 0) & 0xf9f);
    assertEquals(flags, [before, requested, stored].map((lo) => lo & 0xf9f), `pfn 0x${pfn.toString(16)}`);
  }
});

Deno.test("new L1 tables are visited while they are ordinary pages, and made read-only by the alloc hook, not the filter (trap T1)", () => {
  const run = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
  for (let pfn = 2; pfn <= 29; pfn++) {
    const [visit] = writes(run, "set_pte", pfn);
    const [hook] = writes(run, "update_va_mapping", pfn);
    assert(visit !== undefined && hook !== undefined && visit.step < hook.step, `pfn ${pfn}`);
    assertEquals([visit.stored.lo & 2, leafOf(run, pfn) & 2], [2, 0]);
  }
});

Deno.test("28 new L1 tables are needed in PAE, 14 in two-level, besides those of fixmap and high memory", () => {
  const count = (platform: string) => {
    const { kernel, trace } = boot({ platform, strategy: "filter-set-pte", memory: "64M" });
    const linked = [...trace].filter(({ op, stored }) => op === "set_pmd" && (stored.lo & 1) !== 0);
    return linked.length - (kernel.layout.pkmap ? 2 : 1);
  };
  assertEquals([count("xen-pae"), count("xen-2level")], [28, 14]);
});

Deno.test("write-always dies under PAE Xen at pfn 1, the new L2, with Xen's four lines in order", () => {
  const { outcome, log, trace, machine } = boot({ platform: "xen-pae", strategy: "write-always", memory: "64M" });
  assert(!outcome.ok);
  assertEquals(outcome.stop.kind, "refused-by-xen");
  const last = trace.at(outcome.stop.step);
  assertEquals([last.op, last.index, last.stored], ["set_pte", 1, last.old]);
  assertEquals(trace.at(outcome.stop.step - 1).index, 0, "it is the second pte");
  const mfn = (machine.guest.p2m?.[1] ?? 0).toString(16);
  assertEquals(log[0], `Bad type (saw 4c000001 != exp e0000000) for mfn ${mfn} (pfn 1)`);
  assertStringIncludes(log[1] ?? "", `Error getting mfn ${mfn} (pfn 1) from L1 entry`);
  assertEquals(log.slice(2), [
    "ptwr_emulate: could not get_page_from_l1e()",
    "Unhandled page fault in domain 1 on VCPU 0 (ec=0003)",
  ]);
});

Deno.test("write-always dies under two-level Xen at swapper_pg_dir, before it meets the builder's tables", () => {
  const { outcome, log, kernel } = boot({ platform: "xen-2level", strategy: "write-always", memory: "64M" });
  assertEquals(!outcome.ok && outcome.stop.kind, "refused-by-xen");
  assertStringIncludes(log[0] ?? "", "Bad type (saw 48000001 != exp e0000000)");
  assertStringIncludes(log[0] ?? "", `(pfn ${kernel.image.swapperPgDir.toString(16)})`);
  assert(kernel.image.swapperPgDir < 0x513);
});

Deno.test("the filter ANDs RW with that of a present entry; it may clear RW and lets everything else through (trap T2)", () => {
  assertEquals(maskRw(0x5000_0021, 0x6000_0063), 0x6000_0061);
  assertEquals(maskRw(0x5000_0023, 0x6000_0061), 0x6000_0061);
  assertEquals(maskRw(0x5000_0023, 0x6000_0163), 0x6000_0163);
  assertEquals(maskRw(0x0000_0000, 0x6000_0063), 0x6000_0063, "an absent entry is not restrained (trap T1)");
  assertEquals(maskRw(0x5000_0080, 0x6000_0063), 0x6000_0063, "PROTNONE is not present: the filter looks at P alone");
});

Deno.test("a kernel without set-up hooks jumps to address 0 under Xen: set_pte is installed by the hook", () => {
  for (const platform of ["xen-2level", "xen-pae", "xen-pae-nx"]) {
    const { outcome } = boot({ platform, strategy: "linux-2.6.21" });
    assertEquals(!outcome.ok && outcome.stop.kind, "null-operation", platform);
  }
});

Deno.test("keep-template keeps what Xen's template lacks: no D, no NX (trap T17)", () => {
  const run = boot({ platform: "xen-pae-nx-2008", strategy: "keep-template" });
  assertEquals(leafOf(run, 0x700) & 0x1d2, 0x002, "no D, no G, and still writable");
  const executable = (strategy: string) =>
    audit(boot({ platform: "xen-pae-nx-2008", strategy }).machine).permissionErrors.executableData.pages;
  assertEquals([executable("keep-template"), executable("filter-set-pte")], [0x800 - 0x481, 0]);
});

Deno.test("with make_pte of 2.6.23, which xen-pae-nx has, no page under Xen is NX, whatever the strategy asks for (trap T27)", () => {
  for (const strategy of ["ask-callback", "query-special", "keep-template", "filter-set-pte"]) {
    const { machine } = boot({ platform: "xen-pae-nx", strategy });
    assertEquals(audit(machine).permissionErrors.executableData.pages, 16384 - 0x481, strategy);
  }
  const { machine } = boot({ platform: "xen-pae-nx", strategy: "filter-set-pte", makePte: "2.6.26" });
  assertEquals(audit(machine).permissionErrors.executableData.pages, 0);
});

Deno.test("the filter by the letter boots under Xen, and leaves every page that the template did not map read-only (trap T1)", () => {
  for (const platform of ["xen-2level", "xen-pae", "xen-pae-nx-2008", "xen-4level"]) {
    const { machine, outcome } = boot({ platform, strategy: "filter-literal" });
    assert(outcome.ok, platform);
    assertEquals(audit(machine).permissionErrors.notWritable.pages, 16384 - 0x800, platform);
  }
});

Deno.test("a kernel that saw PGE under Xen would set G, and the first write would be refused (trap T14)", () => {
  const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", until: 4 });
  const entry = kernel.lookupAddress(kernel.va(0x700)) ?? 0;
  let message = "";
  try {
    kernel.bus.storeEntry(entry, 0, ((kernel.ops.toMachine(0x700) << 12) | 0x163) >>> 0);
  } catch (error) {
    message = String(error);
  }
  assertStringIncludes(message, "#PF(0x3)");
});

Deno.test("the GDT and the tables stay read-only at every alias: no table frame is writable after any boot that Xen lets through", () => {
  for (const platform of ["xen-2level", "xen-pae", "xen-pae-nx", "xen-4level"]) {
    for (
      const strategy of [
        "ask-callback",
        "query-special",
        "keep-template",
        "filter-set-pte",
        "table-range",
        "map-from-mapped",
      ]
    ) {
      const { machine, outcome } = boot({ platform, strategy });
      assert(outcome.ok, `${strategy} on ${platform}`);
      assertEquals(audit(machine).permissionErrors.writablePageTable.pages, 0, `${strategy} on ${platform}`);
    }
  }
});

const XENS = ["xen-2level", "xen-pae", "xen-pae-nx-2008", "xen-4level"];

/** How a boot ends whose bootmem takes the highest page first, with the aid of 2008 or without. */
function fromTheTop(strategy: string, platform: string, earlyIoremap: boolean): string {
  const { outcome } = boot({ platform, strategy, bootmem: "highest-first", earlyIoremap });
  return outcome.ok ? "booted" : outcome.stop.kind;
}

Deno.test("a kernel of 2007 cannot take a table from memory that no entry maps: zeroing it faults (trap T30)", () => {
  for (const strategy of ["ask-callback", "query-special", "keep-template", "filter-set-pte", "filter-with-list"]) {
    for (const platform of XENS) {
      assertEquals(fromTheTop(strategy, platform, false), "page-fault", `${strategy}, ${platform}`);
    }
  }
  for (const platform of ["native-486", "native-p6-pae", "native-k8-pae-4k"]) {
    assertEquals(fromTheTop("write-always", platform, false), "triple-fault", platform);
  }
});

Deno.test("with the aid of 2008 the filter breaks there and what has a list does not: what wins is the list, not the rule", () => {
  for (const platform of XENS) {
    for (const strategy of ["filter-set-pte", "keep-template"]) {
      assertEquals(fromTheTop(strategy, platform, true), "refused-by-xen", `${strategy}, ${platform}`);
    }
    for (const strategy of ["ask-callback", "query-special", "filter-with-list"]) {
      assertEquals(fromTheTop(strategy, platform, true), "booted", `${strategy}, ${platform}`);
    }
  }
});

Deno.test("the later answers need no aid: a range or an allocator within mapped memory (2.6.39, 3.9)", () => {
  for (const platform of XENS) {
    for (const strategy of ["table-range", "map-from-mapped"]) {
      assertEquals(fromTheTop(strategy, platform, false), "booted", `${strategy}, ${platform}`);
    }
  }
});

Deno.test("without a table for its leaf a page cannot be made read-only: the hook of 2.6.23 is a BUG_ON", () => {
  const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", until: 3 });
  assertThrows(() => kernel.ops.allocPt(0x1000), Stopped, "BUG_ON(pte == NULL)");
  boot({ platform: "xen-pae", strategy: "filter-set-pte", until: 3, earlyIoremap: true }).kernel.ops.allocPt(0x1000);
});

Deno.test("a borrowed leaf is back before its own page is mapped: the filters see the page's entry, not the borrower's", () => {
  for (const [id, memory, lost] of [["filter-with-list", "16M", 0], ["filter-literal", "16M", 2041]] as const) {
    const strategy = { ...findStrategy(id), release: KERNEL_RELEASES["2.6.27"] };
    const { outcome, machine } = boot({ platform: "xen-pae", strategy, memory, bootmem: "highest-first" });
    assert(outcome.ok, id);
    const { notWritable } = audit(machine).permissionErrors;
    assertEquals(notWritable.pages, lost, id);
    // What the literal filter loses lies behind the template, which ends at 8M; the leaves that are lent are before.
    assert(notWritable.ranges.every(({ pfn }) => pfn >= 0x800), id);
  }
});

Deno.test("a page that is released is no table any more, for the callback and for the registry", () => {
  const { kernel: { ops } } = boot({ platform: "xen-pae", strategy: "filter-set-pte" });
  ops.allocPt(0x3000);
  assertEquals([ops.pagePermissions(0x3000, 0x063), ops.specialPages.at(0x3000)], [0x061, ["read-only"]]);
  ops.releasePt(0x3000);
  assertEquals([ops.pagePermissions(0x3000, 0x063), ops.specialPages.at(0x3000)], [0x063, []]);
});

Deno.test("with the aid of 2008, highest-first bootmem changes nothing on bare metal", () => {
  for (const platform of ["native-486", "native-p6", "native-p6-pae", "native-k8-pae-4k", "lguest", "vmi"]) {
    const strategy = "write-always";
    const { outcome, machine } = boot({ platform, strategy, bootmem: "highest-first", earlyIoremap: true });
    assert(outcome.ok, `${platform}: ${JSON.stringify(outcome)}`);
    const { permissionErrors } = audit(machine);
    assertEquals(Object.values(permissionErrors).map(({ pages }) => pages), [0, 0, 0, 0, 0, 0, 0], platform);
  }
});

Deno.test("pfn and mfn are not confused: the audit of a permuted guest equals that of an identical one (trap T32)", () => {
  const figures = (p2m: "permuted" | "identity") => {
    const { machine } = boot({ platform: "xen-pae", strategy: "filter-set-pte", p2m });
    const { coverage, permissionErrors } = audit(machine);
    return { coverage, errors: Object.values(permissionErrors).map(({ pages }) => pages) };
  };
  assertEquals(figures("permuted"), figures("identity"));
});

Deno.test("a template too small for bootmem's next page would leave it unmapped: the builder's covers it (trap T30)", () => {
  const { machine } = boot({ platform: "xen-pae", strategy: "filter-set-pte", until: 1 });
  assertEquals(access(machine, 0xc000_1000, "read").ok, true);
  assertEquals(access(machine, 0xc080_0000, "read").ok, false, "the template ends at 8M");
});

Deno.test("after pagetable_setup_done the real set_pte is back: it gives a read-only page RW again (trap T22)", () => {
  const { kernel, outcome } = boot({ platform: "xen-pae", strategy: "filter-set-pte" });
  assert(outcome.ok);
  const entry = kernel.lookupAddress(kernel.va(0x700)) ?? 0;
  const flagsAfter = (flags: number) => {
    kernel.setPte(entry, 0x700, flags, false);
    return kernel.bus.load(entry) & 3;
  };
  assertEquals([flagsAfter(0x061), flagsAfter(0x063)], [1, 3]);
  const during = boot({ platform: "xen-pae", strategy: "filter-set-pte", until: 100 }).kernel;
  const table = during.lookupAddress(during.va(0x513)) ?? 0;
  during.ops.setPte?.(table, 0, (during.ops.toMachine(0x513) << 12) | 0x063);
  assertEquals(during.bus.load(table) & 3, 1, "while the filter is in force RW is not added");
});

Deno.test("only set_pte is filtered: the same leaf asked for by hypercall is refused (trap T33)", () => {
  const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", until: 100 });
  const entry = kernel.lookupAddress(kernel.va(1)) ?? 0;
  const writable = (kernel.ops.toMachine(1) << 12) | 0x063;
  assertThrows(() => kernel.ops.writeBootLeaf(kernel.va(1), entry, 0, writable), Error, "returned -22");
  kernel.ops.setPte?.(entry, 0, writable);
  assertEquals(kernel.bus.load(entry) & 3, 1);
});

Deno.test("the filter with a list is both: a page stays read-only because its leaf was, or because it is in the list", () => {
  const { kernel } = boot({ platform: "xen-pae", strategy: "filter-with-list" });
  const { bus, ops } = kernel;
  const stored: number[] = [];
  const write = findStrategy("filter-with-list").initSetPte?.(kernel, (_, __, lo) => stored.push(lo & 0x063));
  const leafOfPage = (pfn: number) => kernel.lookupAddress(kernel.va(pfn)) ?? 0;
  const [ordinary, table] = [0x3000, 0x3001];
  const asked = (pfn: number) => ((ops.toMachine(pfn) << 12) | 0x063) >>> 0;
  ops.allocPt(table);
  assertEquals([bus.load(leafOfPage(ordinary)) & RW, bus.load(leafOfPage(table)) & RW], [RW, 0]);
  write?.(leafOfPage(ordinary), 0, asked(ordinary)); // writable, not in the list
  write?.(leafOfPage(ordinary), 0, asked(table)); // writable so far, in the list
  write?.(leafOfPage(table), 0, asked(ordinary)); // read-only so far, not in the list
  assertEquals(stored, [0x063, 0x061, 0x061]);
});

Deno.test("no page of a permuted guest has the frame that it would have in order: what takes a pfn for an mfn is seen", () => {
  for (const memory of ["16M", "64M", "1G"]) {
    const { p2m = [] } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory, until: 0 }).machine.guest;
    const frames = Array.from(p2m);
    const first = frames.reduce((least, mfn) => Math.min(least, mfn), Infinity);
    assertEquals([frames.length > 0, frames.filter((mfn, pfn) => mfn === first + pfn)], [true, []], memory);
  }
});
