import { assert, assertEquals, assertThrows } from "@std/assert";
import { access, boot } from "@pagetable-init/textbook";
import { Stopped } from "@pagetable-init/textbook/paravirt";
import { Hypervisor } from "@pagetable-init/textbook/xen";

const FAR = 0xcf00_0000; // behind the template: no entry maps it

function kernelOf(platform: string) {
  return boot({ platform, strategy: "filter-set-pte", until: 3 }).kernel;
}

/** The page fault that ends the domain: its error code. */
function faultOf(act: () => unknown): number {
  const { reason } = assertThrows(act, Stopped);
  assert(reason.kind === "page-fault" && reason.fault.vector === 14);
  return reason.fault.errorCode;
}

for (const platform of ["xen-2level", "xen-pae", "xen-4level"]) {
  Deno.test(`${platform}: a load, a store, a fetch and a cleared page that nothing maps end the domain by a page fault`, () => {
    const codes = [
      faultOf(() => kernelOf(platform).bus.load(FAR)),
      faultOf(() => kernelOf(platform).bus.store(FAR, 0)),
      faultOf(() => kernelOf(platform).bus.clearPage(FAR)),
      faultOf(() => kernelOf(platform).bus.fetch(FAR)),
    ];
    assertEquals(codes.map((code) => code & 3), [0, 2, 2, 0]);
    const { bus } = kernelOf(platform);
    assertEquals([bus.probe(FAR), bus.probe(FAR, true)], [false, false]);
  });
}

Deno.test("a page that no entry maps cannot be made writable either: the hook of 2.6.23 is a BUG_ON", () => {
  const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", until: 3 });
  assertThrows(() => kernel.ops.releasePt(0x1000), Stopped, "make_lowmem_page_readwrite of pfn 0x1000: BUG_ON");
});

Deno.test("a boot without a trace stops where it was told, at the same machine", () => {
  const options = { platform: "xen-pae", strategy: "filter-set-pte", memory: "16M", until: 20 } as const;
  const [with_, without] = [boot(options), boot({ ...options, trace: false })];
  assertEquals([without.outcome.ok, without.trace.length], [with_.outcome.ok, 0]);
  assertEquals(without.machine.memory.words, with_.machine.memory.words);
});

/** A hypervisor that tells which word of an entry is stored. */
class Watched extends Hypervisor {
  readonly words: string[] = [];
  override store32(hi: number, lo: number, value: number): ReturnType<Hypervisor["store32"]> {
    this.words.push((lo & 4) === 0 ? "lo" : "hi");
    return super.store32(hi, lo, value);
  }
}

Deno.test("in PAE an entry is two stores, each once: high word first to map, low word first to clear; a crash is in Xen's log", () => {
  const made: Watched[] = [];
  const { kernel } = boot({
    platform: "xen-pae",
    strategy: "filter-set-pte",
    until: 3,
    hypervisor: (options) => made[made.push(new Watched(options)) - 1] as Watched,
  });
  const [xen] = made;
  const orderOf = (order: "hi,lo" | "lo,hi") => {
    xen?.words.splice(0);
    kernel.bus.storeEntry(kernel.va(0x600), 1, 0x1063, order);
    return xen?.words.join();
  };
  assertEquals([orderOf("hi,lo"), orderOf("lo,hi")], ["hi,lo", "lo,hi"]);
  const before = xen?.log.length ?? 0;
  assertThrows(() => kernel.bus.load(FAR), Stopped);
  assertEquals((xen?.log.length ?? 0) > before, true);
});

Deno.test("a page whose table is there and whose leaf is absent is left alone by the hooks: there is nothing to protect", () => {
  const whole = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "17M" });
  const { kernel } = boot({
    platform: "xen-pae",
    strategy: "filter-set-pte",
    memory: "17M",
    until: whole.trace.length - 50, // before mem_map is there
  });
  const pfn = 0x1180; // behind the end of memory, in the table of its last pages
  const entry = kernel.lookupAddress(kernel.va(pfn)) ?? 0;
  assertEquals([entry === 0, kernel.bus.load(entry)], [false, 0]);
  kernel.ops.allocPt(pfn);
  kernel.ops.releasePt(pfn);
  assertEquals(kernel.bus.load(entry), 0);
});

Deno.test("at run time a table below a root that is not pinned stays an ordinary page, until the root is pinned", () => {
  const { kernel } = boot({ platform: "xen-pae", strategy: "filter-set-pte", memory: "64M" });
  const root = kernel.pfnOf(kernel.initMmPgd);
  const state = () => [
    kernel.memMap?.isPinned(0x2000),
    (kernel.bus.load(kernel.lookupAddress(kernel.va(0x2000)) ?? 0) & 2) !== 0,
  ];
  kernel.memMap?.setPinned(root, false);
  kernel.ops.allocPt(0x2000);
  assertEquals(state(), [false, true]);
  kernel.memMap?.setPinned(root, true);
  kernel.ops.allocPt(0x2000);
  assertEquals(state(), [true, false]);
});

Deno.test("shared_info is mapped by its machine frame, which no pfn has (trap T32)", () => {
  const made: Watched[] = [];
  const run = boot({
    platform: "xen-pae",
    strategy: "filter-set-pte",
    memory: "16M",
    hypervisor: (options) => made[made.push(new Watched(options)) - 1] as Watched,
  });
  const found = access(run, run.kernel.paravirtBootmap);
  assertEquals(found.ok && found.frame, made[0]?.domain.sharedInfoMfn);
});
