import { assertEquals } from "@std/assert";
import { MMUEXT, PGT_WRITABLE } from "../../../core/xen/mod.ts";
import { CONTRACTS, DATA, EINVAL, named, OTHER, SampleDomain } from "../../../chapters/guests/sample_domain.ts";

Deno.test("a frame whose last writable mapping goes keeps the type writable with count 0 (trap T24)", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  assertEquals(domain.type(DATA), "e8000000");
});

Deno.test("such a frame may become a page table, and that is the moment of the flush (trap T24)", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  assertEquals(domain.store(DATA, 0, 0), undefined);
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  const { flushes } = domain.xen.machine.tlb;
  assertEquals(domain.xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)).rc, 0);
  assertEquals(domain.type(DATA), "38000001");
  assertEquals(domain.xen.machine.tlb.flushes, flushes + 1);
});

for (const contract of CONTRACTS) {
  Deno.test(`no stale translation writes to a frame that has become a table, though nobody asked for a flush (trap T9; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    assertEquals(domain.store(DATA, 0, 0), undefined);
    assertEquals(domain.map(DATA, DATA, 0x061, 0), 0);
    assertEquals(domain.store(DATA, 0, 0), undefined, "the old translation still writes: nothing has been flushed");
    assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)).rc, 0);
    const tables = domain.mfn(domain.l1Of(0));
    const entry = (tables << 12) | 0x063;
    assertEquals(
      domain.store(DATA, 0, entry)?.errorCode,
      3,
      "now it would map a table writable, and the check sees it",
    );
  });
}

Deno.test("a type that did not change costs no flush", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  const { flushes } = domain.xen.machine.tlb;
  assertEquals(domain.map(DATA, DATA, 0x063), 0);
  assertEquals(domain.xen.machine.tlb.flushes, flushes);
});

Deno.test("a frame not used since the last flush changes its type without another", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  assertEquals(domain.map(DATA, DATA, 0x061, 1), 0); // UVMF_TLB_FLUSH
  const { flushes } = domain.xen.machine.tlb;
  assertEquals(domain.xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)).rc, 0);
  assertEquals(domain.xen.machine.tlb.flushes, flushes);
});

Deno.test("each writable mapping counts, read-only ones do not", () => {
  const domain = new SampleDomain(["3.1", "two-level"]);
  assertEquals(domain.map(OTHER, DATA, 0x063), 0);
  assertEquals(domain.type(DATA), "e8000002");
  assertEquals(domain.type(OTHER), "e8000000");
  assertEquals(domain.map(OTHER, DATA, 0x061), 0);
  assertEquals(domain.type(DATA), "e8000001");
  assertEquals(domain.xen.frames.at(domain.mfn(DATA)).count, 3); // the allocation and two mappings
});

for (const contract of CONTRACTS) {
  Deno.test(`a page mapped writable is no table, a table is not mapped writable (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const [release] = contract;
    assertEquals(domain.xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)).rc, EINVAL);
    assertEquals(domain.map(DATA, domain.l1Of(0), 0x063), release === "3.1" ? EINVAL : -16);
    assertEquals(domain.map(DATA, domain.l1Of(0), 0x061), 0);
  });
}

Deno.test("a writable mapping counts although the entry above it is read-only (trap T23)", () => {
  const domain = new SampleDomain(["3.1", "two-level"]);
  const { xen, start } = domain;
  const l2 = domain.mfn(start.ptBase);
  const slot = 768 + Math.floor(DATA / 1024);
  assertEquals(xen.mmuUpdate(l2, slot, 0, xen.domain.entryLo(l2, slot) & ~2).rc, 0); // RW taken from the pde
  xen.mmuextOp(MMUEXT.TLB_FLUSH_LOCAL);
  assertEquals(domain.store(DATA, 0, 1)?.errorCode, 3);
  assertEquals(xen.frames.at(domain.mfn(DATA)).type, PGT_WRITABLE);
  assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)).rc, EINVAL);
});

Deno.test("a table that is linked twice has two references, and goes with the second", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { xen, start } = domain;
  const l2 = start.ptBase + 1;
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  for (const slot of [100, 101]) assertEquals(domain.update(l2, slot, DATA, 0x067), 0);
  assertEquals(domain.type(DATA), "28000002");
  for (const slot of [100, 101]) assertEquals(xen.mmuUpdate(domain.mfn(l2), slot, 0, 0).rc, 0);
  assertEquals(domain.type(DATA), "20000000");
  assertEquals(domain.map(DATA, DATA, 0x063), 0);
  assertEquals(domain.type(DATA), "e8000001");
});

Deno.test("a table that nobody uses lets go of what its entries map", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { xen } = domain;
  assertEquals(domain.update(DATA, 7, OTHER, 0x063), 0);
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)).rc, 0);
  assertEquals(domain.type(OTHER), "e8000002");
  assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(DATA)).rc, 0);
  assertEquals(domain.type(OTHER), "e8000001");
});

Deno.test("a validation that fails takes back what it took, and the frame has no type", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { xen } = domain;
  assertEquals(domain.update(DATA, 0, OTHER, 0x063), 0);
  assertEquals(domain.update(DATA, 5, domain.start.ptBase, 0x063), 0);
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  domain.said();
  assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)).rc, EINVAL);
  assertEquals([domain.type(OTHER), domain.type(DATA)], ["e8000001", "00000000"]);
  assertEquals(xen.frames.at(domain.mfn(DATA)).count, 2);
  const mfn = domain.mfn(DATA).toString(16);
  assertEquals(domain.said(), [
    `Bad type (saw 78000002 != exp e0000000) for mfn ${domain.mfn(0x513).toString(16)} (pfn 513)`,
    `Error getting mfn ${domain.mfn(0x513).toString(16)} (pfn 513) from L1 entry ${
      ((domain.mfn(0x513) << 12) | 0x63).toString(16).padStart(16, "0")
    } for dom1`,
    "Failure in alloc_l1_table: entry 5",
    `Error while validating mfn ${mfn} (pfn 600) for type 20000000: caf=80000003 taf=20000001`,
    `Error while pinning mfn ${mfn}`,
  ]);
});

Deno.test("a frame of segment descriptors is not mapped writable, and one mapped writable holds none (trap T16)", () => {
  for (const contract of CONTRACTS) {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    assertEquals(xen.setGdt([domain.mfn(DATA)]).rc, EINVAL, named(contract));
    assertEquals(domain.map(DATA, DATA, 0x061), 0);
    assertEquals(xen.setGdt([domain.mfn(DATA)]).rc, 0);
    assertEquals(domain.map(DATA, DATA, 0x063), contract[0] === "3.1" ? EINVAL : -16);
    assertEquals(domain.store(DATA, 0, 1)?.errorCode, 3);
    assertEquals(xen.setGdt([]).rc, 0);
    assertEquals(domain.map(DATA, DATA, 0x063), 0);
  }
});

Deno.test("a descriptor table of which one frame will not do is refused whole", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  assertEquals(domain.xen.setGdt([domain.mfn(DATA), domain.mfn(OTHER)]).rc, EINVAL);
  assertEquals(domain.type(DATA), "a8000000");
});

Deno.test("the type count of Xen 3.1 has 16 bits: one mapping more is refused", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { frames } = domain.xen;
  frames.typeInfo[domain.mfn(DATA)] = (frames.typeInfo[domain.mfn(DATA)] ?? 0) + 0xfffe;
  assertEquals(domain.map(OTHER, DATA, 0x063), EINVAL);
  assertEquals(domain.said()[0], `Type count overflow on pfn ${domain.mfn(DATA).toString(16)}`);
});
