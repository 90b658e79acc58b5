import { assertEquals } from "@std/assert";
import { pv64Guest } from "../../../chapters/recorded/hypercalls/guest.ts";
import {
  type Contract,
  CONTRACTS,
  DATA,
  EINVAL,
  named,
  OTHER,
  SampleDomain,
} from "../../../chapters/guests/sample_domain.ts";
import { pinnedL2 } from "./attack_parts.ts";
import { MMU_MACHPHYS_UPDATE, MMUEXT } from "../../../core/xen/mod.ts";

const OLD: Contract = ["3.1", "pae"];
const NEW: Contract = ["4.17", "pae"];

for (const contract of [OLD, ["3.1", "two-level"]] as const) {
  Deno.test(`a chain of 6,000 linear page tables is let go of to its end (${named(contract)})`, () => {
    const length = 6000;
    const first = 0x800;
    const domain = new SampleDomain(contract, {}, { kernelEnd: 0x280_0000 });
    const { xen } = domain;
    for (let i = 0; i < length; i++) {
      domain.map(first + i, first + i, 0x61);
      if (i > 0) domain.update(first + i, 5, first + i - 1, 0x21);
      xen.mmuextOp(MMUEXT.PIN_L2_TABLE, domain.mfn(first + i));
      if (i > 0) xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(first + i - 1)); // only the next one holds it now
    }
    const counts = () => Array.from({ length }, (_, i) => xen.frames.at(domain.mfn(first + i)).typeCount);
    assertEquals(counts().every((count) => count === 1), true);
    assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(first + length - 1)).rc, 0);
    assertEquals(counts().every((count) => count === 0), true);
    xen.relinquish();
    assertEquals(counts().every((count) => count === 0), true);
  });
}

for (const contract of [NEW, ["4.17", "4-level"]] as const) {
  Deno.test(`a table is mapped by 32,768 entries of its level and not by one more, as a live Xen said (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    const [used, other, first] = [DATA, OTHER, 0x610];
    [used, other].forEach((pfn) => pinnedL2(domain, pfn));
    let granted = 0;
    for (let t = 0; t < 64; t++) {
      pinnedL2(domain, first + t);
      for (let slot = 0; slot < 512; slot++) granted += domain.update(first + t, slot, used, 0x21) === 0 ? 1 : 0;
    }
    pinnedL2(domain, first + 64);
    const { lo, hi } = domain.entry(used, 0x21);
    const over = xen.mmuUpdate(domain.mfn(first + 64), 0, hi, lo);
    assertEquals([granted, over.rc, over.refusal?.rule], [32_768, EINVAL, "linear-overflow"]);
    const next = domain.entry(other, 0x21);
    const chain = xen.mmuUpdate(domain.mfn(used), 5, next.hi, next.lo);
    assertEquals([chain.rc, chain.refusal?.rule], [EINVAL, "linear-chain"]);
    assertEquals(xen.frames.linear[domain.mfn(used)], -32_768);
  });
}

Deno.test("commands 18, 19 and 20 of mmuext_op: dom0 of a live Xen 4.17 gets 0, -95, -95; what comes after is unknown", () => {
  const { xen, frames } = pv64Guest();
  const page1 = frames.get("page1") ?? 0;
  const commands = [18, 19, 20, 21, 14];
  assertEquals(commands.map((command) => xen.mmuextOp(command, page1).rc), [0, -95, -95, -38, -38]);
  const guest = new SampleDomain(NEW);
  assertEquals([18, 19].map((command) => guest.xen.mmuextOp(command, guest.mfn(DATA)).rc), [EINVAL, -95]);
  const old = new SampleDomain(OLD);
  assertEquals([14, 15, 16, 17, 18, 19, 20].map((command) => old.xen.mmuextOp(command, 0).rc), Array(7).fill(-38));
});

for (const contract of CONTRACTS) {
  Deno.test(`the frame number of all ones is refused with -EINVAL and without a word (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const wide = { "two-level": 0, pae: contract[0] === "3.1" ? 0xfff : 0xf_ffff, "4-level": 0xf_ffff, "5-level": 0 };
    const { hi, lo } = domain.linear(DATA);
    const ask = (word: number) => domain.xen.updateVaMapping(hi, lo, wide[contract[1]], word).rc;
    assertEquals([ask(0xffff_f063 | 0), ask(0xffff_f061 | 0), domain.said()], [EINVAL, EINVAL, []]);
    const other = contract[0] === "3.1" ? EINVAL : -1;
    assertEquals([ask(0xffff_e061 | 0), domain.said().length], [other, 1]);
  });
}

Deno.test("a root for user mode is an L4 table: a 32-bit guest of 4.17 has none, and its L3 is refused", () => {
  const domain = new SampleDomain(NEW);
  const { rc, refusal } = domain.xen.mmuextOp(MMUEXT.NEW_USER_BASEPTR, domain.xen.domain.rootMfn);
  assertEquals([rc, refusal?.rule, refusal?.wanted, refusal?.seen.type], [EINVAL, "type-conflict", "L4", "L3"]);
  assertEquals(domain.said().map((line) => line.replace(/mfn.*/, "")), [
    "Bad type (saw 6c00000000000002 != exp 8000000000000000) for ",
    "Error -22 installing new ",
  ]);
  assertEquals(domain.xen.domain.userRootMfn, -1);
});

for (const contract of CONTRACTS) {
  Deno.test(`set_gdt takes 14 frames and not 15: Xen's own descriptors come after (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const ask = (frames: number) => {
      const pfns = Array.from({ length: frames }, (_, i) => 0x610 + i);
      pfns.forEach((pfn) => domain.map(pfn, pfn, 0x61));
      return domain.xen.setGdt(pfns.map((pfn) => domain.mfn(pfn))).rc;
    };
    assertEquals([ask(14), ask(15)], [0, EINVAL]);
  });
}

Deno.test("a 64-bit MACHPHYS_UPDATE keeps both words, and a low word of all ones is not extended", () => {
  const { xen, frames } = pv64Guest();
  const page5 = frames.get("page5") ?? 0;
  const read = () => [4, 0].map((offset) => xen.load32(0xffff_8000 | 0, ((page5 * 8) | 0) + offset).value);
  assertEquals(xen.mmuUpdate(page5, 0, 0x1234_5678, 0xab8, MMU_MACHPHYS_UPDATE).rc, 0);
  assertEquals(read(), [0x1234_5678, 0xab8]);
  assertEquals(xen.mmuUpdate(page5, 0, 0, -1, MMU_MACHPHYS_UPDATE).rc, 0);
  assertEquals(read(), [0, 0xffff_ffff]);
});

Deno.test("an update_va_mapping that is refused flushes all the same in 3.1; 4.17 skips that", () => {
  const flushes = (contract: Contract) => {
    const domain = new SampleDomain(contract);
    const { hi, lo } = domain.linear(DATA);
    domain.store(DATA, 0, 1);
    const { tlbClock } = domain.xen.domain;
    const bad = domain.entry(DATA, 0x0e7);
    assertEquals(domain.xen.updateVaMapping(hi, lo, bad.hi | 0x4000_0000, bad.lo, 1).ok, false);
    return [domain.xen.domain.tlbClock - tlbClock, domain.xen.machine.tlb.entries().length];
  };
  assertEquals(flushes(OLD), [1, 0]);
  assertEquals(flushes(["4.17", "4-level"])[0], 0);
});

Deno.test("mmu_update of a descriptor table is refused: 3.1 says why, 4.17 nothing", () => {
  const ask = (contract: Contract) => {
    const domain = new SampleDomain(contract);
    domain.map(DATA, DATA, 0x61);
    assertEquals(domain.xen.setGdt([domain.mfn(DATA)]).rc, 0);
    const { lo, hi } = domain.entry(OTHER, 0);
    const { rc, refusal } = domain.xen.mmuUpdate(domain.mfn(DATA), 0, hi, lo);
    return [rc, refusal?.rule, refusal?.seen.type, domain.said().length];
  };
  assertEquals(ask(OLD), [EINVAL, "type-conflict", "descriptor table", 1]);
  assertEquals(ask(NEW), [EINVAL, "type-conflict", "descriptor table", 0]);
});

Deno.test("a type count that is full says so, whatever type is asked for", () => {
  const domain = new SampleDomain(OLD);
  domain.xen.frames.typeInfo[domain.mfn(OTHER)]! |= 0xffff;
  assertEquals(domain.map(DATA, OTHER, 0x63), EINVAL);
  domain.update(domain.start.pageTables[1] ?? 0, 100, OTHER, 0x61);
  assertEquals(domain.said().filter((line) => line.startsWith("Type count overflow")).length, 2);
});

Deno.test("Xen 3.1 prints pointers and addresses as C does; of a pointer only what can be known", () => {
  const domain = new SampleDomain(OLD);
  const { xen, start } = domain;
  const { lo, hi } = domain.entry(DATA, 0x061);
  xen.mmuUpdate(domain.mfn(start.pageTables[1] ?? 0), 430, hi, lo);
  assertEquals(domain.said(), ["Illegal L2 update attempt in Xen-private area xxxxxd70"]);
  xen.mmuextOp(MMUEXT.UNPIN_TABLE, 0x300); // a frame of Xen's: nobody owns it
  xen.mmuextOp(MMUEXT.UNPIN_TABLE, 0x50); // I/O space
  assertEquals(domain.said().filter((line) => line.startsWith("Mfn")), [
    "Mfn 300 bad domain (dom=00000000)",
    "Mfn 50 bad domain (dom=xxxxxxxx)",
  ]);
  const table = domain.l1Of(DATA);
  domain.store(table, 2, 0);
  const at = (0xc000_0000 + table * 4096).toString(16).slice(0, -3);
  assertEquals(domain.said(), [`Bad ptwr access (cr2=${at}002, addr=${at}002, bytes=4)`]);
});

Deno.test("a store that crosses into a table is said with both addresses (Xen 4.17, 4-level)", () => {
  const domain = new SampleDomain(["4.17", "4-level"]);
  assertEquals(domain.map(OTHER, OTHER, 0x65), 0);
  assertEquals(domain.xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(OTHER)).rc, 0);
  domain.store(DATA, 0xffe, 0);
  assertEquals(domain.said(), ["bad access (cr2=ffffffff80601000, addr=ffffffff80600ffe, bytes=4)"]);
});

for (const contract of CONTRACTS) {
  Deno.test(`a frame that has just ceased to be a table is not mapped writable before a flush (trap T9; ${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    assertEquals(domain.map(DATA, DATA, 0x61), 0);
    assertEquals(xen.mmuextOp(MMUEXT.PIN_L1_TABLE, domain.mfn(DATA)).rc, 0);
    xen.mmuextOp(MMUEXT.TLB_FLUSH_LOCAL);
    const { tlbClock } = xen.domain;
    assertEquals(xen.mmuextOp(MMUEXT.UNPIN_TABLE, domain.mfn(DATA)).rc, 0);
    assertEquals([domain.map(DATA, DATA, 0x63), xen.domain.tlbClock - tlbClock], [0, 1]);
  });
}
