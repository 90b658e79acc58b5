import { assert, assertEquals, assertThrows } from "@std/assert";
import { boot } from "@pagetable-init/textbook";
import { Stopped } from "@pagetable-init/textbook/paravirt";

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
