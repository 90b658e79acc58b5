import { assert, assertEquals } from "@std/assert";
import { CPUS } from "../../../core/mmu/mod.ts";
import { DOMID_SELF, guestCpu, MMUEXT, UVMF_INVLPG, UVMF_TLB_FLUSH } from "../../../core/xen/mod.ts";
import { CONTRACTS, DATA, EINVAL, named, OTHER, SampleDomain } from "../../../chapters/guests/sample_domain.ts";

const OLD = CONTRACTS.filter(([release]) => release === "3.1");

for (const contract of OLD) {
  Deno.test(`global is refused: "Bad L1 flags 100" (trap T14; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    assertEquals(domain.map(DATA, DATA, 0x163), EINVAL);
    assertEquals(domain.said(), ["Bad L1 flags 100"]);
    assertEquals(domain.flags(DATA), 0x023);
  });

  Deno.test(`a large page is an error, not a hint (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const l2 = domain.start.pageTables[contract[1] === "pae" ? 1 : 0] ?? 0;
    assertEquals(domain.update(l2, 100, 0x400, 0x0e3), EINVAL);
    assertEquals(domain.said(), ["Bad L2 flags 80"]);
  });

  Deno.test(`PWT and PCD are allowed in 2007 (trap T28; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    assertEquals(domain.map(DATA, DATA, 0x07b), 0);
    assertEquals(domain.flags(DATA), 0x07b);
  });

  Deno.test(`AVL2 marks a grant: a debug build refuses it in L1 entries (${named(contract)})`, () => {
    assertEquals(new SampleDomain(contract).map(DATA, DATA, 0x863), 0);
    const domain = new SampleDomain(contract, { debug: true });
    assertEquals(domain.map(DATA, DATA, 0x863), EINVAL);
    assertEquals(domain.said(), ["Bad L1 flags 800"]);
  });
}

Deno.test("PWT and PCD need I/O rights today (trap T28)", () => {
  for (const mode of ["pae", "4-level"] as const) {
    const domain = new SampleDomain(["4.17", mode]);
    assertEquals(domain.map(DATA, DATA, 0x07b), EINVAL);
    assertEquals(domain.said(), ["Bad L1 flags 18"]);
    assertEquals(new SampleDomain(["4.17", mode], { privileged: true }).map(DATA, DATA, 0x07b), 0);
  }
});

Deno.test("global is allowed today, and 64-bit guests get it on user pages", () => {
  const narrow = new SampleDomain(["4.17", "pae"]);
  assertEquals([narrow.map(DATA, DATA, 0x163), narrow.flags(DATA)], [0, 0x163]);
  const wide = new SampleDomain(["4.17", "4-level"]);
  assertEquals([wide.map(DATA, DATA, 0x067), wide.flags(DATA)], [0, 0x167]);
  assertEquals([wide.map(DATA, DATA, 0x063), wide.flags(DATA)], [0, 0x067]);
  assertEquals(wide.xen.domain.entryHi(wide.mfn(wide.l1Of(DATA)), wide.index(DATA)), 0x0010_0000);
});

Deno.test("NX is allowed where the CPU has it, and refused where not", () => {
  const set = (cpu: typeof CPUS.k8) => {
    const domain = new SampleDomain(["3.1", "pae"], { cpu });
    const { hi, lo } = domain.linear(DATA);
    return [domain.xen.updateVaMapping(hi, lo, 0x8000_0000 | 0, domain.entry(DATA, 0x063).lo, 0).rc, domain.said()[0]];
  };
  assertEquals(set(CPUS.k8), [0, undefined]);
  assertEquals(set(CPUS.p6), [EINVAL, "Bad L1 flags 80000000"]);
});

Deno.test("mmu_update on a frame that is no table is a plain store of anything (trap T8)", () => {
  for (const contract of CONTRACTS) {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    assertEquals(domain.update(DATA, 5, domain.start.ptBase, 0xfff), 0, named(contract));
    assertEquals(xen.domain.entryLo(domain.mfn(DATA), 5), domain.entry(domain.start.ptBase, 0xfff).lo);
    assertEquals(domain.type(DATA), domain.type(OTHER), "and leaves the type as it was");
  }
});

Deno.test("update_va_mapping changes the tables in CR3, not those that are being built (trap T7)", () => {
  const domain = new SampleDomain(["3.1", "two-level"]);
  const { xen, start } = domain;
  const l1 = domain.l1Of(DATA);
  xen.machine.memory.copyFrame(domain.mfn(OTHER), domain.mfn(l1)); // a copy of the L1, not in use
  assertEquals(domain.map(DATA, DATA, 0x061), 0);
  assertEquals(domain.flags(DATA), 0x061);
  assertEquals(xen.domain.entryLo(domain.mfn(OTHER), domain.index(DATA)) & 0xfff, 0x023);
  assertEquals(xen.domain.rootMfn, start.cr3Mfn);
});

Deno.test("update_va_mapping is -EINVAL without an L1 and in Xen's range", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { lo } = domain.entry(DATA, 0x063);
  for (const address of [0xc080_0000, 0x1000, 0xf580_0000, 0xffff_f000]) {
    assertEquals(domain.xen.updateVaMapping(0, address | 0, 0, lo).rc, EINVAL);
  }
  assertEquals(domain.xen.updateVaMapping(1, 0, 0, lo).rc, EINVAL);
});

Deno.test("link before read-only fails: the table is still mapped writable (trap T6)", () => {
  for (const contract of CONTRACTS) {
    const domain = new SampleDomain(contract);
    const { levels } = domain.xen.domain;
    const l2 = domain.start.pageTables[levels.length - 2] ?? 0;
    assertEquals(domain.update(l2, 100, DATA, 0x067), EINVAL, named(contract));
    assert(domain.said()[0]?.startsWith("Bad type (saw e"));
    assertEquals(domain.map(DATA, DATA, 0x061), 0);
    assertEquals(domain.update(l2, 100, DATA, 0x067), 0, "read-only first, then linked");
  }
});

Deno.test("machine frames, not pfns: an entry with a pfn maps somebody else's page, or none (trap T32)", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { hi, lo } = domain.linear(DATA);
  assertEquals(domain.xen.updateVaMapping(hi, lo, 0, (OTHER << 12) | 0x063).rc, EINVAL);
  assert(domain.said().some((line) => line.startsWith("Error getting mfn 601 (pfn ffffffff) from L1 entry")));
  assertEquals(domain.xen.mmuUpdate(OTHER, 0, 0, 0).rc, EINVAL);
  assertEquals(domain.xen.mmuextOp(MMUEXT.NEW_BASEPTR, domain.start.ptBase).rc, EINVAL);
});

Deno.test("shared_info has a machine frame and no pfn; it may be mapped all the same (trap T32)", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { xen, start } = domain;
  assertEquals(xen.domain.m2p[start.sharedInfoMfn], -1);
  const { hi, lo } = domain.linear(DATA);
  assertEquals(xen.updateVaMapping(hi, lo, 0, (start.sharedInfoMfn << 12) | 0x063, UVMF_INVLPG).rc, 0);
  assertEquals(domain.store(DATA, 0, 7), undefined);
  assertEquals(xen.machine.memory.read(start.sharedInfoMfn, 0), 7);
});

Deno.test("a frame of nobody's or of Xen's is refused, by the error number of the release", () => {
  for (const contract of CONTRACTS) {
    const domain = new SampleDomain(contract);
    const { hi, lo } = domain.linear(DATA);
    const rc = domain.xen.updateVaMapping(hi, lo, 0, (0x300 << 12) | 0x061).rc;
    assertEquals(rc, contract[0] === "3.1" ? EINVAL : -16, named(contract));
  }
});

Deno.test("what is no memory is refused to a domU and mapped for dom0, uncached today", () => {
  const beyond = 0x7_0000;
  const map = (contract: typeof CONTRACTS[number], privileged: boolean) => {
    const domain = new SampleDomain(contract, { privileged });
    const { hi, lo } = domain.linear(DATA);
    return [domain.xen.updateVaMapping(hi, lo, 0, (beyond << 12) | 0x063).rc, domain.flags(DATA)];
  };
  assertEquals(map(["3.1", "pae"], false), [EINVAL, 0x023]);
  assertEquals(map(["3.1", "pae"], true), [0, 0x063]);
  assertEquals(map(["4.17", "pae"], false), [-1, 0x023]);
  assertEquals(map(["4.17", "pae"], true), [0, 0x07b]);
});

Deno.test("harmless bits change without any counting: NX, A, D, US, AVL", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const before = domain.xen.frames.at(domain.mfn(DATA));
  const { hi, lo } = domain.linear(DATA);
  for (const [flags, high] of [[0x067, 0], [0x003, 0x8000_0000 | 0], [0xe63, 0]] as const) {
    assertEquals(domain.xen.updateVaMapping(hi, lo, high, domain.entry(DATA, flags).lo).rc, 0);
    assertEquals(domain.xen.frames.at(domain.mfn(DATA)), before);
  }
});

Deno.test("an entry without P is written as it is", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  assertEquals(domain.map(DATA, domain.start.ptBase, 0xffe), 0);
  assertEquals(domain.flags(DATA), 0xffe);
  assertEquals(domain.type(DATA), "e8000000");
});

Deno.test("MMU_MACHPHYS_UPDATE sets the pfn of a frame, and only of one's own", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { xen } = domain;
  assertEquals(xen.mmuUpdate(domain.mfn(DATA), 0, 0, 0x1234, 1).rc, 0);
  assertEquals(xen.domain.m2p[domain.mfn(DATA)], 0x1234);
  assertEquals(xen.load32(0, (0xf580_0000 + domain.mfn(DATA) * 4) | 0).value, 0x1234);
  assertEquals(xen.mmuUpdate(0x300, 0, 0, 1, 1).rc, EINVAL);
  assertEquals(domain.said().pop(), "Could not get page for mach->phys update");
});

Deno.test("PRESERVE_AD came in January 2008: unknown to Xen 3.1, kept by 4.17", () => {
  const old = new SampleDomain(["3.1", "pae"]);
  assertEquals(old.update(old.l1Of(DATA), old.index(DATA), DATA, 0x003, 2), -38);
  assertEquals(old.said(), ["Invalid page update command 2"]);
  const today = new SampleDomain(["4.17", "pae"]);
  assertEquals(today.store(DATA, 0, 0), undefined); // sets A and D
  assertEquals(today.update(today.l1Of(DATA), today.index(DATA), DATA, 0x003, 2), 0);
  assertEquals(today.flags(DATA), 0x063);
});

Deno.test("a batch stops at the first request that fails", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const mfn = domain.mfn(domain.l1Of(DATA));
  const request = (index: number, flags: number) => ({ mfn, index, ...domain.entry(OTHER, flags) });
  const first = domain.index(DATA);
  const result = domain.xen.mmuUpdates([request(first, 0x061), request(first + 1, 0x163), request(first + 2, 0x061)]);
  assertEquals([result.rc, result.done, result.refusal?.rule], [EINVAL, 1, "bad-flags"]);
  assertEquals([0, 1, 2].map((i) => domain.flags(DATA + i)), [0x061, 0x023, 0x023]);
  const foreign = domain.xen.mmuUpdates([], 5);
  assertEquals([foreign.rc, foreign.done, foreign.refusal?.rule], [-3, 0, "foreign-domain"]);
  assertEquals(domain.xen.mmuUpdates([], DOMID_SELF), { ok: true, rc: 0, done: 0 });
});

Deno.test("pinning a level that the mode does not have is a silent success, and pins nothing (trap T12)", () => {
  const domain = new SampleDomain(["3.1", "two-level"]);
  const { xen } = domain;
  for (const command of [MMUEXT.PIN_L3_TABLE, MMUEXT.PIN_L4_TABLE]) {
    assertEquals(xen.mmuextOp(command, domain.mfn(DATA)).rc, 0);
  }
  assertEquals(domain.type(DATA), "e8000001");
  assertEquals(domain.said(), []);
  assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(DATA)).rc, EINVAL);
  assertEquals(domain.said(), [`Mfn ${domain.mfn(DATA).toString(16)} not pinned`]);
});

Deno.test("a frame is pinned once", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const root = domain.mfn(domain.start.ptBase);
  assertEquals(domain.xen.mmuextOp(MMUEXT.PIN_L3_TABLE, root).rc, EINVAL);
  assertEquals(domain.said(), [`Mfn ${root.toString(16)} already pinned`]);
  assertEquals(domain.type(domain.start.ptBase), "78000002");
});

Deno.test("commands that a release does not know are -ENOSYS", () => {
  const old = new SampleDomain(["3.1", "pae"]);
  assertEquals([16, 17, 99].map((command) => old.xen.mmuextOp(command, old.mfn(DATA)).rc), [-38, -38, -38]);
  assertEquals(old.said()[0], "Invalid extended pt command 0x10");
  const today = new SampleDomain(["4.17", "pae"]);
  assertEquals(today.xen.mmuextOp(MMUEXT.CLEAR_PAGE, today.mfn(DATA)).rc, 0);
  assertEquals(today.xen.mmuUpdate(today.mfn(DATA), 0, 0, 0, 4).rc, -38);
});

Deno.test("a page can be cleared and copied to while it is no table", () => {
  const domain = new SampleDomain(["4.17", "4-level"]);
  const { xen } = domain;
  domain.store(OTHER, 8, 0x1234);
  assertEquals(xen.mmuextOp(MMUEXT.COPY_PAGE, domain.mfn(DATA), domain.mfn(OTHER)).rc, 0);
  assertEquals(xen.machine.memory.read(domain.mfn(DATA), 2), 0x1234);
  assertEquals(xen.mmuextOp(MMUEXT.CLEAR_PAGE, domain.mfn(DATA)).rc, 0);
  assertEquals(xen.machine.memory.read(domain.mfn(DATA), 2), 0);
  const table = domain.mfn(domain.start.ptBase);
  assertEquals(xen.mmuextOp(MMUEXT.CLEAR_PAGE, table).rc, EINVAL);
  assertEquals(xen.mmuextOp(MMUEXT.COPY_PAGE, table, domain.mfn(OTHER)).rc, EINVAL);
  assertEquals(xen.mmuextOp(MMUEXT.COPY_PAGE, domain.mfn(OTHER), 0x300).rc, EINVAL);
});

Deno.test("flushes flush what they say", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { xen } = domain;
  const held = () => xen.machine.tlb.entries().length;
  const touch = () => [DATA, OTHER].forEach((pfn) => domain.store(pfn, 0, 0));
  touch();
  assertEquals(held(), 2);
  const { hi, lo } = domain.linear(DATA);
  assertEquals(xen.mmuextOp(MMUEXT.INVLPG_LOCAL, 0, hi, lo).rc, 0);
  assertEquals(held(), 1);
  assertEquals(domain.map(OTHER, OTHER, 0x063, UVMF_INVLPG), 0);
  assertEquals(held(), 0);
  touch();
  assertEquals(domain.map(OTHER, OTHER, 0x063, UVMF_TLB_FLUSH), 0);
  assertEquals(held(), 0);
  touch();
  assertEquals(xen.mmuextOp(MMUEXT.TLB_FLUSH_ALL).rc, 0);
  assertEquals(held(), 0);
});

Deno.test("flushing the cache needs I/O rights", () => {
  assertEquals(new SampleDomain(["3.1", "pae"]).xen.mmuextOp(MMUEXT.FLUSH_CACHE).rc, EINVAL);
  assertEquals(new SampleDomain(["4.17", "pae"]).xen.mmuextOp(MMUEXT.FLUSH_CACHE).rc, -13);
  assertEquals(new SampleDomain(["3.1", "pae"], { privileged: true }).xen.mmuextOp(MMUEXT.FLUSH_CACHE).rc, 0);
});

Deno.test("a 64-bit guest has a root for user mode, which counts like the other", () => {
  const domain = new SampleDomain(["4.17", "4-level"]);
  const { xen } = domain;
  const root = domain.mfn(domain.start.ptBase);
  assertEquals(xen.mmuextOp(MMUEXT.NEW_USER_BASEPTR, root).rc, 0);
  assertEquals(domain.type(domain.start.ptBase), "8c00000000000003");
  assertEquals(xen.mmuextOp(MMUEXT.NEW_USER_BASEPTR, domain.mfn(DATA)).rc, EINVAL);
  assertEquals(xen.mmuextOp(MMUEXT.NEW_USER_BASEPTR, 0).rc, 0);
  assertEquals(domain.type(domain.start.ptBase), "8c00000000000002");
});

Deno.test("a table may map itself read-only, not writable", () => {
  for (const contract of CONTRACTS) {
    const domain = new SampleDomain(contract);
    const l2 = domain.start.pageTables[domain.xen.domain.levels.length - 2] ?? 0;
    const before = domain.type(l2);
    assertEquals(domain.update(l2, 100, l2, 0x065), 0, named(contract));
    assertEquals(domain.type(l2), before, "that takes no reference");
    assertEquals(domain.update(l2, 101, l2, 0x067), EINVAL);
    assertEquals(domain.said(), ["Attempt to create linear p.t. with write perms"]);
    assertEquals(domain.xen.mmuUpdate(domain.mfn(l2), 100, 0, 0).rc, 0);
    assertEquals(domain.type(l2), before);
  }
});

Deno.test("tables that map each other in a chain are refused since XSA-240", () => {
  const chain = (contract: typeof CONTRACTS[number]) => {
    const domain = new SampleDomain(contract);
    for (const pfn of [DATA, OTHER, 0x602]) {
      assertEquals(domain.map(pfn, pfn, 0x061), 0);
      assertEquals(domain.xen.mmuextOp(MMUEXT.PIN_L2_TABLE, domain.mfn(pfn)).rc, 0);
    }
    assertEquals(domain.update(DATA, 0, OTHER, 0x065), 0);
    return domain.update(OTHER, 0, 0x602, 0x065);
  };
  assertEquals([chain(["3.1", "pae"]), chain(["4.17", "4-level"])], [0, EINVAL]);
});

Deno.test("a table in a circle is freed when the domain ends", () => {
  const domain = new SampleDomain(["3.1", "pae"]);
  const { xen } = domain;
  for (const pfn of [DATA, OTHER]) {
    assertEquals(domain.map(pfn, pfn, 0x061), 0);
    assertEquals(xen.mmuextOp(MMUEXT.PIN_L2_TABLE, domain.mfn(pfn)).rc, 0);
  }
  assertEquals([domain.update(DATA, 0, OTHER, 0x065), domain.update(OTHER, 0, DATA, 0x065)], [0, 0]);
  for (const pfn of [DATA, OTHER]) assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(pfn)).rc, 0);
  assertEquals(domain.type(DATA), "48000001", "they hold each other");
  xen.relinquish();
  assertEquals([domain.type(DATA), domain.type(OTHER)], ["40000000", "40000000"]);
});

Deno.test("the guest sees neither large nor global pages; NX stays (trap T14)", () => {
  for (const cpu of Object.values(CPUS)) {
    const seen = guestCpu(cpu);
    assertEquals([seen.pse, seen.pge, seen.nx, seen.pae], [false, false, cpu.nx, cpu.pae]);
  }
});
