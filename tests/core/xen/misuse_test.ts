import { assertEquals, assertThrows } from "@std/assert";
import { CPUS } from "../../../core/mmu/mod.ts";
import { MMUEXT, UVMF_INVLPG } from "../../../core/xen/mod.ts";
import { type Contract, CONTRACTS, DATA, named, OTHER, SampleDomain } from "../../../chapters/guests/sample_domain.ts";

const LONG: Contract = ["4.17", "4-level"];

Deno.test("a domain without pages, on a CPU that cannot run it, or with a frame that is none is the caller's mistake", () => {
  assertThrows(() => new SampleDomain(["3.1", "pae"], { guestPages: 0 }), RangeError, "guestPages");
  assertThrows(
    () => new SampleDomain(["3.1", "pae"], { cpu: CPUS.pentium }),
    RangeError,
    "Expected a CPU that can run",
  );
  const { xen } = new SampleDomain(["3.1", "pae"]);
  assertThrows(() => xen.frames.at(xen.frames.length), RangeError, "Expected a machine frame of 0 to");
  assertThrows(() => xen.domain.rulesOf(4), RangeError, "Expected a level of 1 to 3 but found 4");
  assertThrows(() => xen.domain.rulesOf(0), RangeError, "Expected a level of 1 to 3 but found 0");
});

for (const contract of CONTRACTS) {
  Deno.test(`a pin of a frame that is not the guest's is refused, and so is a pin of it as a table that it is not (${named(contract)})`, () => {
    const { xen } = new SampleDomain(contract);
    const xens = xen.domain.sharedInfoMfn + 1;
    const { rc, refusal } = xen.mmuextOp(MMUEXT.PIN_L1_TABLE, 0x300);
    assertEquals([rc, refusal?.rule], [-22, "not-the-guests"]);
    assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, xens).rc < 0, true);
  });
}

Deno.test("a root for user mode that is set already is set again without a reference, and LDT entries are nobody's tables", () => {
  const domain = new SampleDomain(LONG);
  const { xen } = domain;
  const root = domain.mfn(domain.start.ptBase);
  const counts = () => [xen.frames.at(root).count, xen.frames.at(root).typeCount];
  assertEquals(xen.mmuextOp(MMUEXT.NEW_USER_BASEPTR, root).rc, 0);
  const before = counts();
  assertEquals(xen.mmuextOp(MMUEXT.NEW_USER_BASEPTR, root).rc, 0);
  assertEquals(counts(), before);
  assertEquals(xen.mmuextOp(MMUEXT.SET_LDT, 0).rc, 0);
});

Deno.test("a copy onto a frame that is not the guest's is refused", () => {
  const domain = new SampleDomain(LONG);
  const { rc, refusal } = domain.xen.mmuextOp(MMUEXT.COPY_PAGE, 0x300, domain.mfn(OTHER));
  assertEquals([rc < 0, refusal?.rule], [true, "not-the-guests"]);
  assertEquals(domain.xen.mmuextOp(MMUEXT.COPY_PAGE, domain.mfn(DATA), domain.mfn(OTHER)).rc, 0);
});

Deno.test("an unaligned store of eight bytes is made byte by byte, across a page too, and refused if either page refuses", () => {
  const domain = new SampleDomain(LONG);
  const { xen } = domain;
  const read = (pfn: number, word: number) => (domain.xen.machine.memory.read(domain.mfn(pfn), word) ?? 0) >>> 0;
  const at = domain.linear(DATA, 0xffc);
  assertEquals(xen.store64(at.hi, at.lo, 0x1122_3344, 0x5566_7788).ok, true);
  assertEquals([read(DATA, 1023), read(OTHER, 0)], [0x5566_7788, 0x1122_3344]);
  assertEquals(domain.map(OTHER, OTHER, 0x061, UVMF_INVLPG), 0); // read-only
  const refused = xen.store64(at.hi, at.lo, 0, 0);
  assertEquals([refused.ok, refused.fault?.vector, read(DATA, 1023)], [false, 14, 0x5566_7788]);
});
