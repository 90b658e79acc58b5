import { assertEquals, assertThrows } from "@std/assert";
import { CPUS, Machine, PhysicalMemory } from "../../../core/mmu/mod.ts";
import { buildDomain, PGT_COUNT_MASK, XEN_FRAMES } from "../../../core/xen/mod.ts";
import { type Contract, CONTRACTS, named, SampleDomain } from "../../../chapters/guests/sample_domain.ts";

const LAYOUTS: readonly (readonly [Contract, number, readonly number[], number])[] = [
  [["3.1", "two-level"], 0x510, [0x513, 0x514, 0x515], 0x516],
  [["3.1", "pae"], 0x510, [0x513, 0x514, 0x515, 0x516, 0x517, 0x518], 0x519],
  [["4.17", "pae"], 0x510, [0x513, 0x514, 0x515, 0x516, 0x517, 0x518], 0x519],
  [["4.17", "4-level"], 0x520, [0x523, 0x524, 0x525, 0x526, 0x527, 0x528, 0x529], 0x52a],
];

for (const [contract, startInfo, pageTables, bootStack] of LAYOUTS) {
  Deno.test(`the 64M machine with a kernel of 5M is laid out as Xen's builder does (${named(contract)})`, () => {
    const { start } = new SampleDomain(contract);
    assertEquals([start.mfnList, start.mfnListPages], [0x500, startInfo - 0x500]);
    assertEquals([start.startInfo, start.xenstore, start.console], [startInfo, startInfo + 1, startInfo + 2]);
    assertEquals(start.pageTables, pageTables);
    assertEquals([start.ptBase, start.nrPtFrames], [pageTables[0], pageTables.length]);
    assertEquals([start.bootStack, start.mappedPages], [bootStack, 0x800]);
  });
}

Deno.test("template leaves are 0x023, those of page-table frames 0x021, kernel text is writable (trap T17)", () => {
  for (const contract of CONTRACTS.slice(0, 3)) {
    const domain = new SampleDomain(contract);
    const { start } = domain;
    for (let pfn = 0; pfn < start.mappedPages; pfn++) {
      assertEquals(domain.flags(pfn), start.pageTables.includes(pfn) ? 0x021 : 0x023, `pfn ${pfn.toString(16)}`);
      assertEquals(domain.leaf(pfn) >>> 12, domain.mfn(pfn));
    }
  }
});

Deno.test("in a 64-bit guest Xen makes the template's leaves kernel pages: user for the CPU, bit 52, no G", () => {
  const domain = new SampleDomain(["4.17", "4-level"]);
  const table = domain.mfn(domain.l1Of(0));
  assertEquals(domain.flags(0x100), 0x027);
  assertEquals(domain.flags(domain.start.ptBase), 0x025);
  assertEquals(domain.xen.domain.entryHi(table, 0x100), 0x0010_0000);
});

Deno.test("entries of L2 are 0x067, those of a PAE root 0x001", () => {
  const { xen, start } = new SampleDomain(["3.1", "pae"]);
  const [l3 = 0, l2 = 0] = start.pageTables;
  assertEquals([0, 1, 2, 3].map((slot) => xen.domain.entryLo(xen.domain.p2m[l3] ?? 0, slot) & 0xfff), [0, 0, 0, 1]);
  assertEquals([0, 3, 4].map((slot) => xen.domain.entryLo(xen.domain.p2m[l2] ?? 0, slot) & 0xfff), [0x067, 0x067, 0]);
});

const TYPES: readonly (readonly [Contract, readonly string[]])[] = [
  [["3.1", "two-level"], ["58000002", "28000001", "28000001"]],
  [["3.1", "pae"], ["78000002", "4c000001", "28000001", "28000001", "28000001", "28000001"]],
  [["4.17", "pae"], ["6c00000000000002", "4600000000000001", ...Array(4).fill("2400000000000001")]],
  [["4.17", "4-level"], [
    "8c00000000000002",
    "6400000000000001",
    "4400000000000001",
    ...Array(4).fill("2400000000000001"),
  ]],
];

for (const [contract, types] of TYPES) {
  Deno.test(`the root is pinned and in CR3, so it has two type references (trap T13; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    assertEquals(domain.start.pageTables.map((pfn) => domain.type(pfn)), types);
    assertEquals(domain.start.cr3Mfn, domain.mfn(domain.start.ptBase));
    assertEquals(domain.said(), []);
  });
}

Deno.test("a page mapped once and writable has type e8000001", () => {
  assertEquals(new SampleDomain(["3.1", "pae"]).type(0x600), "e8000001");
});

Deno.test("a two-level root that is in CR3 but not pinned has type 48000001", () => {
  const domain = new SampleDomain(["3.1", "two-level"]);
  assertEquals(domain.xen.mmuextOp(4, domain.mfn(domain.start.ptBase)).rc, 0);
  assertEquals(domain.type(domain.start.ptBase), "48000001");
});

Deno.test("the p2m lies in memory where start_info says", () => {
  for (const contract of CONTRACTS) {
    const domain = new SampleDomain(contract);
    const { xen, start } = domain;
    const bytes = xen.domain.contract.builder.p2mBytes;
    for (const pfn of [0, 0x123, 0x3fff]) {
      const { hi, lo } = domain.linear(start.mfnList, pfn * bytes);
      assertEquals(xen.load32(hi, lo).value, domain.mfn(pfn));
    }
    const magic = domain.linear(start.startInfo);
    assertEquals(xen.load32(magic.hi, magic.lo).value, 0x2d6e6578); // "xen-"
  }
});

Deno.test("the guest reads the machine-to-physical table where Xen maps it, and cannot write it", () => {
  const addresses: readonly (readonly [Contract, number, number, number])[] = [
    [["3.1", "two-level"], 0, 0xfc00_0000, 4],
    [["3.1", "pae"], 0, 0xf580_0000, 4],
    [["4.17", "pae"], 0, 0xf580_0000, 4],
    [["4.17", "4-level"], 0xffff_8000, 0, 8],
  ];
  for (const [contract, hi, lo, bytes] of addresses) {
    const domain = new SampleDomain(contract);
    const at = (lo + domain.mfn(0x234) * bytes) | 0;
    assertEquals(domain.xen.load32(hi | 0, at).value, 0x234, named(contract));
    assertEquals(domain.xen.store32(hi | 0, at, 0).fault?.errorCode, 3);
  }
});

Deno.test("a larger template maps at least the bytes asked for, in steps of 4M", () => {
  const { start } = new SampleDomain(["3.1", "pae"], {}, { minimumMappedBytes: 0x100_0001 });
  assertEquals(start.mappedPages, 0x1400);
  assertEquals(start.nrPtFrames, 2 + 10);
});

Deno.test("a ramdisk moves everything behind it", () => {
  const { start } = new SampleDomain(["3.1", "pae"], {}, { ramdiskBytes: 0x2001 });
  assertEquals([start.ramdisk, start.mfnList], [0x500, 0x503]);
});

Deno.test("the domain builder says what does not fit", () => {
  const small = { guestPages: 0x700 };
  assertThrows(() => new SampleDomain(["3.1", "pae"], small), RangeError, "Expected a domain of at least 2048 pages");
  const { xen } = new SampleDomain(["3.1", "pae"]);
  assertThrows(() => buildDomain(xen), RangeError, "Expected a domain without tables");
  assertThrows(() => new SampleDomain(["3.1", "pae"], {}, { kernelEnd: 5 }), RangeError, "Expected kernelEnd");
});

Deno.test("a p2m must lead each pfn to a machine frame of its own, above Xen's", () => {
  const build = (p2m: (pfn: number) => number) => () => new SampleDomain(["3.1", "pae"], { p2m });
  assertThrows(build(() => 0x2000), RangeError, "for pfn 1 but found 8192");
  assertThrows(build((pfn) => pfn), RangeError, "for pfn 0 but found 0");
  assertThrows(build((pfn) => XEN_FRAMES + pfn + 0.5), RangeError, "for pfn 0");
  assertThrows(build((pfn) => 0x6000 - pfn), RangeError, "for pfn 0 but found 24576");
});

Deno.test("a machine that is given must have the frames that the domain is told", () => {
  const machine = new Machine(CPUS.k8, new PhysicalMemory(0x5000 * 4096));
  const make = () => new SampleDomain(["3.1", "pae"], { machine });
  assertThrows(make, RangeError, "Expected a machine of 24576 frames but found 20480");
  assertThrows(() => new SampleDomain(["3.1", "pae"], { machineFrames: 5 }), RangeError, "machine frames but found 5");
});

Deno.test("a release refuses a mode that it did not run", () => {
  const make = (release: "3.1" | "4.17", mode: "two-level" | "4-level") => () => new SampleDomain([release, mode]);
  assertThrows(make("4.17", "two-level"), RangeError, "Expected a mode of Xen 4.17 (pae, 4-level) but found two-level");
  assertThrows(make("3.1", "4-level"), RangeError, "Expected a mode of Xen 3.1 (two-level, pae) but found 4-level");
  assertThrows(
    () => new SampleDomain(["4.17", "pae"], { cpu: CPUS.p6 }),
    RangeError,
    "Expected a CPU that can run 4-level",
  );
});

Deno.test("every count of a torn-down domain is that of the allocation, in every mode", () => {
  for (const contract of CONTRACTS) {
    const { xen } = new SampleDomain(contract);
    xen.relinquish();
    for (const mfn of xen.domain.p2m) {
      assertEquals([(xen.frames.typeInfo[mfn] ?? 0) & PGT_COUNT_MASK, xen.frames.count[mfn]], [0, 1], named(contract));
    }
  }
});
