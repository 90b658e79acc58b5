import { assert, assertEquals } from "@std/assert";
import { MMUEXT } from "../../../core/xen/mod.ts";
import { type Contract, DATA, EINVAL, named, OTHER, SampleDomain } from "../../../chapters/guests/sample_domain.ts";

const PAE: readonly Contract[] = [["3.1", "pae"], ["4.17", "pae"]];

/** A copy of the live root in `DATA` and of its L2 in `OTHER`, both read-only, the root pointing to the copy. */
function copiedRoot(contract: Contract): SampleDomain {
  const domain = new SampleDomain(contract);
  const { memory } = domain.xen.machine;
  const [l3 = 0, l2 = 0] = domain.start.pageTables;
  memory.copyFrame(domain.mfn(OTHER), domain.mfn(l2));
  memory.clearFrame(domain.mfn(DATA));
  memory.write(domain.mfn(DATA), 6, (domain.mfn(OTHER) << 12) | (domain.xen.domain.entryLo(domain.mfn(l3), 3) & 1));
  assertEquals([domain.map(DATA, DATA, 0x021), domain.map(OTHER, OTHER, 0x021)], [0, 0]);
  return domain;
}

for (const flags of [0x003, 0x005, 0x021, 0x041, 0x081, 0x101, 0x067]) {
  Deno.test(`a PAE root entry with flags 0x${flags.toString(16)} is "Bad L3 flags" (trap T4)`, () => {
    const domain = new SampleDomain(["3.1", "pae"]);
    assertEquals(domain.map(OTHER, OTHER, 0x021), 0);
    assertEquals(domain.update(domain.start.ptBase, 0, OTHER, flags), EINVAL);
    assertEquals(domain.said(), [`Bad L3 flags ${(flags & ~1).toString(16)}`]);
    assertEquals(domain.update(domain.start.ptBase, 0, OTHER, 0x001), 0);
  });
}

Deno.test("P, PWT, PCD and the AVL bits may be set in a PAE root entry (trap T4)", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  assertEquals(domain.map(OTHER, OTHER, 0x021), 0);
  assertEquals(domain.update(domain.start.ptBase, 0, OTHER, 0xe19), 0);
});

for (const contract of PAE) {
  Deno.test(`slot 3 of a PAE root in use cannot be changed, not even to what it is (trap T5; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const root = domain.mfn(domain.start.ptBase);
    const { xen } = domain;
    const [lo, hi] = [xen.domain.entryLo(root, 3), xen.domain.entryHi(root, 3)];
    assertEquals(xen.mmuUpdate(root, 3, 0, 0).rc, EINVAL);
    assertEquals(xen.mmuUpdate(root, 3, hi, lo & 0xfffff001).rc, EINVAL);
    assertEquals([xen.domain.entryLo(root, 3), xen.domain.entryHi(root, 3)], [lo, hi]);
    assertEquals(domain.said(), [], "and Xen says nothing");
  });

  Deno.test(`the L2 of slot 3 cannot be used in another slot: pgd[0] := pgd[3] is refused (trap T5; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    assertEquals(domain.update(domain.start.ptBase, 0, domain.start.ptBase + 1, 0x001), EINVAL);
    assert(domain.said().some((line) => line.startsWith("Bad type (saw 4")));
  });

  Deno.test(`a second root cannot share the L2 of slot 3 (trap T5; ${named(contract)})`, () => {
    const domain = copiedRoot(contract);
    const { xen, start } = domain;
    const l2 = start.ptBase + 1;
    xen.machine.memory.write(domain.mfn(DATA), 6, (domain.mfn(l2) << 12) | 1);
    assertEquals(xen.mmuextOp(MMUEXT.PIN_L3_TABLE, domain.mfn(DATA)).rc, EINVAL);
    assert(domain.said().includes("PAE L3 3rd slot is shared"));
    assertEquals(xen.frames.at(domain.mfn(l2)).typeCount, 1);
    assertEquals(xen.frames.at(domain.mfn(DATA)).type, 0);
  });

  Deno.test(`a root without an L2 in slot 3 is refused (trap T5; ${named(contract)})`, () => {
    const domain = copiedRoot(contract);
    domain.xen.machine.memory.clearFrame(domain.mfn(DATA));
    assertEquals(domain.xen.mmuextOp(MMUEXT.PIN_L3_TABLE, domain.mfn(DATA)).rc, EINVAL);
    assert(domain.said().some((line) => /^Failure .*l3_table: (entry |slot 0x)3$/.test(line)));
  });

  Deno.test(`a root with a copied L2 can be loaded; the L1 tables are shared from then on (traps T5, T13; ${named(contract)})`, () => {
    const domain = copiedRoot(contract);
    const { xen, start } = domain;
    assertEquals(xen.mmuextOp(MMUEXT.NEW_BASEPTR, domain.mfn(DATA)).rc, 0);
    assertEquals(xen.domain.rootMfn, domain.mfn(DATA));
    assertEquals(start.pageTables.map((pfn) => xen.frames.at(domain.mfn(pfn)).typeCount), [1, 1, 2, 2, 2, 2]);
    assertEquals(domain.store(0x700, 0, 42), undefined);
    const copy = xen.frames.at(domain.mfn(OTHER));
    assertEquals([copy.tableLevel, copy.paeXenL2, copy.typeCount], [2, true, 1]);
  });

  Deno.test(`the builder's root stays pinned when another is loaded: its frames stay read-only (trap T13; ${named(contract)})`, () => {
    const domain = copiedRoot(contract);
    const { xen, start } = domain;
    assertEquals(xen.mmuextOp(MMUEXT.NEW_BASEPTR, domain.mfn(DATA)).rc, 0);
    const busy = contract[0] === "3.1" ? EINVAL : -16;
    for (const pfn of start.pageTables) assertEquals(domain.map(pfn, pfn, 0x023), busy);
    assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(start.ptBase)).rc, 0);
    assertEquals(domain.map(start.ptBase, start.ptBase, 0x023), 0);
  });

  Deno.test(`a root that fails validation leaves the old one loaded (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    const { rootMfn } = xen.domain;
    const { cr3 } = xen.machine;
    assertEquals(xen.mmuextOp(MMUEXT.NEW_BASEPTR, domain.mfn(DATA)).rc, EINVAL);
    assertEquals([xen.domain.rootMfn, xen.machine.cr3], [rootMfn, cr3]);
  });
}

Deno.test("a changed root entry takes effect at once: Xen loads CR3 again", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { xen, start } = domain;
  assertEquals(domain.map(OTHER, OTHER, 0x021), 0);
  assertEquals(domain.update(OTHER, 2, start.ptBase + 4, 0x067), 0);
  assertEquals(xen.load32(0, 0x510 << 12).ok, false);
  assertEquals(domain.update(start.ptBase, 0, OTHER, 0x001), 0);
  assertEquals(xen.load32(0, 0x510 << 12).value, 0x2d6e6578, "the template at 0xc0000000 is now at 0 as well");
});

Deno.test("a root above 4G is refused by Xen 3.1, whose guests know no other CR3; 4.17 takes it", () => {
  const p2m = (pfn: number) => pfn === DATA ? 0x10_0000 + pfn : 0x2000 + pfn;
  const pin = (contract: Contract) => {
    const domain = new SampleDomain(contract, { machineFrames: 0x11_0000, p2m });
    assertEquals(domain.map(DATA, OTHER, 0x021), 0);
    return [domain.xen.mmuextOp(MMUEXT.PIN_L3_TABLE, domain.mfn(DATA)).rc, domain.said()[0]];
  };
  assertEquals(pin(["3.1", "pae"]), [EINVAL, "PAE pgd must be below 4GB (0x100600 >= 0x100000)"]);
  assertEquals(
    pin(["4.17", "pae"])[1],
    "Failure -22 in promote_l3_table: slot 0x3",
    "its slot 3 is empty, that is all",
  );
});

Deno.test("Xen's slots of the L2 in slot 3 are refused and filled in; those of other L2 tables are the guest's", () => {
  const domain = copiedRoot(["3.1", "pae"]);
  const { xen, start } = domain;
  assertEquals(domain.update(start.ptBase + 1, 428, DATA, 0x067), EINVAL);
  assertEquals(domain.said(), ["Illegal L2 update attempt in Xen-private area xxxxxd60"]);
  xen.machine.memory.write(domain.mfn(OTHER), 511 * 2, -1); // garbage in a slot of Xen's is no matter
  assertEquals(xen.mmuextOp(MMUEXT.NEW_BASEPTR, domain.mfn(DATA)).rc, 0);
  assertEquals(xen.domain.entryLo(domain.mfn(OTHER), 511), 0);
  assertEquals(xen.domain.entryLo(domain.mfn(OTHER), 428), xen.domain.entryLo(domain.mfn(start.ptBase + 1), 428));
  assertEquals(domain.map(0x602, 0x602, 0x021), 0);
  assertEquals(xen.mmuextOp(MMUEXT.PIN_L2_TABLE, domain.mfn(0x602)).rc, 0);
  assertEquals(domain.update(0x602, 511, start.ptBase + 2, 0x067), 0);
});

Deno.test("the same slot is -EPERM in Xen 4.17", () => {
  const domain = new SampleDomain(["4.17", "pae"]);
  assertEquals(domain.update(domain.start.ptBase + 1, 428, DATA, 0x067), -1);
  assertEquals(domain.said(), ["L2 update in Xen-private area, slot 0x1ac"]);
});
