import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Contract, CONTRACTS, DATA, named, OTHER, SampleDomain } from "../../../chapters/guests/sample_domain.ts";
import { boot } from "../../../core/boot.ts";
import {
  describeRefusal,
  type HypercallResult,
  MMUEXT,
  PGT_COUNT_MASK,
  PGT_VALIDATED,
  type StoreResult,
  XEN_RULES,
  type XenRefusal,
  type XenRule,
} from "../../../core/xen/mod.ts";

/** Asks a domain for something; returns what it came to, and the frame that a refusal must name. */
type Provocation = (domain: SampleDomain) => readonly [HypercallResult | StoreResult, number | undefined];

const OLD: Contract = ["3.1", "pae"];
const NEW: Contract = ["4.17", "pae"];
const LONG: Contract = ["4.17", "4-level"];
const XEN_FRAME = 0x300;
const IO_FRAME = 0x50;

const rootOf = ({ start }: SampleDomain) => start.pageTables[0] ?? 0;
const l2Of = ({ xen, start }: SampleDomain) => start.pageTables[xen.domain.levels.length - 2] ?? 0;

/** mmu_update of an entry by table and machine frame. */
function put({ xen }: SampleDomain, table: number, slot: number, frame: number, flags: number): HypercallResult {
  return xen.mmuUpdate(table, slot, frame >>> 20, (frame << 12) | flags);
}

/** update_va_mapping of the page DATA. */
function remap(domain: SampleDomain, frame: number, flags: number): HypercallResult {
  const { hi, lo } = domain.linear(DATA);
  return domain.xen.updateVaMapping(hi, lo, frame >>> 20, (frame << 12) | flags);
}

/** Machine frames of pages that are empty and pinned as L2 tables. */
function l2Tables(domain: SampleDomain, ...pfns: number[]): number[] {
  return pfns.map((pfn) => {
    assertEquals(domain.map(pfn, pfn, 0x61), 0);
    assertEquals(domain.xen.mmuextOp(MMUEXT.PIN_L2_TABLE, domain.mfn(pfn)).ok, true);
    return domain.mfn(pfn);
  });
}

/** Every rule, provoked. */
const PROVOKED: { readonly [rule in XenRule]: readonly [Contract, Provocation] } = {
  "bad-flags": [OLD, (d) => [remap(d, d.mfn(OTHER), 0x163), d.mfn(OTHER)]],
  "type-conflict": [OLD, (d) => [remap(d, d.mfn(rootOf(d)), 0x063), d.mfn(rootOf(d))]],
  "type-overflow": [OLD, (d) => {
    d.xen.frames.typeInfo[d.mfn(OTHER)]! |= 0xffff;
    return [remap(d, d.mfn(OTHER), 0x063), d.mfn(OTHER)];
  }],
  "not-the-guests": [OLD, (d) => [remap(d, XEN_FRAME, 0x061), XEN_FRAME]],
  "io-space": [OLD, (d) => [remap(d, IO_FRAME, 0x063), IO_FRAME]],
  "cache-attributes": [LONG, () => {
    const dom0 = new SampleDomain(LONG, { privileged: true });
    return [remap(dom0, dom0.start.sharedInfoMfn, 0x073), dom0.start.sharedInfoMfn];
  }],
  "linear-writable": [OLD, (d) => {
    const [a = 0, b = 0] = l2Tables(d, DATA, OTHER);
    return [put(d, a, 5, b, 0x023), b];
  }],
  "linear-not-validated": [OLD, (d) => {
    const [a = 0, b = 0] = l2Tables(d, DATA, OTHER);
    d.xen.frames.typeInfo[b]! &= ~PGT_VALIDATED; // as another CPU would leave it for a moment
    return [put(d, a, 5, b, 0x021), b];
  }],
  "linear-chain": [NEW, (d) => {
    const [a = 0, b = 0, c = 0] = l2Tables(d, DATA, OTHER, OTHER + 1);
    assertEquals(put(d, a, 5, b, 0x021).ok, true);
    return [put(d, b, 5, c, 0x021), c];
  }],
  "linear-overflow": [NEW, (d) => {
    const [a = 0, b = 0] = l2Tables(d, DATA, OTHER);
    d.xen.frames.linear[b] = -32_768;
    return [put(d, a, 5, b, 0x021), b];
  }],
  "private-slot": [OLD, (d) => {
    const l2 = d.mfn(d.start.pageTables[1] ?? 0);
    return [put(d, l2, 430, d.mfn(DATA), 0x021), l2];
  }],
  "pae-slot-fixed": [OLD, (d) => [put(d, d.mfn(rootOf(d)), 3, d.mfn(l2Of(d)), 0x001), d.mfn(rootOf(d))]],
  "pae-slot-empty": [OLD, (d) => {
    assertEquals(d.map(DATA, DATA, 0x61), 0);
    return [d.xen.mmuextOp(MMUEXT.PIN_L3_TABLE, d.mfn(DATA)), d.mfn(DATA)];
  }],
  "pae-slot-shared": [OLD, (d) => {
    const l2 = d.mfn(l2Of(d));
    d.xen.mmuUpdate(d.mfn(DATA), 3, 0, (l2 << 12) | 1);
    assertEquals(d.map(DATA, DATA, 0x61), 0);
    return [d.xen.mmuextOp(MMUEXT.PIN_L3_TABLE, d.mfn(DATA)), l2];
  }],
  "pae-root-high": [OLD, () => {
    const p2m = (pfn: number) => pfn === DATA ? 0x10_0000 + pfn : 0x2000 + pfn;
    const high = new SampleDomain(OLD, { machineFrames: 0x11_0000, p2m });
    assertEquals(high.map(DATA, OTHER, 0x021), 0);
    return [high.xen.mmuextOp(MMUEXT.PIN_L3_TABLE, high.mfn(DATA)), high.mfn(DATA)];
  }],
  "already-pinned": [OLD, (d) => [d.xen.mmuextOp(MMUEXT.PIN_L3_TABLE, d.mfn(rootOf(d))), d.mfn(rootOf(d))]],
  "not-pinned": [OLD, (d) => [d.xen.mmuextOp(MMUEXT.UNPIN_TABLE, d.mfn(DATA)), d.mfn(DATA)]],
  "no-mapping": [OLD, (d) => [d.xen.updateVaMapping(0, 0x4000_0000, 0, 0), undefined]],
  "not-an-l1-entry": [OLD, (d) => {
    const l2 = d.mfn(l2Of(d));
    assertEquals(put(d, l2, 100, l2, 0x021).ok, true);
    return [d.xen.updateVaMapping(0, (0xc000_0000 + 100 * 0x20_0000) | 0, 0, 0), l2];
  }],
  "xen-address": [OLD, (d) => [d.xen.updateVaMapping(0, 0xf580_0000 | 0, 0, 0), undefined]],
  "store-not-emulated": [OLD, (d) => {
    const { hi, lo } = d.linear(rootOf(d));
    return [d.xen.store32(hi, lo, 0), d.mfn(rootOf(d))];
  }],
  "store-alignment": [OLD, (d) => {
    const table = d.l1Of(DATA);
    const { hi, lo } = d.linear(table, 1);
    return [d.xen.store32(hi, lo, 0), d.mfn(table)];
  }],
  "gdt-size": [OLD, (d) => [d.xen.setGdt(Array.from({ length: 15 }, (_, i) => d.mfn(DATA + i))), undefined]],
  "no-io-rights": [OLD, (d) => [d.xen.mmuextOp(MMUEXT.FLUSH_CACHE), undefined]],
  "unknown-command": [OLD, (d) => [d.xen.mmuextOp(99), undefined]],
  "unsupported-command": [NEW, (d) => [d.xen.mmuextOp(MMUEXT.MARK_SUPER, d.mfn(DATA)), undefined]],
  "level-not-modelled": [NEW, (d) => {
    assertEquals(d.map(DATA, DATA, 0x61), 0);
    return [d.xen.mmuextOp(MMUEXT.NEW_USER_BASEPTR, d.mfn(DATA)), d.mfn(DATA)];
  }],
  "foreign-domain": [OLD, (d) => [d.xen.mmuUpdates([], 5), undefined]],
};

for (const [rule, [contract, provoke]] of Object.entries(PROVOKED)) {
  Deno.test(`a refusal names its rule, frame, release and functions: ${rule} (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const [{ ok, refusal }, mfn] = provoke(domain);
    assert(!ok && refusal !== undefined);
    assertEquals([refusal.rule, refusal.mfn, refusal.release], [rule, mfn, contract[0]]);
    assertEquals(refusal.source, `Xen ${contract[0]}, ${XEN_RULES[refusal.rule].source[contract[0]]}`);
    assert(!refusal.source.includes("undefined") && refusal.errno > 0);
    assert(Object.isFrozen(refusal) && Object.isFrozen(refusal.seen));
    assertStringIncludes(
      describeRefusal(refusal),
      `Xen ${contract[0]} refuses (${rule}): ${XEN_RULES[refusal.rule].says}`,
    );
  });
}

Deno.test("the rules are a closed, frozen table", () => {
  assertEquals(Object.keys(PROVOKED).sort(), Object.keys(XEN_RULES).sort());
  assert(Object.isFrozen(XEN_RULES) && Object.values(XEN_RULES).every((row) => Object.isFrozen(row)));
});

for (const contract of CONTRACTS) {
  Deno.test(`what was seen, wanted and asked for is the state at the check (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const root = domain.mfn(rootOf(domain));
    const level = domain.xen.domain.levels.length;
    const { hi, lo } = domain.linear(DATA);
    const found = domain.xen.updateVaMapping(hi, lo, 0, (root << 12) | 0x63);
    const refusal = found.refusal as XenRefusal;
    assertEquals(refusal.seen, { type: `L${level}` as "L2", count: 2, pinned: true, validated: true });
    assertEquals([refusal.wanted, refusal.pfn, refusal.level], ["writable page", rootOf(domain), 1]);
    assertEquals(found.rc, -refusal.errno);
    assertEquals((refusal.entry?.lo ?? 0) >>> 12, root);
  });

  Deno.test(`a table is refused for the entry in it that is wrong, however deep (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const { xen } = domain;
    const l1 = domain.mfn(OTHER);
    xen.machine.memory.clearFrame(l1);
    xen.mmuUpdate(l1, 7, 0, (XEN_FRAME << 12) | 1);
    assertEquals(domain.map(OTHER, OTHER, 0x61), 0);
    const { refusal } = put(domain, domain.mfn(l2Of(domain)), 100, l1, 0x67);
    assertEquals([refusal?.rule, refusal?.mfn, refusal?.level], ["not-the-guests", XEN_FRAME, 1]);
    assertEquals(refusal?.entry?.lo, ((XEN_FRAME << 12) | 1) >>> 0);
  });

  Deno.test(`what succeeds is one frozen value: it allocates nothing (${named(contract)})`, () => {
    const domain = new SampleDomain(contract);
    const done = domain.xen.mmuextOp(MMUEXT.TLB_FLUSH_LOCAL);
    const { hi, lo } = domain.linear(DATA);
    const { lo: entryLo, hi: entryHi } = domain.entry(DATA, 0x61);
    assert(domain.xen.updateVaMapping(hi, lo, entryHi, entryLo) === done && Object.isFrozen(done));
    const other = domain.linear(OTHER);
    assert(domain.xen.store32(other.hi, other.lo, 1) === domain.xen.store32(other.hi, other.lo, 2));
  });
}

Deno.test("a page that the guest itself has read-only is its own affair: a fault without a refusal", () => {
  const domain = new SampleDomain(OLD);
  assertEquals(domain.map(DATA, DATA, 0x61, 1), 0);
  const { hi, lo } = domain.linear(DATA);
  const { ok, fault, refusal } = domain.xen.store32(hi, lo, 1);
  assertEquals([ok, fault?.errorCode, refusal], [false, 3, undefined]);
});

Deno.test("a silent probe does not become the reason: a page mapped writable is no linear page table (Xen 3.1)", () => {
  const domain = new SampleDomain(OLD);
  const { refusal } = put(domain, domain.mfn(l2Of(domain)), 100, domain.mfn(DATA), 0x67);
  assertEquals([refusal?.rule, refusal?.seen.type, refusal?.wanted], ["type-conflict", "writable page", "L1"]);
  assertEquals(domain.said().map((line) => line.split(" ").slice(0, 2).join(" ")), ["Bad type", "Attempt to"]);
});

Deno.test("a refusal travels to the stop of the boot, by store and by hypercall, and its message names rule and frame", () => {
  const stopOf = (strategy: string, platform: string) => {
    const { outcome, kernel } = boot({ platform, strategy } as Parameters<typeof boot>[0]);
    assert(!outcome.ok && outcome.stop.kind === "refused-by-xen" && Object.isFrozen(outcome.stop));
    assertStringIncludes(outcome.stop.message, `Xen 3.1 refuses (${outcome.stop.refusal.rule})`);
    assertStringIncludes(outcome.stop.message, `pfn 0x${outcome.stop.refusal.pfn?.toString(16)}`);
    return { ...outcome.stop, kernel };
  };
  const store = stopOf("write-always", "xen-pae");
  assertEquals([store.refusal.rule, store.refusal.seen.type, store.fault?.errorCode], [
    "type-conflict",
    "L2 of slot 3",
    3,
  ]);
  assertEquals(store.kernel.ops.toMachine(store.refusal.pfn ?? -1), store.refusal.mfn);
});

Deno.test("the count that a refusal shows is that of the frame table", () => {
  const domain = new SampleDomain(OLD);
  const table = domain.mfn(domain.l1Of(DATA));
  const { refusal } = remap(domain, table, 0x63);
  assertEquals(refusal?.seen.count, (domain.xen.frames.typeInfo[table] ?? 0) & PGT_COUNT_MASK);
});
