import { assertEquals } from "@std/assert";
import { type Contract, CONTRACTS, DATA, named, OTHER, SampleDomain } from "../../../chapters/guests/sample_domain.ts";

const PAE: Contract = ["3.1", "pae"];

for (const contract of CONTRACTS) {
  Deno.test(`a valid store to an L1 is emulated without a fault (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    const entry = domain.entry(OTHER, 0x061);
    assertEquals(domain.storeEntry(domain.l1Of(DATA), domain.index(DATA), entry.lo), undefined);
    assertEquals(domain.leaf(DATA) >>> 12, domain.mfn(OTHER));
    assertEquals(
      xen.domain.cost.emulatedStores,
      contract[1] === "pae" ? 2 : 1,
      "PAE: two stores, two validations (trap T11)",
    );
    assertEquals([domain.type(DATA), xen.frames.at(domain.mfn(OTHER)).count], [
      domain.type(0x602).replace(/1$/, "0"),
      3,
    ]);
  });

  Deno.test(`a store to any table above L1 is never emulated (trap T10; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen, start } = domain;
    for (const pfn of start.pageTables.slice(0, xen.domain.levels.length - 1)) {
      assertEquals(domain.store(pfn, 0, xen.domain.entryLo(domain.mfn(pfn), 0))?.errorCode, 3);
    }
    assertEquals(xen.domain.cost.emulatedStores, 0);
  });

  Deno.test(`a store to a page that is read-only and no table is the guest's fault (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    assertEquals(domain.map(DATA, DATA, 0x061), 0);
    const fault = domain.store(DATA, 0, 0);
    assertEquals([fault?.vector, fault?.errorCode], [14, 3]);
    assertEquals(domain.said(), []);
  });

  Deno.test(`a store where nothing is mapped is page fault 2, a load 0 (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { hi, lo } = domain.linear(domain.start.mappedPages);
    assertEquals(domain.xen.store32(hi, lo, 0).fault?.errorCode, 2);
    const loaded = domain.xen.load32(hi, lo);
    assertEquals(loaded.fault?.errorCode, 0);
  });

  Deno.test(`a store that is not aligned lands in memory and is refused on a table (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    assertEquals(domain.store(DATA, 0xffe, 0x11223344), undefined); // across two pages
    const word = (pfn: number, at: number) => xen.machine.memory.read(domain.mfn(pfn), at);
    assertEquals([word(DATA, 1023) >>> 16, word(OTHER, 0) & 0xffff], [0x3344, 0x1122]);
    assertEquals(domain.store(domain.l1Of(DATA), 2, 0)?.errorCode, 3);
    assertEquals(xen.log.map(({ kind }) => kind), ["ptwr-access"]);
  });
}

Deno.test("write-always dies as Xen 3.1 says it: these lines, in this order", () => {
  const domain = new SampleDomain(PAE);
  const table = 0x515;
  const entry = domain.entry(0x514, 0x063).lo;
  assertEquals(domain.store(table, 8, entry)?.errorCode, 3);
  domain.xen.crash(3);
  const mfn = domain.mfn(0x514).toString(16);
  assertEquals(domain.said(), [
    `Bad type (saw 4c000001 != exp e0000000) for mfn ${mfn} (pfn 514)`,
    `Error getting mfn ${mfn} (pfn 514) from L1 entry ${entry.toString(16).padStart(16, "0")} for dom1`,
    "ptwr_emulate: could not get_page_from_l1e()",
    "Unhandled page fault in domain 1 on VCPU 0 (ec=0003)",
  ]);
});

Deno.test("two-level: the same with the root, type 58000002 while it is pinned", () => {
  const domain = new SampleDomain(["3.1", "two-level"]);
  const entry = domain.entry(0x513, 0x063).lo;
  assertEquals(domain.store(0x514, 4, entry)?.errorCode, 3);
  const mfn = domain.mfn(0x513).toString(16);
  assertEquals(domain.said().slice(0, 2), [
    `Bad type (saw 58000002 != exp e0000000) for mfn ${mfn} (pfn 513)`,
    `Error getting mfn ${mfn} (pfn 513) from L1 entry ${entry.toString(16).padStart(8, "0")} for dom1`,
  ]);
});

Deno.test("a refused store leaves entry and counts as they were", () => {
  const domain = new SampleDomain(PAE);
  const before = [domain.leaf(DATA), domain.type(DATA), domain.type(0x514)];
  assertEquals(domain.store(domain.l1Of(DATA), domain.index(DATA) * 8, domain.entry(0x514, 0x063).lo)?.errorCode, 3);
  assertEquals([domain.leaf(DATA), domain.type(DATA), domain.type(0x514)], before);
});

Deno.test("each half of a PAE entry is judged with the other half as it is (trap T11)", () => {
  const domain = new SampleDomain(PAE);
  const { xen } = domain;
  const table = domain.l1Of(DATA);
  const at = domain.index(DATA) * 8;
  assertEquals(domain.store(table, at + 4, 0x8000_0000 | 0), undefined, "NX: the whole entry is valid");
  assertEquals(domain.store(table, at + 4, 1)?.errorCode, 3, "a frame above 4G that does not exist");
  assertEquals(xen.domain.entryHi(domain.mfn(table), domain.index(DATA)) >>> 0, 0x8000_0000);
});

Deno.test("high half first is right for an entry that is absent, low half first for one that goes (trap T11)", () => {
  const p2m = (pfn: number) => pfn === OTHER ? 0x10_0000 + pfn : 0x2000 + pfn;
  const domain = new SampleDomain(PAE, { machineFrames: 0x11_0000, p2m });
  const table = domain.l1Of(DATA);
  const at = domain.index(DATA) * 8;
  const lo = (domain.mfn(OTHER) << 12) | 0x063;
  assertEquals(domain.store(table, at, 0), undefined);
  assertEquals(domain.store(table, at + 4, 1), undefined);
  assertEquals(domain.store(table, at, lo), undefined);
  assertEquals(domain.xen.frames.at(domain.mfn(OTHER)).typeCount, 2);
  assertEquals(domain.store(table, at + 4, 0)?.errorCode, 3, "the low half alone names a frame of nobody's");
  assertEquals([domain.store(table, at, 0), domain.store(table, at + 4, 0)], [undefined, undefined]);
});

Deno.test("the upper half first is rescued since Xen 3.2, by dropping P; in 3.1 it never was", () => {
  const store = (contract: Contract) => {
    const domain = new SampleDomain(contract);
    const fault = domain.store(domain.l1Of(DATA), domain.index(DATA) * 8 + 4, 1);
    return [fault?.errorCode, domain.flags(DATA) & 1, domain.xen.log.pop()?.kind];
  };
  assertEquals(store(PAE), [3, 1, "ptwr-refused"]);
  assertEquals(store(["4.17", "pae"]), [undefined, 0, "ptwr-rescue"]);
});

Deno.test("a 64-bit kernel's half store is not rescued", () => {
  const domain = new SampleDomain(["4.17", "4-level"]);
  const { hi, lo } = domain.linear(domain.l1Of(DATA), domain.index(DATA) * 8 + 4);
  assertEquals(domain.xen.store32(hi, lo, 1).fault?.errorCode, 3);
});

Deno.test("a whole-entry store to a PAE table (cmpxchg8b) is one validation", () => {
  const domain = new SampleDomain(PAE);
  const { hi, lo } = domain.linear(domain.l1Of(DATA), domain.index(DATA) * 8);
  const entry = domain.entry(OTHER, 0x061);
  assertEquals(domain.xen.store64(hi, lo, 0x8000_0000 | 0, entry.lo).fault, undefined);
  assertEquals(domain.xen.domain.cost.emulatedStores, 1);
  assertEquals(domain.flags(DATA), 0x061);
});

Deno.test("changing only A or D by a store leaves the counts as they were", () => {
  const domain = new SampleDomain(["3.1", "two-level"]);
  const before = domain.xen.frames.at(domain.mfn(DATA));
  assertEquals(domain.store(domain.l1Of(DATA), domain.index(DATA) * 4, domain.entry(DATA, 0x063).lo), undefined);
  assertEquals(domain.xen.frames.at(domain.mfn(DATA)), before);
});

Deno.test("every change of an entry is told, with what was there before", () => {
  const domain = new SampleDomain(PAE);
  const told: number[][] = [];
  domain.xen.domain.onEntryWrite = (...change) => told.push(change);
  const [mfn, index] = [domain.mfn(domain.l1Of(DATA)), domain.index(DATA)];
  const [old, entry] = [domain.entry(DATA, 0x023).lo, domain.entry(DATA, 0x061).lo];
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  assertEquals(domain.store(domain.l1Of(DATA), index * 8, old), undefined);
  assertEquals(domain.map(DATA, DATA, 0x163), -22);
  assertEquals(told, [[mfn, index, 0, old, 0, entry], [mfn, index, 0, entry, 0, old]]);
});

Deno.test("hypercalls and emulated stores are counted", () => {
  const domain = new SampleDomain(PAE);
  const { cost } = domain.xen.domain;
  assertEquals(cost, { hypercalls: 0, emulatedStores: 0 });
  domain.map(DATA, DATA, 0x163);
  domain.store(DATA, 0, 0);
  domain.store(domain.l1Of(DATA), 0, domain.leaf(0));
  assertEquals(cost, { hypercalls: 1, emulatedStores: 1 });
});
