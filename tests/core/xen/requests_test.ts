import { assertEquals } from "@std/assert";
import { XenBus } from "../../../core/paravirt/mod.ts";
import { DATA, EINVAL, OTHER, SampleDomain } from "../../../chapters/guests/sample_domain.ts";

Deno.test("mmu_update does not write a descriptor table (trap T16)", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const before = domain.xen.machine.memory.read(domain.mfn(DATA), 0);
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  assertEquals(domain.xen.setGdt([domain.mfn(DATA)]).rc, 0);
  assertEquals(domain.update(DATA, 0, OTHER, 0x063), EINVAL);
  assertEquals(domain.xen.machine.memory.read(domain.mfn(DATA), 0), before);
  assertEquals(domain.xen.setGdt([]).rc, 0);
  assertEquals(domain.update(DATA, 0, OTHER, 0x063), 0);
});

Deno.test("update_va_mapping refuses an address that is not canonical, though its index bits lead to an entry", () => {
  const domain = new SampleDomain(["4.17", "4-level"]);
  const { lo, hi } = domain.linear(DATA);
  const entry = domain.entry(DATA, 0x061);
  const before = domain.leaf(DATA);
  assertEquals(domain.xen.updateVaMapping(hi & 0xffff, lo, entry.hi, entry.lo).rc, EINVAL);
  assertEquals(domain.leaf(DATA), before);
  assertEquals(domain.xen.updateVaMapping(hi, lo, entry.hi, entry.lo).rc, 0);
});

Deno.test("a frame above 4G is mapped high half first: the low half alone would name another frame (trap T11)", () => {
  const above = 0x10_0005;
  const options = { machineFrames: 0x10_1000, p2m: (pfn: number) => pfn === OTHER ? above : 0x5fff - pfn };
  const domain = new SampleDomain(["3.1", "pae"], options);
  const { xen } = domain;
  const table = domain.l1Of(DATA);
  const slot = domain.linear(table, domain.index(DATA) * 8).lo;
  const bus = new XenBus(xen);
  bus.storeEntry(slot, 0, 0);
  bus.storeEntry(slot, 1, (above << 12) | 0x063);
  const stored = [
    xen.domain.entryLo(domain.mfn(table), domain.index(DATA)),
    xen.domain.entryHi(domain.mfn(table), domain.index(DATA)),
  ];
  assertEquals(stored, [(above << 12) | 0x063, 1]);
});

Deno.test("a descriptor table must be of the guest's own frames", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  assertEquals([domain.xen.setGdt([0]).rc, domain.xen.domain.gdt], [EINVAL, []]); // frame 0 is Xen's
});

Deno.test("a store to an address that is not canonical is #GP, aligned or not; it lies where the guest has nothing", () => {
  const { xen } = new SampleDomain(["4.17", "4-level"]);
  for (const lo of [0x1000, 0x1002]) {
    const { ok, fault, refusal } = xen.store32(0x8000, lo, 1);
    assertEquals([ok, fault?.vector, refusal?.rule], [false, 13, "xen-address"]);
  }
  assertEquals(xen.domain.cost.emulatedStores, 0);
});
