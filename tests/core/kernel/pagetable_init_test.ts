import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { access, audit, boot, type BootOptions, explain, MODES, type Strategy } from "@pagetable-init/textbook";
import { KERNEL_RELEASES, testWpBit } from "@pagetable-init/textbook/kernel";
import { frameOf } from "@pagetable-init/textbook/mmu";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { findStrategy } from "@pagetable-init/textbook/strategies";
import { tableUses } from "@pagetable-init/textbook/tables";
import { Bootmem } from "../../../core/kernel/bootmem.ts";
import { ADDRESS_SPACES, layoutOf } from "../../../core/kernel/layout.ts";
import { isKernelText } from "../../../core/kernel/pagetable_init.ts";
import { CR0_WP } from "../../../core/mmu/mod.ts";

const pages = (options: BootOptions) => audit(boot(options).machine);

Deno.test("a 486 under keep-template leaves the kernel's first 12 MB user-accessible", () => {
  const { permissionErrors } = pages({ platform: "native-486", strategy: "keep-template" });
  assertEquals(permissionErrors.userAccessible.pages, 3072);
  const { machine } = boot({ platform: "native-486", strategy: "keep-template" });
  assertEquals(access(machine, 0xc010_0000, "write", { user: true }).ok, true, "user mode writes kernel text");
});

Deno.test("write-always on a 486 leaves US in head.S's pde, not in the pte: the page is the supervisor's alone", () => {
  const { machine } = boot({ platform: "native-486", strategy: "write-always" });
  const { steps, outcome } = explain(machine, 0xc010_0000);
  assertEquals(steps.map(({ lo }) => (lo & 4) !== 0), [true, false]);
  assert(outcome.ok);
  assertEquals(access(machine, 0xc010_0000, "read", { user: true }).ok, false);
});

Deno.test("the patch of the subject line mends the kernels that see PSE, and only those", () => {
  const errors = (platform: string) => pages({ platform, strategy: "keep-template-pse-fix" }).permissionErrors;
  assertEquals(errors("native-pentium").userAccessible.pages, 0);
  assertEquals(errors("native-pentium").notLarge.pages, 0);
  assertEquals(errors("native-486").userAccessible.pages, 3072);
});

Deno.test("keep-template inherits nothing on PAE: the start hook has emptied the kernel's slot", () => {
  const { permissionErrors, coverage } = pages({ platform: "native-p6-pae", strategy: "keep-template" });
  assertEquals(Object.values(permissionErrors).map(({ pages }) => pages), [0, 0, 0, 0, 0, 0, 0]);
  assertEquals(coverage.largePages, 16384);
});

Deno.test("is_kernel_text reaches from PAGE_OFFSET to __init_end, that address included (trap T18)", () => {
  const { machine, kernel } = boot({ platform: "native-k8-pae-4k", strategy: "write-always" });
  const executable = (address: number) => access(machine, address, "fetch").ok;
  const initEnd = 0xc000_0000 + kernel.layout.initEnd;
  assertEquals([executable(0xc000_0000), executable(initEnd), executable(initEnd + 4096)], [true, true, false]);
});

Deno.test("the PSE loop maps whole large pages beyond the end of lowmem; the 4K loop stops exactly (trap T19)", () => {
  const memory = (64 << 20) + 3 * 4096;
  const mapped = (platform: string, pfn: number) =>
    explain(boot({ platform, strategy: "write-always", memory }).machine, 0xc000_0000 + pfn * 4096).outcome.ok;
  assertEquals([mapped("native-p6", 16387), mapped("native-p6", 17407)], [true, true]);
  assertEquals([mapped("native-486", 16386), mapped("native-486", 16387)], [true, false]);
});

Deno.test("2.6.21 decides NX once a table: data beside kernel text stays executable (trap T20)", () => {
  const platform = "native-k8-pae-4k";
  assertEquals(pages({ platform, strategy: "linux-2.6.21" }).permissionErrors.executableData.pages, 0x600 - 0x481);
  assertEquals(pages({ platform, strategy: "write-always" }).permissionErrors.executableData.pages, 0);
});

Deno.test("the end of the fixmap range wraps to 0 natively, and the tables up to 4 GB are built (trap T21)", () => {
  const { machine, kernel } = boot({ platform: "native-p6-pae", strategy: "write-always" });
  assertEquals(kernel.layout.fixmapStart, 0xffe0_0000);
  assertEquals(kernel.layout.pkmapBase, 0xffc0_0000);
  for (const address of [0xffe0_0000, 0xffc0_0000]) {
    const steps = explain(machine, address).steps;
    assertEquals(steps.length, 3, "the walk gets as far as an empty leaf");
  }
});

Deno.test("the numbers of the address space are those of the field", () => {
  const native = layoutOf(ADDRESS_SPACES.native, MODES["two-level"], 64 << 20, 0x50_0000);
  assertEquals([native.fixaddrTop, native.pkmapBase], [0xffff_f000, 0xff80_0000]);
  const xen = ADDRESS_SPACES.xenPae;
  assertEquals([xen.fixaddrTop, xen.maxLowmem], [0xf57f_d000, 0x2d7f_e000]);
  assertEquals([ADDRESS_SPACES.xen2Level.fixaddrTop, ADDRESS_SPACES.xen2Level.maxLowmem], [0xfbff_d000, 0x33ff_e000]);
});

Deno.test("a fault before trap_init ends the boot: natively as a triple fault, under Xen as a crashed domain (trap T26)", () => {
  const stop = (platform: string, strategy: Strategy | string) => {
    const { outcome } = boot({ platform, strategy });
    assert(!outcome.ok);
    assertStringIncludes(outcome.stop.message, "no handler before trap_init");
    return outcome.stop.kind;
  };
  const straying: Strategy = {
    ...findStrategy("write-always"),
    mapPage: (kernel) => kernel.bus.store(kernel.va(kernel.layout.maxLowPfn), 0),
  };
  assertEquals(stop("native-486", straying), "triple-fault");
  assertEquals(stop("xen-pae", "write-always"), "refused-by-xen");
});

Deno.test("CR0.WP is set and honoured: the kernel cannot write a page that it maps read-only (trap T29)", () => {
  const { machine, kernel } = boot({ platform: "native-486", strategy: "write-always" });
  const entry = kernel.lookupAddress(0xc080_0000) ?? 0;
  kernel.setPte(entry, 0x800, 0x061, false);
  machine.invlpg(0xc080_0000);
  const refused = access(machine, 0xc080_0000, "write");
  assertEquals(!refused.ok && refused.fault.vector === 14 && refused.fault.errorCode, 3);
});

Deno.test("the test of CR0.WP finds a CPU that does not honour it, and a slot that cannot be read", () => {
  const { kernel, machine } = boot({ platform: "native-p6", strategy: "write-always", memory: "16M" });
  machine.writeCr0((machine.cr0 & ~CR0_WP) >>> 0);
  assertThrows(() => testWpBit(kernel), Stopped, "does not honour CR0.WP");
  const other = boot({ platform: "native-p6", strategy: "write-always", memory: "16M" }).kernel;
  other.ops.setPte = () => {};
  assertThrows(() => testWpBit(other), Stopped, "a fixmap slot cannot be read");
});

Deno.test("bootmem zeroes a page through its lowmem address, so the page must be mapped already (trap T30)", () => {
  const { kernel } = boot({ platform: "native-486", strategy: "panic-on-remap" });
  let message = "";
  try {
    kernel.bus.clearPage(kernel.va(0xc00));
  } catch (error) {
    message = String(error);
  }
  assertStringIncludes(message, "#PF(0x2) at 0xc0c00000");
});

Deno.test("bootmem hands out pfn 1 first, and never page 0, the hole from 0x9f000 to 1M, the kernel, its bitmap or the page behind", () => {
  const { kernel } = boot({ platform: "native-486", strategy: "panic-on-remap" });
  const { bus, layout } = kernel;
  const bootmem = new Bootmem(bus, layout, 0x503, "lowest-first");
  const taken = Array.from({ length: 0x100 }, () => bootmem.take());
  assertEquals(taken[0], 1);
  assertEquals([0, 0x9f, 0xa0, 0xff, 0x100, 0x503, 0x504].filter((pfn) => taken.includes(pfn)), []);
  assertEquals([taken[0x9d], taken[0x9e]], [0x9e, 0x505]);
});

Deno.test("zap_low_mappings removes what is below PAGE_OFFSET; in PAE by pointing at the zero page (traps T15, T25)", () => {
  const flat = boot({ platform: "native-486", strategy: "write-always" }).machine;
  assertEquals(access(flat, 0x10_0000, "read").ok, false);
  const { machine, kernel } = boot({ platform: "native-p6-pae", strategy: "write-always" });
  const slots = [0, 2, 4].map((word) => machine.pdptes[word] ?? 0);
  assertEquals(slots.map((lo) => frameOf(0, lo)), slots.map(() => kernel.image.emptyZeroPage));
  assertEquals(slots.map((lo) => lo & 0xfff), [1, 1, 1]);
});

Deno.test("after the boot the kernel's leaves carry D, G where the CPU has PGE, and NX only beyond the text", () => {
  const { machine } = boot({ platform: "native-k8-pae-4k", strategy: "write-always" });
  const leaf = (address: number) => explain(machine, address).steps.at(-1);
  assertEquals((leaf(0xc010_0000)?.lo ?? 0) & 0xfff, 0x163);
  assertEquals([leaf(0xc010_0000)?.hi, (leaf(0xc100_0000)?.hi ?? 0) >>> 0], [0, 0x8000_0000]);
});

Deno.test("a kernel of 3.16 maps the ends of memory in small pages, its text alone executable, in two passes", () => {
  for (const platform of ["native-k8-pae", "native-pentium"]) {
    const strategy: Strategy = { ...findStrategy("write-always"), id: "later", release: KERNEL_RELEASES["3.16"] };
    const { outcome, machine } = boot({ platform, strategy, memory: 4096 * 4097 });
    assertEquals(outcome.ok, true, platform);
    const { coverage, permissionErrors } = audit(machine);
    assertEquals([coverage.unmapped, coverage.wrongFrame], [0, 0]);
    const small = platform === "native-pentium" ? 1024 + 1 : 512 + 1;
    assertEquals(coverage.lowmemPages - coverage.largePages, small, platform);
    const { executableData, nonExecutableText } = permissionErrors;
    assertEquals([executableData.pages, nonExecutableText.pages], [0, 0], platform);
  }
});

Deno.test("an order of mapping that has an empty range, leaves lowmem or does not end is refused", () => {
  const strategy = findStrategy("write-always");
  const refused = (mappingOrder: NonNullable<Strategy["mappingOrder"]>, found: string) =>
    assertThrows(
      () => boot({ platform: "native-486", memory: "16M", strategy: { ...strategy, id: "own", mappingOrder } }),
      RangeError,
      `the 4096 pages of lowmem but found ${found}`,
    );
  refused(() => [{ first: 5, end: 5 }], "pages 5 to 5");
  refused(() => [{ first: 0, end: 0x1001 }], "more");
  refused(() => [{ first: 1, end: 0x1001 }], "pages 1 to 4097");
  refused(function* () {
    for (;;) yield { first: 0, end: 0x400 };
  }, "more");
});

Deno.test("no table comes from pages that the memory map leaves out, and they are mapped all the same", () => {
  const reserved = [{ first: 1, end: 0x20 }, { first: 0x21, end: 0x90 }, { first: 0x600, end: 0x700 }];
  for (const platform of ["native-486", "native-p6-pae", "lguest", "vmi", "xen-2level", "xen-pae", "xen-4level"]) {
    for (const strategy of ["ask-callback", "filter-set-pte", "map-from-mapped", "table-range"]) {
      const { outcome, machine } = boot({ platform, strategy, memory: "32M", reserved });
      assert(outcome.ok, `${strategy} on ${platform}`);
      const { m2p } = machine.guest;
      const tables = [...tableUses(machine.guest)].map(({ frame }) => m2p === undefined ? frame : m2p[frame] ?? -1);
      const lost = tables.filter((pfn) => reserved.some(({ first, end }) => pfn >= first && pfn < end));
      assertEquals(lost, [], `${strategy} on ${platform}`);
      const fromBelow = strategy === "ask-callback" || strategy === "filter-set-pte";
      assert(!fromBelow || tables.includes(0x20), `${strategy} on ${platform}: the one page between`);
      const { unmapped, wrongFrame } = audit(machine).coverage;
      assertEquals([unmapped, wrongFrame], [0, 0], `${strategy} on ${platform}`);
    }
  }
});

Deno.test("bootmem begins at the end it prefers, asks the condition, finds what is given back, and reserves the runs that it hands out", () => {
  const { bus, layout } = boot({ platform: "native-486", strategy: "write-always", memory: "16M" }).kernel;
  const above = new Bootmem(bus, layout, 0x600, "highest-first");
  assertEquals([above.take(), above.take(), above.take((pfn) => pfn < 0x50)], [0xfff, 0xffe, 0x4f]);
  above.free(0xffe, 0x1000);
  assertEquals(above.take(), 0xfff);
  const below = new Bootmem(bus, layout, 0x600, "lowest-first");
  assertEquals([below.take((pfn) => pfn > 5), below.take(), below.take((pfn) => pfn > 5)], [6, 1, 7]);
  below.free(1, 2);
  assertEquals([below.take(), below.take()], [1, 2]);
  assertEquals([below.takeRunBelow(4, 0x700), below.takeRunBelow(4, 0x700)], [0x6fc, 0x6f8]);
  assertEquals([below.takeRunFrom(0, 4), below.takeRunFrom(0, 4), below.isFree(8), below.isFree(16)], [
    8,
    12,
    false,
    true,
  ]);
});

Deno.test("a large page is executable if either end of it is text: __init_end in it, or _text in it where text begins there", () => {
  const strategy: Strategy = { ...findStrategy("write-always"), id: "of-3.16", release: KERNEL_RELEASES["3.16"] };
  const options = { platform: "native-k8-pae", strategy, memory: "64M", textStart: 0x30_0000 } as const;
  const { machine, kernel } = boot(options);
  const text = (physical: number) => isKernelText(kernel, kernel.layout.pageOffset + physical);
  const { initEnd } = kernel.layout;
  assertEquals([0, 0x2f_ffff, 0x30_0000, initEnd, initEnd + 1].map(text), [false, false, true, true, false]);
  const executable = (physical: number) => access(machine, 0xc000_0000 + physical, "fetch").ok;
  const large = 0x20_0000;
  assertEquals([0x30_0000 - 4096, 0x30_0000, initEnd, initEnd + large].map(executable), [true, true, true, false]);
});

Deno.test("the text of a kernel of 2007 begins at PAGE_OFFSET, wherever _text is", () => {
  const { kernel } = boot({ platform: "native-k8-pae", strategy: "write-always", memory: "64M", textStart: 0x30_0000 });
  assertEquals([isKernelText(kernel, 0xc000_0000), isKernelText(kernel, 0xbfff_ffff)], [true, false]);
});

Deno.test("paging_init ends with a flush of everything, and zap_low_mappings, which writes after it, with another", () => {
  for (const platform of ["native-486", "native-p6", "native-k8-pae", "xen-pae"]) {
    const flushedAt: number[] = [];
    const listening: Strategy = {
      ...findStrategy("filter-set-pte"),
      id: "listening",
      finish: (kernel) => {
        const flush = kernel.ops.flushTlbAll;
        kernel.ops.flushTlbAll = () => {
          flushedAt.push(kernel.step);
          flush();
        };
      },
    };
    const { cost: { entryWrites } } = boot({ platform, strategy: listening });
    const [first = Infinity, last] = flushedAt;
    assertEquals([flushedAt.length, first < entryWrites, last], [2, true, entryWrites], platform);
  }
});

Deno.test("2.6.21 announces its two-level directory before it takes a table, and no directory of PAE", () => {
  const announcedOf = (platform: string) => {
    const announced: number[] = [];
    const strategy: Strategy = {
      ...findStrategy("linux-2.6.21"),
      id: "listening",
      prepare: ({ ops }) => {
        const { allocPd, allocPt } = ops;
        ops.allocPd = (pfn) => (announced.push(pfn), allocPd(pfn));
        ops.allocPt = (pfn) => (announced.push(pfn), allocPt(pfn));
      },
    };
    const { kernel } = boot({ platform, strategy });
    return { first: announced[0], directory: kernel.image.swapperPgDir };
  };
  const flat = announcedOf("native-486");
  assertEquals(flat.first, flat.directory);
  const pae = announcedOf("native-p6-pae");
  assert(pae.first !== pae.directory, `Expected another page than the root 0x${pae.directory.toString(16)} first`);
});
