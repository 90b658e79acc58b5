import { assert, assertEquals } from "@std/assert";
import { indexAt, MODES } from "../../../core/mmu/mod.ts";
import { MMUEXT } from "../../../core/xen/mod.ts";
import { type Contract, CONTRACTS, DATA, EINVAL, named, OTHER, SampleDomain } from "./sample_domain.ts";

/** Slot of the root that is free in every template and the guest's. */
const FREE_SLOT = 5;

/** The linear address at which an entry of the root shows up, when the root maps itself in `FREE_SLOT`: every level of the walk takes that slot. */
function recursive(mode: Contract[1], index: number): { readonly hi: number; readonly lo: number } {
  const { levels, entryWords } = MODES[mode];
  const address = levels.reduce((sum, { shift }) => sum + BigInt(FREE_SLOT) * (1n << BigInt(shift)), 0n);
  const at = address + BigInt(index * entryWords * 4);
  return { hi: Number(BigInt.asIntN(32, at >> 32n)), lo: Number(BigInt.asIntN(32, at)) };
}

/** A domain whose root maps itself, read-only, in `FREE_SLOT`, and what toggling RW in that entry returns. */
function toggled(contract: Contract): { readonly domain: SampleDomain; readonly rc: number } {
  const domain = new SampleDomain(contract);
  const { ptBase } = domain.start;
  assertEquals(domain.update(ptBase, FREE_SLOT, ptBase, 0x065), 0);
  return { domain, rc: domain.update(ptBase, FREE_SLOT, ptBase, 0x067) };
}

Deno.test("XSA-182: Xen 3.1 lets RW be toggled in a linear map, and then the guest writes its own tables", () => {
  const contract: Contract = ["3.1", "two-level"];
  const { domain, rc } = toggled(contract);
  assertEquals(rc, 0, "the fast path of 2007 looked at frame and P alone");
  const { hi, lo } = recursive("two-level", FREE_SLOT + 1);
  assertEquals(indexAt(MODES["two-level"].levels[0]!, hi, lo), FREE_SLOT);
  assertEquals(domain.xen.store32(hi, lo, 0x00c0_ffe0), undefined, "an L2 entry, written behind Xen's back");
  assertEquals(domain.xen.entryLo(domain.mfn(domain.start.ptBase), FREE_SLOT + 1), 0x00c0_ffe0);
});

Deno.test("XSA-182: Xen 4.17 checks a changed RW bit and refuses", () => {
  const { domain, rc } = toggled(["4.17", "4-level"]);
  assertEquals(rc, EINVAL);
  assertEquals(domain.said(), ["Attempt to create linear p.t. with write perms"]);
  const { hi, lo } = recursive("4-level", FREE_SLOT + 1);
  assertEquals(domain.xen.store64(hi, lo, 0, 0)?.errorCode, 3);
});

for (const contract of CONTRACTS) {
  Deno.test(`XSA-148: a live entry does not become a large page on any fast path (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    const l2 = domain.mfn(domain.start.pageTables[xen.levels.length - 2] ?? 0);
    const slot = Array.from({ length: xen.rulesOf(2).entries }, (_, i) => i).find((i) => xen.entryLo(l2, i) & 1) ?? 0;
    const lo = xen.entryLo(l2, slot);
    assertEquals(xen.mmuUpdate(l2, slot, lo | 0x080, xen.entryHi(l2, slot)), EINVAL);
    assertEquals(domain.said(), ["Bad L2 flags 80"]);
    assertEquals(xen.entryLo(l2, slot), lo);
  });

  Deno.test(`a page is not smuggled in as a table by way of a mapping that is gone (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    assertEquals([domain.store(DATA, 0, 0), domain.map(DATA, DATA, 0x061)], [undefined, 0]);
    assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)), 0);
    assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(DATA)), 0);
    assertEquals(domain.map(OTHER, DATA, 0x063), 0, "nobody uses it: it may be written again");
    const refused = xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA));
    assertEquals(refused, EINVAL, "and what it was once does not count");
  });

  Deno.test(`a table is checked anew each time that it becomes one (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    assertEquals(domain.map(DATA, DATA, 0x061), 0);
    const pin = () => xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA));
    assertEquals([pin(), xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(DATA))], [0, 0]);
    assertEquals(domain.map(OTHER, DATA, 0x063), 0);
    assertEquals(domain.store(OTHER, 0, domain.entry(domain.start.ptBase, 0x067).lo), undefined);
    assertEquals(domain.map(OTHER, OTHER, 0x063), 0);
    assert(pin() < 0, "it maps the root writable now");
  });

  Deno.test(`a frame of another domain's is neither mapped, nor linked, nor written (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    const foreign = 0x1234;
    xen.frames.owner[foreign] = 3;
    xen.frames.count[foreign] = 1;
    const { hi, lo } = domain.linear(DATA);
    for (const flags of [0x061, 0x063]) assert(xen.updateVaMapping(hi, lo, (foreign << 12) | flags, 0) < 0);
    const l2 = domain.mfn(domain.start.pageTables[xen.levels.length - 2] ?? 0);
    assertEquals(xen.mmuUpdate(l2, 100, (foreign << 12) | 0x065, 0), EINVAL);
    assertEquals(xen.mmuUpdate(foreign, 0, 0, 0), EINVAL);
    assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, foreign), EINVAL);
    assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, foreign), EINVAL);
    assertEquals(xen.setGdt([foreign]), EINVAL);
    assertEquals(xen.frames.at(foreign).count, 1);
  });
}
