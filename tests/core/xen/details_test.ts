// What Xen keeps, allows and prints in rare cases.
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Contract, DATA, EINVAL, OTHER, SampleDomain } from "../../../chapters/guests/sample_domain.ts";
import { CPUS, MODES } from "../../../core/mmu/mod.ts";
import { readM2pEntry } from "../../../core/xen/m2p.ts";
import {
  buildDomain,
  Hypervisor,
  MMU_MACHPHYS_UPDATE,
  MMU_PT_UPDATE_PRESERVE_AD,
  MMUEXT,
  OWNER_FOREIGN,
  OWNER_NONE,
  XEN_RELEASES,
} from "../../../core/xen/mod.ts";

const LONG: Contract = ["4.17", "4-level"];
const A = 0x20;

Deno.test("an update that preserves A and D does so in tables of tables too", () => {
  const domain = new SampleDomain(LONG);
  const [, , directory = 0] = domain.start.pageTables;
  const index = (domain.linear(DATA).lo >>> 21) & 0x1ff;
  const table = domain.l1Of(DATA);
  const isMarked = (flags: number, command: number) => {
    assertEquals(domain.update(directory, index, table, flags, command), 0);
    return (domain.xen.domain.entryLo(domain.mfn(directory), index) & A) !== 0;
  };
  assertEquals([isMarked(0x007 | A, 0), isMarked(0x007, MMU_PT_UPDATE_PRESERVE_AD), isMarked(0x007, 0)], [
    true,
    true,
    false,
  ]);
});

Deno.test("a page of Xen's own is mapped uncached if a guest of 3.1 likes, and stays write-back in 4.17", () => {
  const uncached = (contract: Contract) => {
    const domain = new SampleDomain(contract);
    const { hi, lo } = domain.linear(DATA);
    return domain.xen.updateVaMapping(hi, lo, 0, (domain.xen.domain.sharedInfoMfn << 12) | 0x73, 0).rc;
  };
  assertEquals([uncached(["3.1", "pae"]), uncached(LONG)], [0, EINVAL]);
});

Deno.test("a pfn of more than 32 bits, which a guest may write into the M2P, is printed whole", () => {
  const domain = new SampleDomain(LONG);
  const { xen } = domain;
  assertEquals(xen.mmuUpdate(domain.mfn(OTHER), 0, 0x1234, 0x5, MMU_MACHPHYS_UPDATE).rc, 0);
  assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(OTHER)).ok, false); // it is mapped writable
  assertStringIncludes(domain.said().join(" "), "pfn 123400000005");
});

Deno.test("a store that crosses a multiple of 4G faults where it begins, if nothing is mapped there", () => {
  const { xen } = new SampleDomain(LONG);
  const { ok, fault } = xen.store32(0xffff_8900 | 0, -2, 7);
  assertEquals([ok, fault?.vector === 14 && fault.cr2], [false, { hi: 0xffff_8900, lo: 0xffff_fffe }]);
});

Deno.test("a level that a mode has not has no rules", () => {
  const { domain } = new SampleDomain(["3.1", "two-level"]).xen;
  assertThrows(() => domain.rulesOf(3), RangeError, "Expected a level of 1 to 2 but found 3");
});

Deno.test("Xen switches PSE on where the CPU has it, and asks no other for it", () => {
  const machine = { release: XEN_RELEASES["3.1"], mode: MODES.pae, guestPages: 0x4000, machineFrames: 0x8000 };
  const cr4 = (pse: boolean) =>
    new Hypervisor({ ...machine, cpu: { ...CPUS.p6, pse }, p2m: (pfn) => 0x7fff - pfn }).machine.cr4;
  assertEquals([cr4(true), cr4(false)], [0xb0, 0xa0]);
});

Deno.test("4.17 names the owner of a frame that is not the guest's, and -1 where there is none", () => {
  const saidOf = (owner: number) => {
    const domain = new SampleDomain(LONG);
    domain.xen.frames.owner[OTHER] = owner;
    const { lo } = domain.linear(DATA);
    domain.xen.updateVaMapping(domain.linear(DATA).hi, lo, 0, (OTHER << 12) | 0x63);
    return domain.xen.log[0]?.text ?? "";
  };
  assertStringIncludes(saidOf(OWNER_FOREIGN), "real_pg_owner d2");
  assertStringIncludes(saidOf(OWNER_NONE), "real_pg_owner d-1");
});

Deno.test("the m2p that a 64-bit guest reads has -1 in both words for a frame without pfn, and a high word of 0 else", () => {
  const { xen: { domain } } = new SampleDomain(LONG);
  const [used = 0] = domain.p2m;
  assertEquals(readM2pEntry(domain, used), { hi: 0, lo: 0 });
  assertEquals(readM2pEntry(domain, domain.m2p.indexOf(-1)), { hi: -1, lo: -1 });
});

Deno.test("the p2m list ends with its last page: the rest of its last frame is zero", () => {
  const guestPages = 0x4010;
  const machine = { release: XEN_RELEASES["3.1"], mode: MODES.pae, cpu: CPUS.p6, machineFrames: 0x8000 };
  const xen = new Hypervisor({ ...machine, guestPages, p2m: (pfn) => 0x7fff - pfn });
  const { mfnList } = buildDomain(xen);
  const last = xen.domain.p2m[mfnList + Math.floor(guestPages / 1024)] ?? 0;
  assertEquals([0xf, 0x10, 0x3ff].map((word) => xen.machine.memory.read(last, word)), [0x7fff - 0x400f, 0, 0]);
});
